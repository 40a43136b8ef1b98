"""Compute method that changes the database.

## What it does
Reports `create()`, `write()` and `unlink()` in a compute method, and assignments to fields of the model
which other methods compute or users fill in (also as `record["ref"] = ...` and `record.update({"ref":
...})`), and to fields of the records to which a field leads (`record.partner_id.ref = ...`).

## Why is this bad
Reading a field, opening a form or exporting a list then writes: with rights the reader may not have, again
and again, in an order that nobody controls, and recursively when the write triggers the computation.

## How to fix
Assign the computed fields only. Compute the other field in the same method (`compute=` on both), or do the
work in `create`, `write`, an action or a scheduled action.

## Not reported
Assignments to the fields which the method computes, also by `update()`; `new()`; `update()` of dictionaries,
and files.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from odoo_debt_lint.checks.orm._computes import Compute, computes, part_of, record_names, same_records
from odoo_debt_lint.facts import FieldFact
from odoo_debt_lint.finding import Confidence, Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.python.code import RECORDS, Code
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.rule import Block, Hit, Hits, Mark, Marks, OnAddon, OnModule, Rule, Severity

_WRITES = ("create", "write", "unlink")
_TEXT = "{}() sets {}, which it does not compute"


def check(file: PythonFile) -> Marks:
    known: set[int] = set()
    for item in computes(file):
        known.add(id(item.node))
        yield from _calls(file, item)
        yield from _foreign_fields(file, item)
        yield from _foreign_records(file, item)
    for item in _overriding(file, known):
        yield from _calls(file, item)


def _calls(file: PythonFile, item: Compute) -> Iterator[Hit]:
    for name in _WRITES:
        for event in file.skeleton.events.get(name, ()):
            if event.root is item.node and _writes(item, event.node):
                yield Hit(
                    file.skeleton.span(event.node),
                    f"{name}() in compute method {item.method.name}()",
                    confidence=None if item.fields else Confidence.MEDIUM,
                    entity=item.code.entity,
                )


def _overriding(file: PythonFile, known: set[int]) -> Iterator[Compute]:
    """Compute methods of fields that a parent declares, which the class extends."""
    for klass in file.facts.classes:
        for method in klass.methods if klass.is_model else ():
            if not method.name.startswith("_compute_") or len(method.params) != 1:
                continue
            extends = any(call.method == method.name for call in method.supers)
            node = file.skeleton.defs.get((klass.name, method.name))
            if isinstance(node, ast.FunctionDef) and id(node) not in known:
                if extends or method.decorated("depends"):
                    yield Compute(klass, method, node, file.code(node, klass.name), ())


def _writes(item: Compute, call: ast.Call) -> bool:
    function = call.func
    assert isinstance(function, ast.Attribute)
    owner = function.value
    if isinstance(owner, ast.Call) and isinstance(owner.func, ast.Attribute) and owner.func.attr == "new":
        return False
    return item.code.kind(owner) == RECORDS


def _foreign_fields(file: PythonFile, item: Compute) -> Iterator[Hit | Mark]:
    """``record.other = …`` where ``other`` is not what the method computes. What it is, if this file does not
    declare it, only the index knows."""
    if item.method.decorated("onchange"):
        return
    own = {
        field.name: field
        for klass in file.facts.classes
        if klass.model == item.klass.model
        for field in klass.fields
    }
    seen = set(item.names)
    for name, node in _stores(item.code):
        field = own.get(name)
        if name in seen:
            continue
        if field is None:
            seen.add(name)
            data = {"klass": item.klass.name, "method": item.method.name, "field": name}
            yield Mark(file.skeleton.span(node), data, entity=item.code.entity)
        elif not ("compute" in field.dynamic or "**" in field.dynamic):
            seen.add(name)
            yield Hit(
                file.skeleton.span(node),
                _TEXT.format(item.method.name, name),
                confidence=Confidence.MEDIUM,
                entity=item.code.entity,
            )


def _stores(code: Code) -> Iterator[tuple[str, ast.expr]]:
    """Fields of its own records which the method sets: ``record.name = …``, ``record["name"] = …`` and
    ``record.update({"name": …})``."""
    names = record_names(code)
    for node in code.nodes:
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            keys, owner = [node if isinstance(node, ast.Attribute) else node.slice], node.value
        elif isinstance(node, ast.Call) and _is_update(node):
            keys, owner = list(node.args[0].keys), node.func.value  # type: ignore[attr-defined]
        else:
            continue
        record = same_records(owner)
        if not (isinstance(record, ast.Name) and record.id in names):
            continue
        if isinstance(node, ast.Attribute) or code.kind(record) == RECORDS:
            yield from ((name, key) for key in keys if (name := _field(key)))


def _is_update(call: ast.Call) -> bool:
    named = isinstance(call.func, ast.Attribute) and call.func.attr == "update"
    return named and bool(call.args) and isinstance(call.args[0], ast.Dict)


def _field(key: ast.expr | None) -> str:
    """The name of a field, of an attribute or a literal key."""
    if isinstance(key, ast.Attribute):
        return key.attr
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


def _foreign_records(file: PythonFile, item: Compute) -> Iterator[Hit]:
    """``record.partner_id.ref = …``: a field of the records to which a field leads."""
    names = record_names(item.code)
    for node in item.code.nodes:
        if not (isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)):
            continue
        if node.attr in item.names:
            continue  # most likely of records of the same model
        if item.code.kind(node.value) == RECORDS and _leads_away(item.code, node.value, names):
            yield Hit(
                file.skeleton.span(node),
                f"{item.method.name}() sets {node.attr} of other records",
                confidence=Confidence.MEDIUM,
                entity=item.code.entity,
            )


def _leads_away(code: Code, owner: ast.expr, names: set[str]) -> bool:
    if isinstance(owner, ast.Name):
        bound = code.bindings.get(owner.id, [])
        return (
            owner.id not in names
            and bool(bound)
            and all(
                how == "element" and isinstance(value, ast.Attribute) and _leads_away(code, value, names)
                for how, value in bound
            )
        )
    while isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Attribute):
        owner = owner.value
    return isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Name) and owner.value.id in names


def judge(scope: Scope) -> Hits:
    """Fields of the model which stand in another file, or in an addon of ``depends``."""
    for path, mark in scope.marks("compute-writes"):
        method, name = mark.data["method"], mark.data["field"]
        part = part_of(scope, path, mark.data["klass"])
        if part is None or scope.method(part, method) is not None:
            continue
        near = [part, *scope.parts(part.klass.model), *scope.ancestors(part)]
        found = [field for other in near for field in other.klass.fields if field.name == name]
        if found and not any(_may_compute(field, method) for field in found):
            yield Hit(
                Location(path, mark.span),
                _TEXT.format(method, name),
                confidence=Confidence.MEDIUM,
                entity=mark.entity,
            )


def _may_compute(field: FieldFact, method: str) -> bool:
    return field.kwargs.get("compute") == method or not {"compute", "**"}.isdisjoint(field.dynamic)


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=45,
    listeners=(OnModule(check), OnAddon(judge, bodies="closure", data="closure")),
)
