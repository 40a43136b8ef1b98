"""Comment that accepts findings and does not say why.

## What it does
Reports `odoo-debt-lint: ignore` and `ignore-file` comments without a reason behind the names of the rules.

## Why is this bad
Nobody can tell later whether the finding was judged harmless, was put off, or was only in the way. At the
next audit the work of judging is done again.

## How to fix
`# odoo-debt-lint: ignore[raw-sql-write] a million rows, and no field is computed from this one`

## Not reported
`noqa`, `pylint: disable` and other comments of other tools.
"""

from __future__ import annotations

from odoo_debt_lint.rule import Block, Comment, Hit, Hits, OnComment, Rule, Severity


def check(comment: Comment) -> Hits:
    if not comment.fact.reason:
        what = ", ".join(comment.fact.rules) or "everything"
        yield Hit(None, f"this comment accepts {what} and gives no reason")


RULE = Rule(
    severity=Severity.LOW,
    block=Block.CODE,
    minutes=5,
    listeners=(OnComment(check),),
)
