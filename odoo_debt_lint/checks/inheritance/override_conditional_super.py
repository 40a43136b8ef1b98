"""Override that calls super() on some paths and leaves without it on others.

## What it does
Reports an override which calls `super()`, but returns on another path without having called it, also as
`return True if done else super().method()` or `return done or super().method()`.

## Why is this bad
On that path everything that Odoo and other addons do in the method is lost, for some records and not for
others. Such differences are hard to find, and each upgrade of the parent widens them.

## How to fix
Call `super()` on every path and change its arguments, its context or its result; raise an error where the
operation must not happen.

## Not reported
Paths that raise; paths that leave because there is nothing to do (`if not self: return`) or that call the
method again, in another context or for some of the records; parents that only
pass, raise or return a constant; calls in nested functions. Methods that choose by a provider, type,
code or argument, or replace a value in a special case, are low confidence; so are searches and names, and
private steps of a mixin of the same addon.
"""

from __future__ import annotations

import ast
import re

from odoo_debt_lint.checks.inheritance._overrides import (
    PLAIN,
    Override,
    methods_of_models,
    of_own_field,
    overrides,
)
from odoo_debt_lint.core.orm import REPLACED
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.results import calls_again, guard, is_exhaustive, is_super, missed
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, Mark, Marks, OnAddon, OnModule, Rule, Severity

_KIND = re.compile(
    r"(^|_)(provider|code|type|kind|format|mode|method|model|_name|country|usage|policy|strategy|service|name|key"
    r"|integration_level|res_model)$"
)
_TYPE = re.compile(r"(^|_)type(_code)?$")
"""What a document is: an action which is left for some types is left for them by all other addons too."""
_PREPARES = re.compile(r"_prepare_")
_LOOKUPS = REPLACED | frozenset(
    (
        "search _search search_count search_read read_group _read_group filtered_domain fields_get get_view "
        "fields_view_get _get_view web_search_read formatted_read_group"
    ).split()
)
"""Methods that only look something up, and may look it up elsewhere."""


def note(file: PythonFile) -> Marks:
    yield from _conditional(file)
    for klass, method in methods_of_models(file):
        if method.skips is not None:
            node = file.skeleton.defs.get((klass.name, method.name))
            if node is not None and _is_fine(node, method.skips.start_line):
                data = {"klass": klass.name, "method": method.name, "fine": True}
                yield Mark(method.skips, data)


def _is_fine(root: ast.FunctionDef | ast.AsyncFunctionDef, line: int) -> bool:
    """Whether a path that leaves has no records, calls the method again, or is no path."""
    for node in nodes_of(root):
        if getattr(node, "lineno", 0) == line and isinstance(node, ast.Return):
            if any(_calls(inner, root.name) for inner in nodes_of(node)):
                return True
        elif getattr(node, "lineno", 0) == line and isinstance(node, ast.While):
            # without a break it is left by a return only, and those are paths of their own
            endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
            return endless and not any(isinstance(inner, ast.Break) for inner in nodes_of(node))
        elif getattr(node, "lineno", 0) == line and isinstance(node, ast.Match):
            return is_exhaustive(node) and all(map(_continues, node.cases))
        elif (
            isinstance(node, ast.If) and node.body[0].lineno == line and isinstance(node.body[0], ast.Return)
        ):
            if ast.unparse(node.test) in ("not self.ids", "not self.exists()", "len(self) == 0"):
                return True
    return False


def _continues(case: ast.match_case) -> bool:
    """Whether a case calls ``super()``, or raises."""
    return isinstance(case.body[-1], ast.Raise) or any(map(is_super, nodes_of(case)))


def _calls(node: ast.AST, name: str) -> bool:
    """``order.name()``: a call of the method for one of the records."""
    function = node.func if isinstance(node, ast.Call) else None
    return (
        isinstance(function, ast.Attribute) and function.attr == name and isinstance(function.value, ast.Name)
    )


