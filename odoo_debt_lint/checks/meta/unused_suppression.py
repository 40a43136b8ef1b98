"""Comment that accepts findings where there are none.

## What it does
Reports an `odoo-debt-lint: ignore` comment, or one of the rules it names, which accepts nothing: the code has
been mended, the finding has moved, or the rule's name is misspelt.

## Why is this bad
The next real defect on that line will be accepted unseen. A comment that does not work leaves its author
believing that it does.

## How to fix
Remove it, or the name that is idle; correct a misspelt name.

## Not reported
Rules that were not run; rules that know too little, because an addon of `depends` is missing; files which do
not parse; `noqa`, `pylint: disable` and other comments of other tools.
"""

from __future__ import annotations

from odoo_debt_lint.rule import Block, Comment, Hit, Hits, OnComment, Rule, Severity


def check(comment: Comment) -> Hits:
    message = _message(comment)
    if message:
        yield Hit(None, message)


def _message(comment: Comment) -> str:
    if comment.unknown:
        name, near = comment.unknown[0]
        return f"there is no rule {name}" + (f"; did you mean {near}?" if near else "")
    if comment.useless:
        what = ", ".join(comment.fact.rules)
        return (
            f"this comment accepts nothing: no finding of {what} here"
            if what
            else "this comment accepts nothing"
        )
    if comment.idle:
        return f"this comment names {', '.join(comment.idle)} for nothing: no such finding here"
    return ""


RULE = Rule(
    severity=Severity.LOW,
    block=Block.CODE,
    minutes=5,
    listeners=(OnComment(check),),
)
