"""Commit or rollback of the running transaction.

## What it does
Reports `commit()` and `rollback()` on the cursor of the environment: `self.env.cr`, `self._cr`,
`request.cr`, also through an alias.

## Why is this bad
Odoo commits when the whole request or job has succeeded. A commit in between leaves half of the work in the
database when the rest fails, and breaks every test that relies on being rolled back. A rollback also throws
away what the callers have done.

## How to fix
Leave the transaction to Odoo. To survive an error of a part, use `with self.env.cr.savepoint():`. To keep a
result whatever happens, open a cursor: `with self.env.registry.cursor() as cr:`. A long job is split with
`ir.cron` or a queue.

## Not reported
Cursors which the code opened itself, and environments made from them; savepoints; tests; migration scripts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._patterns import opened_here
from odoo_debt_lint.python.calls import is_cursor
from odoo_debt_lint.rule import Block, Hit, Hits, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body

_EFFECT = {
    "commit": "commits half of the work when what follows fails",
    "rollback": "throws away what the callers have done in this transaction",
}


def check(call: Any, body: Body) -> Hits:
    owner, _, name = body.callee(call).rpartition(".")
    if name not in _EFFECT or not is_cursor(owner) or opened_here(owner, body):
        return
    yield Hit(call, f"{name}() on the environment's cursor {_EFFECT[name]}")


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=60,
    listeners=(OnNode(("Call",), check),),
    roles=frozenset({"code", "hook", "data"}),
    triggers=(b"commit", b"rollback"),
)
