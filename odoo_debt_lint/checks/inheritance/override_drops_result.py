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
override returns a value of its own; results which decide what is returned or go into it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from odoo_debt_lint.checks.inheritance._overrides import Override, methods_of_models, overrides
from odoo_debt_lint.core.orm import RESULT_MATTERS
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.results import Function, is_super, returned
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, Mark, Marks, OnAddon, OnModule, Rule, Severity

_LOST = frozenset({"dropped", "read"})


def note(file: PythonFile) -> Marks:
    """Notes dropped calls after which a method that elsewhere returns the parent's result returns nothing,
    and results of which only a condition hears that decides nothing of what is returned."""
    for klass, method in methods_of_models(file):
        node = file.skeleton.defs.get((klass.name, method.name)) if method.supers else None
        if node is not None and len(method.supers) > 1:
            for call in _ending(node.body, method.name):
                yield Mark(file.skeleton.span(call), {})
        elif node is not None and method.supers[0].use == "bound":
            found = (*_only_tested(node, method.name), *_overwritten(node.body, method.name))
            for call in found or _forgotten(node, method.name):
                yield Mark(file.skeleton.span(call), {"unheard": True})


def _only_tested(root: ast.AST, name: str) -> Iterator[ast.Call]:
    """The call of ``super().name()`` in ``res = super().name()`` with ``if res: …`` and another return."""
    nodes = nodes_of(root)
    call = next(
        (node for node in nodes if isinstance(node, ast.Assign) and _is_parents(node.value, name)), None
    )
    target = call.targets[0] if call is not None and len(call.targets) == 1 else None
    if call is None or not isinstance(target, ast.Name):
        return
    tests = [node for node in nodes if isinstance(node, ast.If) and _names(node.test, target.id)]
    used = sum(_names(node.test, target.id) for node in tests)
    if tests and _names(root, target.id) == used + 1 and not any(map(_decides, tests)):
        yield call.value  # type: ignore[misc]


def _overwritten(body: list[ast.stmt], name: str) -> Iterator[ast.Call]:
    """The call in ``res = super().name()`` which ``res = …`` follows before anybody has read it."""
    for index, node in enumerate(body):
        target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        if isinstance(node, ast.Assign) and isinstance(target, ast.Name) and _is_parents(node.value, name):
            later = next((other for other in body[index + 1 :] if _names(other, target.id)), None)
            if isinstance(later, ast.Assign) and isinstance(later.targets[0], ast.Name):
                if not _names(later.value, target.id):
                    yield node.value  # type: ignore[misc]


def _forgotten(root: Function, name: str) -> Iterator[ast.Call]:
    """The call in ``res = super().name()`` where every return gives the same constant, whatever becomes of
    the result in between."""
    values = [value for value in returned(root.body) if value is not None]
    if len({ast.dump(value) for value in values}) != 1 or not isinstance(values[0], ast.Constant):
        return
    tests = [node for node in nodes_of(root) if isinstance(node, ast.If)]
    for node in root.body:
        target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        if isinstance(node, ast.Assign) and isinstance(target, ast.Name) and _is_parents(node.value, name):
            if not any(_names(test.test, target.id) and _decides(test) for test in tests):
                yield node.value  # type: ignore[misc]


def _is_parents(node: ast.expr, name: str) -> bool:
    function = node.func if isinstance(node, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr == name and is_super(function.value)


def _names(root: ast.AST, name: str) -> int:
    """How often a variable is named."""
    return sum(isinstance(node, ast.Name) and node.id == name for node in nodes_of(root))


def _decides(node: ast.If) -> bool:
    """Whether what is returned depends on a condition: its branches leave, or set a variable."""
    leaving = (ast.Return, ast.Raise, ast.Break, ast.Continue)
    inner = [item for part in (*node.body, *node.orelse) for item in nodes_of(part)]
    return any(
        isinstance(item, leaving) or (isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store))
        for item in inner
    )


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
            if _is_parents(node.value, name):
                yield node.value
        if any(isinstance(inner, ast.Return) and inner.value is not None for inner in nodes_of(node)):
            return


def check(scope: Scope) -> Hits:
    marks = [(path, mark.span, "unheard" in mark.data) for path, mark in scope.marks("override-drops-result")]
    ending = {(path, span) for path, span, lost in marks if not lost}
    unheard = {(path, span) for path, span, lost in marks if lost}
    for item in overrides(scope):
        lost = [
            call
            for call in item.calls
            if (call.use in _LOST or (item.part.path, call.span) in unheard) and not call.nested
        ]
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
    listeners=(OnModule(note), OnAddon(check, bodies="closure", data="closure")),
    tags=("upgrade",),
)
