"""Compute method that reads fields and does not say which.

## What it does
Reports a compute method without `@api.depends` which reads fields of its records, itself or in a method of
the class that it calls on them.

## Why is this bad
Odoo recomputes a field when one of its dependencies changes. Without them a stored field keeps its first
value for ever, and any other shows an old value until the cache happens to be emptied; forms do not update.

## How to fix
`@api.depends("field", "line_ids.amount")` with every field that the method reads.

## Not reported
Methods that read no field of their records (only the context, the user, the company or their ids);
overrides that call `super()` or whose parent has the decorator, for Odoo adds up the dependencies of all;
methods which no field of the file names; fields which say it themselves (`depends=[...]`). Fields which are
not stored and come from a search or SQL have low confidence, and so have editable fields with
`precompute=True`, whose method gives them a first value.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from odoo_debt_lint.checks.orm._computes import Compute, computes, part_of, reads, record_names, same_records
from odoo_debt_lint.checks.orm._queries import NAMES
from odoo_debt_lint.facts import FieldFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Part, Scope
from odoo_debt_lint.python.code import Code
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, Mark, Marks, OnAddon, OnModule, Rule, Severity


def note(file: PythonFile) -> Marks:
    """Notes the methods in question; whether a parent has the decorator only the index knows."""
    for item in computes(file):
        if item.method.decorated("depends") or item.method.supers or item.method.delegates:
            continue
        if item.method.params and item.method.params[0].name != "self":
            continue
        code, found = _reader(file, item)
        if found and not all("depends" in (*field.kwargs, *field.dynamic) for field in item.fields):
            stored = any(field.kwargs.get("store") for field in item.fields)
            data = {"klass": item.klass.name, "method": item.method.name, "reads": found, "stored": stored}
            data["queries"] = _queries(file, item.code) or _queries(file, code)
            data["default"] = all(map(_is_default, item.fields))
            yield Mark(item.method.span, data, entity=item.code.entity)


def _reader(file: PythonFile, item: Compute) -> tuple[Code, list[str]]:
    """What reads fields of the records, and which: the method, else a helper of its class that it calls on
    them."""
    found = sorted(reads(item.code) - item.names)
    for code in () if found else _helpers(file, item):
        found = sorted(reads(code) - item.names)
        if found:
            return code, found
    return item.code, found


def _helpers(file: PythonFile, item: Compute) -> Iterator[Code]:
    """Methods of the class which the method calls on its records."""
    names = record_names(item.code)
    for node in item.code.nodes:
        function = node.func if isinstance(node, ast.Call) else None
        if not isinstance(function, ast.Attribute):
            continue
        owner, fact = same_records(function.value), item.klass.method(function.attr)
        if fact is None or fact.decorated("model") or not (isinstance(owner, ast.Name) and owner.id in names):
            continue
        helper = file.skeleton.defs.get((item.klass.name, function.attr))
        if helper is not None and helper is not item.node:
            yield file.code(helper, item.klass.name)


def _queries(file: PythonFile, code: Code) -> bool:
    """Whether the value comes from a search, of which no dependency could tell when it changes."""
    events = file.skeleton.events
    return any(event.root is code.root for name in NAMES for event in events.get(name, ()))


def _is_default(field: FieldFact) -> bool:
    """Whether the method only gives an editable field its first value, before the record is created."""
    words = field.kwargs
    return bool(words.get("precompute") and words.get("store")) and words.get("readonly") is False


def judge(scope: Scope) -> Hits:
    for path, mark in scope.marks("compute-without-depends"):
        name = mark.data["method"]
        part = part_of(scope, path, mark.data["klass"])
        if part is not None and _inherited(scope, part, name):
            continue
        known = part is not None and (scope.complete or part.klass.defines)
        sure = Confidence.HIGH if known else Confidence.MEDIUM
        stored = mark.data["stored"]
        unsure = mark.data["default"] or (mark.data["queries"] and not stored)
        fields = ", ".join(mark.data["reads"][:4]) + (", …" if len(mark.data["reads"]) > 4 else "")
        yield Hit(
            Location(path, mark.span),
            f"{name}() reads {fields} and has no @api.depends",
            severity=Severity.HIGH if stored and not mark.data["default"] else None,
            confidence=Confidence.LOW if unsure else sure,
            entity=mark.entity,
        )


def _inherited(scope: Scope, part: Part, name: str) -> bool:
    """Whether a method of this name of a parent says what the field depends on."""
    for ancestor in scope.ancestors(part):
        method = ancestor.klass.method(name)
        if method is not None and method.decorated("depends"):
            return True
    return False


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=15,
    listeners=(OnModule(note), OnAddon(judge, bodies="closure", data="closure")),
)