def _conditional(file: PythonFile) -> Marks:
    """Notes methods whose only ``super()`` stands in one branch of a conditional expression, or behind an
    ``and`` or ``or``."""
    if "super" not in file.words:
        return
    kinds = file.skeleton.kinds
    lines = {call.lineno for unit in file.units for call in unit.calls if is_super(call)}
    for node in (*kinds.get(ast.IfExp, ()), *kinds.get(ast.BoolOp, ())):
        if lines.isdisjoint(range(node.lineno, (node.end_lineno or node.lineno) + 1)):
            continue
        test, body, orelse = _branches(node)
        calls, others = _supers(body), _supers(orelse)
        if bool(calls) == bool(others) or _supers(test):
            continue
        line, branch = node.lineno, body if others else orelse
        unit = next((unit for unit in file.units if unit.method and unit.first <= line <= unit.last), None)
        if unit is None or not unit.klass or calls_again(branch, unit.name):
            continue
        if sum(map(is_super, unit.calls)) == len(calls or others):
            tests = [test] if others else missed([test])
            data = {"klass": unit.klass, "method": unit.name, "guard": guard(tests)}
            if isinstance(node, ast.IfExp) or _is_result(unit.node, node):
                yield Mark(file.skeleton.span(node), data)


def _branches(node: ast.expr) -> tuple[ast.expr, ast.expr, ast.expr]:
    """The test, and what counts if it holds and if it does not."""
    if isinstance(node, ast.IfExp):
        return node.test, node.body, node.orelse
    assert isinstance(node, ast.BoolOp)
    first, last = node.values[0], node.values[-1]
    return (first, last, first) if isinstance(node.op, ast.And) else (first, first, last)


def _is_result(root: ast.AST, value: ast.expr) -> bool:
    """Whether a method returns what an ``and`` or ``or`` gives; in a test it decides something else."""
    return any(isinstance(node, ast.Return) and node.value is value for node in nodes_of(root))


def _supers(branch: ast.expr) -> list[ast.AST]:
    return [node for node in nodes_of(branch) if is_super(node)]


def check(scope: Scope) -> Hits:
    noted = {
        (path, mark.data["klass"], mark.data["method"]): mark
        for path, mark in scope.marks("override-conditional-super")
    }
    for item in overrides(scope):
        mark = noted.get((item.part.path, item.part.klass.name, item.name)) if noted else None
        skips, tested = item.method.skips, item.method.guard
        if mark is not None and "fine" in mark.data:
            continue
        if skips is None and mark is not None:
            skips, tested = mark.span, mark.data["guard"]
        if skips is None or not _is_defect(item, tested):
            continue
        yield Hit(
            item.location,
            f"{item.name}() overrides {item.origin} and leaves without super() in line {skips.start_line}",
            confidence=_confidence(item, tested),
            related=(Location(item.part.path, skips, "leaves without super()"), *item.related),
            entity=item.entity,
        )


def _is_defect(item: Override, tested: str) -> bool:
    method = item.method
    if not item.calls or any(call.nested or call.method == "*" for call in method.supers):
        return False
    if method.body == "raises" or method.delegates or tested == "!" or of_own_field(item):
        return False
    return item.parent is None or item.parent[1].body not in PLAIN


def _confidence(item: Override, tested: str) -> Confidence:
    """Whoever chooses by a provider, a type or an argument does not lose anything by it: another
    implementation takes over. The ORM's methods and actions are expected to run in any case."""
    if item.fills_in:
        return Confidence.LOW
    if item.orm or item.business:
        kind = None if item.business and _TYPE.search(tested) else _KIND.search(tested)
        low = item.name in _LOOKUPS or kind is not None
        return Confidence.LOW if low else Confidence.HIGH
    # a step that gives a value may give another one; what others add to prepared values must not be lost
    replaces = item.name.startswith("_") and item.method.result != "" and not _PREPARES.match(item.name)
    chooses = tested not in ("", "state", "context")
    return Confidence.LOW if replaces or chooses else Confidence.MEDIUM


RULE = Rule(
    severity=Severity.LOW,
    block=Block.CODE,
    minutes=20,
    listeners=(OnModule(note), OnAddon(check, bodies="closure", data="closure")),
    tags=("upgrade",),
)
