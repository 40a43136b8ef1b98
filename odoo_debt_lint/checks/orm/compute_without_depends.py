"""Compute method that reads fields and does not say which.

## What it does
Reports a compute method without `@api.depends` which reads fields of its records.

## Why is this bad
Odoo recomputes a field when one of its dependencies changes. Without them a stored field keeps its first
value for ever, and any other shows an old value until the cache happens to be emptied; forms do not update.

## How to fix
`@api.depends("field", "line_ids.amount")` with every field that the method reads.

## Not reported
Methods that read no field of their records (only the context, the user, the company or their ids); overrides
that call `super()` or whose parent has the decorator, for Odoo adds up the dependencies of all; methods which
no field of the file names; fields which say it themselves (`depends=[...]`). Fields which are not stored and
come from a search or SQL have low confidence.
"""

from __future__ import annotations

from odoo_debt_lint.checks.orm._computes import Compute, computes, part_of, reads
from odoo_debt_lint.checks.orm._queries import NAMES
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Part, Scope
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, Mark, Marks, OnAddon, OnModule, Rule, Severity


def note(file: PythonFile) -> Marks:
    """Notes the methods in question; whether a parent has the decorator only the index knows."""
    for item in computes(file):
        if item.method.decorated("depends") or item.method.supers or item.method.delegates:
            continue
        if item.method.params and item.method.params[0].name != "self":
            continue
        found = sorted(reads(item.code) - item.names)
        if found and not all("depends" in (*field.kwargs, *field.dynamic) for field in item.fields):
            stored = any(field.kwargs.get("store") for field in item.fields)
            data = {"klass": item.klass.name, "method": item.method.name, "reads": found, "stored": stored}
            data["queries"] = _queries(file, item)
            yield Mark(item.method.span, data, entity=item.code.entity)


def _queries(file: PythonFile, item: Compute) -> bool:
    """Whether the value comes from a search, of which no dependency could tell when it changes."""
    events = file.skeleton.events
    return any(event.root is item.node for name in NAMES for event in events.get(name, ()))


def judge(scope: Scope) -> Hits:
    for path, mark in scope.marks("compute-without-depends"):
        name = mark.data["method"]
        part = part_of(scope, path, mark.data["klass"])
        if part is not None and _inherited(scope, part, name):
            continue
        known = part is not None and (scope.complete or part.klass.defines)
        sure = Confidence.HIGH if known else Confidence.MEDIUM
        stored = mark.data["stored"]
        fields = ", ".join(mark.data["reads"][:4]) + (", …" if len(mark.data["reads"]) > 4 else "")
        yield Hit(
            Location(path, mark.span),
            f"{name}() reads {fields} and has no @api.depends",
            severity=Severity.HIGH if stored else None,
            confidence=Confidence.LOW if mark.data["queries"] and not stored else sure,
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
    listeners=(OnModule(note), OnAddon(judge)),
)
