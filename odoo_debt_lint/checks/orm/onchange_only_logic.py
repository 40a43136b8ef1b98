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
Wizards; fields that are cleared only; those whose own change calls the method; fields with a default, a
compute or an inverse; onchange methods which other code calls; warnings and domains.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from odoo_debt_lint.checks.orm._computes import record_names
from odoo_debt_lint.facts import FieldFact, MethodFact
from odoo_debt_lint.python.code import Code
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnModule, Rule, Severity


def check(file: PythonFile) -> Hits:
    elsewhere: set[str] | None = None
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
            left = sorted((_sets(code) & fields) - _watched(method))
            if left and elsewhere is None:
                elsewhere = _set_elsewhere(file)
            left = [name for name in left if name not in (elsewhere or ())]
            if left:
                yield Hit(
                    method.span,
                    f"only this onchange sets {', '.join(left)}; records made without the form lack it",
                    entity=code.entity,
                )


def _watched(method: MethodFact) -> set[str]:
    """Fields whose change calls the method: somebody has given them a value, and it is only put in order."""
    return {
        name
        for decorator in method.decorators
        if decorator.name.rpartition(".")[2] == "onchange"
        for name in decorator.args
        if isinstance(name, str)
    }


def _is_plain(field: FieldFact) -> bool:
    """A stored field that users fill in and nothing else does."""
    words = {"compute", "related", "default", "inverse", "**"}
    if not words.isdisjoint(field.kwargs) or not words.isdisjoint(field.dynamic):
        return False
    return field.kwargs.get("store") is not False and field.type not in ("One2many", "Many2many")


def _is_called(file: PythonFile, name: str) -> bool:
    """Whether code calls the method, or a field does, whose inverse it is too."""
    text = file.text.text
    if any(field.kwargs.get("inverse") == name for klass in file.facts.classes for field in klass.fields):
        return True
    return f".{name}" in text and bool(re.search(rf"\.{re.escape(name)}\s*\(", text))


def _sets(code: Code) -> set[str]:
    """Fields to which the method assigns something that is not empty."""
    names = record_names(code)
    found: set[str] = set()
    for node in code.nodes:
        if isinstance(node, ast.Assign) and not _is_empty(node.value):
            for target in _targets(node):
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                    if target.value.id in names and not _keeps(node.value, target.value.id, target.attr):
                        found.add(target.attr)
        elif isinstance(node, ast.Call):
            found.update(_updated(node, names))
    return found


def _updated(call: ast.Call, names: set[str]) -> Iterator[str]:
    """What ``record.update({...})`` sets to something that is not empty."""
    function, values = call.func, call.args[0] if call.args else None
    if (
        not isinstance(function, ast.Attribute)
        or function.attr != "update"
        or not isinstance(values, ast.Dict)
    ):
        return
    if isinstance(function.value, ast.Name) and function.value.id in names:
        for key, value in zip(values.keys, values.values, strict=True):
            if _text(key) and not _is_empty(value) and not _keeps(value, function.value.id, _text(key)):
                yield _text(key)


def _keeps(value: ast.expr, record: str, field: str) -> bool:
    """Whether the field is only tidied up: its new value comes from its old one."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == field
        and isinstance(node.value, ast.Name)
        and node.value.id == record
        for node in nodes_of(value)
    )


def _targets(node: ast.Assign) -> Iterator[ast.expr]:
    for target in node.targets:
        yield from target.elts if isinstance(target, ast.Tuple) else [target]


def _is_empty(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return not value.value
    return isinstance(value, ast.List | ast.Tuple) and not value.elts


def _set_elsewhere(file: PythonFile) -> set[str]:
    """What code of the file other than onchanges names as a key or argument, or assigns as an attribute."""
    found: set[str] = set()
    for (owner, function), node in file.skeleton.defs.items():
        fact = file.methods.get((owner, function))
        if fact is not None and fact.decorated("onchange"):
            continue
        for inner in nodes_of(node):
            if isinstance(inner, ast.Attribute):
                if isinstance(inner.ctx, ast.Store):
                    found.add(inner.attr)
            elif isinstance(inner, ast.Dict):
                items = zip(inner.keys, inner.values, strict=True)
                found.update(text for key, value in items if (text := _text(key)) and not _tells(value, text))
            elif isinstance(inner, ast.Subscript):
                found.add(_text(inner.slice))
            elif isinstance(inner, ast.keyword) and inner.arg:
                found.add(inner.arg)
    return found


def _tells(value: ast.expr, name: str) -> bool:
    """``{"total": self.total}``: what a field holds is handed on under its own name."""
    value = value.value if isinstance(value, ast.Attribute) and value.attr in ("id", "ids") else value
    own = isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name)
    return own and value.attr == name and value.value.id == "self"  # type: ignore[attr-defined]


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=45,
    listeners=(OnModule(check),),
    confidence=Confidence.MEDIUM,
)
