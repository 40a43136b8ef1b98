"""Guards in other files: functions that look at who asks, given the record that a request has chosen."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._callees import Callees
from odoo_debt_lint.checks.security._ownership import OWNER, chosen_names, tests_of
from odoo_debt_lint.facts import MarkFact, PassFact
from odoo_debt_lint.finding import FIRST_LINE
from odoo_debt_lint.index import Index, Scope
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.across.exits import target
from odoo_debt_lint.python.walk import walk
from odoo_debt_lint.rule import Mark, Marks

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_WORDS = frozenset(
    "user uid partner has_group check_access check_access_rule consteq compare_digest AccessError".split()
)
_CHECKS = re.compile(r"check_access|has_access|consteq|compare_digest")
_ASKS = re.compile(r"^_?(check|ensure|verify|assert|validate|is|can|may|has|belongs|allowed|user|access)_")
"""The names of methods of a model that say whether somebody may have its records, or raise."""
_OF_RECORD = re.compile(r"\b(self|rec\w*|order|doc\w*)\.(?!env\b)\w+")


def guard_marks(file: PythonFile) -> Marks:
    """Notes the functions of a file that look at who asks; of models those which are made for that."""
    if file.role != "code" or file.embedded or file.words.isdisjoint(_WORDS):
        return
    for (name, function), unit in file.functions.items():
        klass = file.klass(name)
        if klass is not None and klass.is_model:
            looks = bool(_ASKS.match(function)) and _answers(unit, file)
        else:
            looks = (klass is None or klass.kind in ("controller", "other")) and _looks(unit, file)
        if looks:
            raises = any(isinstance(node, ast.Raise) for node in unit.nodes)
            yield Mark(FIRST_LINE, {"guard": [name, function], "raises": raises})


def _answers(unit: Unit, file: PythonFile) -> bool:
    """Whether a method compares its record with the user, in what it returns or before it raises."""
    text = file.source(unit)
    if not (OWNER.search(text) or _CHECKS.search(text)):
        return False
    answers = [node.value for node in unit.nodes if isinstance(node, ast.Return) and node.value is not None]
    tests = [node.test for node in unit.nodes if isinstance(node, ast.If)]
    texts = [ast.unparse(node) for node in (*answers, *tests)]
    return any(_CHECKS.search(text) or (_OF_RECORD.search(text) and OWNER.search(text)) for text in texts)


def _looks(unit: Unit, file: PythonFile) -> bool:
    """Whether a function compares something with the user, or checks access."""
    method = file.methods.get((unit.klass, unit.name))
    if method is None or method.route is not None or len(method.params) <= bool(unit.klass):
        return False
    text = file.source(unit)
    return bool(OWNER.search(text) or _CHECKS.search(text))


def asked(call: Any, body: Body) -> list[list[Any]]:
    """The functions, maybe of other files, that are given the record which a call selects or what selects
    it: kind, owner and name, and whether it matters what they answer."""
    names = chosen_names(call, body)
    tested = {id(node) for test in tests_of(body) for node in walk(test)}
    found = []
    for called in body.flow.met.values():
        values = (arg.value for arg in called.node.args)
        given = any(isinstance(item, cst.Name) and item.value in names for item in values)
        if called.node is not call and (given or _of_record(called.node, names)):
            whom = target(body, called)
            if whom is not None and whom[0] in (("function", "class") if given else ("model", "path")):
                found.append([*whom, id(called.node) in tested])
    return found


def _of_record(call: Any, names: set[str]) -> bool:
    """Whether a method made to ask is called on one of some variables."""
    func = call.func
    if not isinstance(func, cst.Attribute) or not _ASKS.match(func.attr.value):
        return False
    return isinstance(func.value, cst.Name) and func.value.value in names


def is_guarded(scope: Scope, path: str, mark: MarkFact) -> bool:
    """Whether one of the functions that a mark names looks at who asks."""
    asked_of = mark.data.get("asked")
    if not asked_of:
        return False
    guards = scope.index.once(("guards", mark.rule), lambda: _guards(scope.index, mark.rule))
    for kind, owner, name, tested in asked_of:
        place = PassFact(0, 0, FIRST_LINE, "", "", kind, owner, name)
        for callee in _callees(scope).of(path, place):
            raises = guards.get((callee.path, callee.klass, callee.method.name))
            if raises is not None and (raises or tested):
                return True
    return False


def _callees(scope: Scope) -> Callees:
    index, series = scope.index, scope.addon.series
    return index.once(("callees", series), lambda: Callees(index, series))


def _guards(index: Index, rule: str) -> dict[tuple[str, str, str], bool]:
    """All guards of the run, and whether they raise."""
    return {
        (result.path, *mark.data["guard"]): mark.data["raises"]
        for addon in index.all
        for result in addon.files
        for mark in result.marks
        if mark.rule == rule and "guard" in mark.data
    }
