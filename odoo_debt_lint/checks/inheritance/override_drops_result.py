"""Override that calls super() and loses its result.

## What it does
Reports a call of `super()` in an override whose result neither is returned nor reaches what is returned,
where the parent returns one.

## Why is this bad
Callers get `None` or something else instead of the new record, the action or the values which the parent
made: `create()` without its record breaks every import, form and test that uses the model.

## How to fix
`return super().method(...)`, or keep the result in a variable and return that.

## Not reported
Parents that return nothing; `write()` and `unlink()`, or a parent that always returns a constant, where the
override returns a value of its own; results which decide what happens or go into what is returned.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from odoo_debt_lint.checks.inheritance._overrides import Override, overrides
from odoo_debt_lint.core.orm import RESULT_MATTERS
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.results import is_super
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, Mark, Marks, OnAddon, OnModule, Rule, Severity

_LOST = frozenset({"dropped", "read"})


def note(file: PythonFile) -> Marks:
    """Notes dropped calls after which a method that elsewhere returns the parent's result returns nothing."""
    for klass in file.facts.classes:
        for method in klass.methods if klass.is_model else ():
            node = file.skeleton.defs.get((klass.name, method.name)) if len(method.supers) > 1 else None
            for call in _ending(node.body, method.name) if node is not None else ():
                yield Mark(file.skeleton.span(call), {})


def _ending(body: list[ast.stmt], name: str) -> Iterator[ast.Call]:
    """Calls of ``super().name()`` whose results are dropped, and after which no value is returned."""
    for index in range(len(body) - 1, -1, -1):
        node = body[index]
        if isinstance(node, ast.If):
            yield from _ending(node.body, name)
            yield from _ending(node.orelse, name)
        elif isinstance(node, ast.With):
            yield from _ending(node.body, name)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            function = node.value.func
            if isinstance(function, ast.Attribute) and function.attr == name and is_super(function.value):
                yield node.value
        if any(isinstance(inner, ast.Return) and inner.value is not None for inner in nodes_of(node)):
            return


def check(scope: Scope) -> Hits:
    ending = {(path, mark.span) for path, mark in scope.marks("override-drops-result")}
    for item in overrides(scope):
        lost = [call for call in item.calls if call.use in _LOST and not call.nested]
        if not lost or not _result_matters(item):
            continue
        for call in lost:
            yield Hit(
                Location(item.part.path, call.span),
                f"the result of super().{item.name}() is lost: {item.origin} returns one",
                severity=Severity.HIGH if item.orm and item.name in RESULT_MATTERS else Severity.MEDIUM,
                confidence=_confidence(item, len(lost), (item.part.path, call.span) in ending),
                related=item.related,
                entity=item.entity,
            )


def _result_matters(item: Override) -> bool:
    if item.method.body == "raises":
        return False
    result = item.parent_result
    return result == "value" or (result == "constant" and not item.method.result)


def _confidence(item: Override, lost: int, ends: bool) -> Confidence:
    """A method that returns a value of its own may mean to replace the parent's; one that returns the result
    of another call runs this one on the side, unless it ends there."""
    if not ends and lost < len(item.calls) and item.name not in RESULT_MATTERS:
        return Confidence.LOW
    return Confidence.HIGH if item.orm or not item.method.result else Confidence.MEDIUM


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=10,
    listeners=(OnModule(note), OnAddon(check)),
    tags=("upgrade",),
)
