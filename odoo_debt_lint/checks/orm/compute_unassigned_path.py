"""Compute method with a path on which the field gets no value.

## What it does
Follows the branches of a compute method and reports it when some record may leave it without a value for a
field: an `if` without an `else`, a `continue` or `return` before the assignment, a field that is assigned
in a nested loop only or never.

## Why is this bad
Since 13.0 Odoo raises `Compute method failed to assign ...` for such a record: the form does not open. A
stored field keeps its old value instead.

## How to fix
Assign a default first (`record.total = 0`), then the value where there is one.

## Not reported
Stored fields with a default (others are computed for each record that is read, whatever the default);
fields that users may edit (`readonly=False` or an inverse), which keep their value on purpose; `update()`,
`setattr`, helpers and `super()` that may assign; branches which raise; `if x` followed by `if not x`;
methods which only pass or raise. Chains of `elif` over the values of one field have low confidence, unless
the selection is written in the same file and has more of them; stored fields are low in severity.
"""

from __future__ import annotations

import ast

from odoo_debt_lint.checks.orm._assigned import Assigned
from odoo_debt_lint.checks.orm._computes import Compute, computes
from odoo_debt_lint.facts import FieldFact
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnModule, Rule, Severity

_UNKNOWN_WORDS = {"store", "readonly", "inverse", "**", "related"}


def check(file: PythonFile) -> Hits:
    for item in computes(file):
        fields = [field for field in item.fields if _must_be_assigned(field)]
        if not fields or item.method.body != "code" or item.method.supers:
            continue
        if "self" not in [param.name for param in item.method.params[:1]] or _is_hook(item):
            continue
        outcome = Assigned(item.code, frozenset(field.name for field in fields))
        missing = [field for field in fields if field.name in outcome.missing]
        if missing:
            names = ", ".join(sorted({field.name for field in missing}))
            yield Hit(
                item.method.span,
                f"{item.method.name}() leaves {names} without a value on some path",
                severity=Severity.LOW if all(field.kwargs.get("store") for field in missing) else None,
                confidence=_confidence(missing, outcome),
                entity=item.code.entity,
            )


def _must_be_assigned(field: FieldFact) -> bool:
    words = field.kwargs
    if not _UNKNOWN_WORDS.isdisjoint(field.dynamic) or words.get("related"):
        return False
    if words.get("store") and ("default" in words or "default" in field.dynamic):
        return False
    return words.get("readonly") is not False and not words.get("inverse")


def _is_hook(item: Compute) -> bool:
    """A method of an abstract model that is made to be filled."""
    return all(isinstance(node, ast.Expr | ast.Pass | ast.Return) for node in item.node.body)


def _confidence(missing: list[FieldFact], outcome: Assigned) -> Confidence:
    names = {field.name for field in missing}
    if names <= outcome.doubtful:
        return Confidence.LOW
    return Confidence.MEDIUM if all(field.kwargs.get("store") for field in missing) else Confidence.HIGH


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=20,
    listeners=(OnModule(check),),
    since="13.0",
)
