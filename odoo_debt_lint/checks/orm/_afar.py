"""Helpers that ask the database and stand in another file of the addon than the loop which calls them.

One file notes its helpers, another one the calls in its loops; the index joins them.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator

from odoo_debt_lint.checks.orm import _loops
from odoo_debt_lint.checks.orm._queries import Helpers, is_lookup, same_model
from odoo_debt_lint.checks.orm.search_without_limit import model_of
from odoo_debt_lint.finding import Confidence, Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.python.code import RECORDS, Code
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Hit, Hits, Mark, Severity

_STORING = frozenset({"create", "write", "unlink"})


def helpers_of(file: PythonFile, helpers: Helpers) -> Iterator[Mark]:
    """The private methods and the functions of a file which ask, by model or by module."""
    module = posixpath.splitext(posixpath.basename(file.path))[0]
    for klass, name in helpers.names():
        fact = file.klass(klass) if klass else None
        owner = fact.model or "" if fact is not None else module
        if not owner or (klass and not is_private(name)):
            continue
        found = helpers.found((klass, name))
        if found is not None:
            data = {"helper": name, "owner": owner, "query": found[0], "lookup": _only_looks(found[1])}
            yield Mark(file.skeleton.span(found[1]), data)


def _only_looks(helper: ast.FunctionDef) -> bool:
    """What makes or changes records besides is a step of work, and seldom to be had for all at once."""
    return is_lookup(helper) and not any(
        isinstance(node, ast.Attribute) and node.attr in _STORING for node in nodes_of(helper)
    )


def calls_of(file: PythonFile) -> Iterator[Mark]:
    """Calls in loops of private methods and functions which the file itself does not have."""
    here = {name for _, name in file.skeleton.defs}
    for event in file.skeleton.looped:
        function = event.node.func
        if not event.klass or not isinstance(function, ast.Attribute):
            continue
        if is_private(function.attr) and function.attr not in here:
            code = file.code(event.root, event.klass)
            yield from _marked(code, event.node, function.attr, _owners(code, function.value))
    given = {name: path for name, path in file.names.items() if path.startswith(".") and name not in here}
    for unit in file.skeleton.units if given else ():
        for call in unit.calls:
            if isinstance(call.func, ast.Name) and call.func.id in given:
                module, _, name = given[call.func.id].rpartition(".")
                code = file.code(unit.node, unit.klass)  # type: ignore[arg-type]
                yield from _marked(code, call, name, [module.rpartition(".")[2]])


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _owners(code: Code, receiver: ast.expr) -> list[str]:
    """The models whose method it may be."""
    if code.kind(receiver) != RECORDS:
        return []
    fact = code.fact
    if fact is not None and same_model(receiver, code):
        return [*((fact.model,) if fact.model else ()), *fact.inherit]
    model = model_of(code, receiver)
    return [model] if model else []


def _marked(code: Code, call: ast.Call, name: str, owners: list[str]) -> Iterator[Mark]:
    sure = _loops.confidence(code, call) if owners and any(code.loops(call)) else None
    if sure is not None:
        data = {"called": name, "owners": owners, "sure": int(sure)}
        yield Mark(code.file.skeleton.span(call), data, entity=code.entity)


def joined(scope: Scope, rule: str) -> Hits:
    """The calls whose helper another file of the addon holds."""
    marks = list(scope.marks(rule))
    asking = {
        (mark.data["owner"], mark.data["helper"]): mark.data for _, mark in marks if "owner" in mark.data
    }
    for path, mark in marks if asking else ():
        owners = mark.data.get("owners", ())
        told = next(
            (asking[key] for owner in owners if (key := (owner, mark.data["called"])) in asking), None
        )
        if told is not None:
            sure = Confidence(mark.data["sure"]) if told["lookup"] else Confidence.LOW
            text = f"{told['helper']}() sends {told['query']}() once per turn of the loop"
            yield Hit(
                Location(path, mark.span),
                f"{text}; ask once for all records",
                severity=Severity.MEDIUM,
                confidence=sure,
                entity=mark.entity,
            )
