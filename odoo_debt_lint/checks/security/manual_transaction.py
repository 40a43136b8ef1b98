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
Cursors which the code opened or closes itself, and environments made from them; savepoints; a commit for
which the caller asks with the parameter `auto_commit` or `use_new_cursor`; tests; migration scripts.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._patterns import in_shell, opened_here
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.calls import is_cursor
from odoo_debt_lint.python.walk import walk
from odoo_debt_lint.rule import Block, Hit, Hits, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_AUTO = re.compile(r"^(auto_commit|use_new_cursor)\b")
"""Parameters by which Odoo's own methods are told that each part may be kept."""
_EFFECT = {
    "commit": "commits half of the work when what follows fails",
    "rollback": "throws away what the callers have done in this transaction",
}


def check(call: Any, body: Body) -> Hits:
    if isinstance(call.func, cst.Attribute) and call.func.attr.value not in _EFFECT:
        return
    owner, _, name = body.origin(call).rpartition(".")
    if name not in _EFFECT or not is_cursor(owner) or opened_here(owner, body):
        return
    if in_shell(body) or _is_closed(call, body) or (name == "commit" and _is_asked_for(call, body)):
        return
    yield Hit(call, f"{name}() on the environment's cursor {_EFFECT[name]}")


def _is_closed(call: Any, body: Body) -> bool:
    """``cr.close()``: nobody closes the environment's, so that where it comes to this it is one's own."""
    owner = call.func.value if isinstance(call.func, cst.Attribute) else None
    return isinstance(owner, cst.Name) and any(
        isinstance(node.func, cst.Attribute)
        and node.func.attr.value == "close"
        and isinstance(node.func.value, cst.Name)
        and node.func.value.value == owner.value
        for node in body.by_kind[cst.Call]
    )


def _is_asked_for(call: Any, body: Body) -> bool:
    """``if auto_commit: self.env.cr.commit()``: as Odoo's mail queue does where its caller wants it."""
    params = {item.name for item in body.method.params} if body.method is not None else set()
    return any(
        (asked := _AUTO.search(body.code(node.test))) is not None
        and asked[1] in params
        and any(item is call for item in walk(node.body))
        for node in body.by_kind[cst.If]
    )


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether the effect may be on a cursor: only an attribute that nobody sets here is what it is called."""
    stored = {node.attr for node in unit.nodes if isinstance(node, ast.Attribute) and _is_set(node)}
    return any(
        not isinstance(node.value, ast.Attribute) or node.value.attr in stored or is_cursor(node.value.attr)
        for node in unit.nodes
        if isinstance(node, ast.Attribute) and node.attr in _EFFECT
    )


def _is_set(node: ast.Attribute) -> bool:
    return not isinstance(node.ctx, ast.Load)


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=60,
    listeners=(OnNode(("Call",), check),),
    roles=frozenset({"code", "hook", "data"}),
    triggers=(b"commit", b"rollback"),
    glance=glance,
)
