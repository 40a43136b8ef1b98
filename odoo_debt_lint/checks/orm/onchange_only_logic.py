"""Stored field whose value is set only by an onchange.

## What it does
Reports an `@api.onchange` method that sets a stored field of the same class which nothing else in the file
sets: no compute, no default, no `create` or `write`.

## Why is this bad
An onchange runs in the form and nowhere else. Imports, RPC calls, other addons and tests create the record
without the value; readonly fields are not even saved by the form.

## How to fix
Make it a stored computed field with `readonly=False` (`compute=`, `@api.depends`), or set it in
`create`/`write`.

## Not reported
Wizards; fields that are cleared only; fields with a default, a compute or an inverse; onchange methods
which other code calls; warnings and domains.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from odoo_debt_lint.checks.orm._computes import record_names
from odoo_debt_lint.facts import ClassFact, FieldFact
from odoo_debt_lint.python.code import Code
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnModule, Rule, Severity


def check(file: PythonFile) -> Hits:
    for klass in file.facts.classes:
        if klass.kind != "model" or not klass.model:
            continue
        fields = {field.name for field in klass.fields if _is_plain(field)}
        if not fields:
            continue
        for method in klass.methods:
            node = file.skeleton.defs.get((klass.name, method.name))
            if node is None or not method.decorated("onchange") or _is_called(file, method.name):
                continue
            code = file.code(node, klass.name)
            left = [name for name in sorted(_sets(code) & fields) if not _set_elsewhere(file, klass, name)]
            if left:
                yield Hit(
                    method.span,
                    f"only this onchange sets {', '.join(left)}; records made without the form lack it",
                    entity=code.entity,
                )


def _is_plain(field: FieldFact) -> bool:
    """A stored field that users fill in and nothing else does."""
    words = {"compute", "related", "default", "inverse", "**"}
    if not words.isdisjoint(field.kwargs) or not words.isdisjoint(field.dynamic):
        return False
    return field.kwargs.get("store") is not False and field.type not in ("One2many", "Many2many")


def _is_called(file: PythonFile, name: str) -> bool:
    return bool(re.search(rf"\.{re.escape(name)}\s*\(", file.text.text))


def _sets(code: Code) -> set[str]:
    """Fields to which the method assigns something that is not empty."""
    names = record_names(code)
    found: set[str] = set()
    for node in code.nodes:
        if isinstance(node, ast.Assign) and not _is_empty(node.value):
            for target in _targets(node):
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                    if target.value.id in names and not _keeps(node.value, target):
                        found.add(target.attr)
    return found


def _keeps(value: ast.expr, target: ast.Attribute) -> bool:
    """Whether the field is only tidied up: its new value comes from its old one."""
    old = ast.dump(ast.Attribute(target.value, target.attr, ast.Load()))
    return any(isinstance(node, ast.Attribute) and ast.dump(node) == old for node in ast.walk(value))


def _targets(node: ast.Assign) -> Iterator[ast.expr]:
    for target in node.targets:
        yield from target.elts if isinstance(target, ast.Tuple) else [target]


def _is_empty(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return not value.value
    return isinstance(value, ast.List | ast.Tuple) and not value.elts


def _set_elsewhere(file: PythonFile, klass: ClassFact, name: str) -> bool:
    """Whether other code of the file names the field as a key or assigns it."""
    for (owner, function), node in file.skeleton.defs.items():
        fact = file.methods.get((owner, function))
        if fact is not None and fact.decorated("onchange"):
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.Attribute) and inner.attr == name and isinstance(inner.ctx, ast.Store):
                return True
            if isinstance(inner, ast.Dict) and any(_is_text(key, name) for key in inner.keys):
                return True
            if isinstance(inner, ast.Subscript) and _is_text(inner.slice, name):
                return True
            if isinstance(inner, ast.keyword) and inner.arg == name:
                return True
    return False


def _is_text(node: ast.expr | None, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=45,
    listeners=(OnModule(check),),
    confidence=Confidence.MEDIUM,
)
