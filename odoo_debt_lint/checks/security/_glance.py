"""A look at the ``ast`` of a body before it is parsed exactly: can the rule have anything to say here?

Parsing a function with libcst and following its values costs a hundred times what it costs to see that
every query in it is a plain text. A glance may say yes for nothing, but never no where a rule reports.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from odoo_debt_lint.python.flow.knowledge import ELEVATING, FRAMEWORK_CALLS, RECORD_CALLS

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

ELEVATORS = (*(text.encode() for text in ELEVATING), b"user_root")
"""Triggers of rules on elevated rights."""


def calls(unit: Unit) -> Iterator[ast.Call]:
    """The calls of a body."""
    return (node for node in unit.nodes if isinstance(node, ast.Call))


def called_name(call: ast.Call, file: PythonFile) -> str:
    """The last part of what is called, imports resolved: as ``Body.last_name`` has it."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    if isinstance(function, ast.Name):
        return file.names.get(function.id, function.id).rpartition(".")[2]
    return ""


def calls_of(unit: Unit, file: PythonFile, names: frozenset[str]) -> Iterator[ast.Call]:
    """The calls of something that has one of the names. What has it and is not called where it stands may
    be called under another name: it is given as a call without arguments."""
    heads = {id(call.func): call for call in calls(unit)}
    for node in unit.nodes:
        if isinstance(node, ast.Attribute):
            name = node.attr
        elif isinstance(node, ast.Name):
            name = file.names.get(node.id, node.id).rpartition(".")[2]
        else:
            continue
        if name in names:
            yield heads.get(id(node)) or ast.Call(node, [], [])


def is_named(unit: Unit, file: PythonFile, names: frozenset[str]) -> bool:
    """Whether one of the names stands in the body: as an attribute, a variable, or under another name."""
    for node in unit.nodes:
        if isinstance(node, ast.Attribute):
            if node.attr in names:
                return True
        elif isinstance(node, ast.Name):
            if node.id in names or file.names.get(node.id, "").rpartition(".")[2] in names:
                return True
    return False


def uses_module(unit: Unit, file: PythonFile, modules: Iterable[str]) -> bool:
    """Whether a variable of the body is, or comes from, one of these modules."""
    prefixes = tuple(f"{name}." for name in modules)
    return any(
        f"{file.names.get(node.id, node.id)}.".startswith(prefixes)
        for node in unit.nodes
        if isinstance(node, ast.Name)
    )


def module_of(node: ast.expr, file: PythonFile) -> str:
    """What the variable at the beginning of ``a.b().c`` was imported as; empty for another beginning."""
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return ""
    return file.names.get(node.id, node.id)


def has_controller(unit: Unit, file: PythonFile) -> bool:
    """Whether the file has a controller: without one nothing in it is reached by a request."""
    return any(klass.kind == "controller" for klass in file.facts.classes)


def keyword(call: ast.Call, *names: str) -> ast.expr | None:
    """The argument that goes by one of the names."""
    return next((word.value for word in call.keywords if word.arg in names), None)


def texts_of(unit: Unit, file: PythonFile, node: ast.expr) -> list[str] | None:
    """The texts of which an expression is put together, when all of it is written in the source; else
    None."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else [] if node.value is None else None
    if isinstance(node, ast.Name):
        return _variable(unit, file, node.id)
    return None


def _variable(unit: Unit, file: PythonFile, name: str) -> list[str] | None:
    """The texts of a variable which the body sets to nothing but literals."""
    texts: list[str] = []
    stores = 0
    for node in unit.nodes:
        if isinstance(node, ast.Name):
            stores += node.id == name and not isinstance(node.ctx, ast.Load)
        elif name in (getattr(node, "arg", ""), getattr(node, "name", "")):
            return None  # a parameter, an exception, or what a case takes
        elif (text := _text_for(node, name)) is not None:
            texts.append(text)
    return texts if texts and stores == len(texts) and name not in file.names else None


def _text_for(node: ast.AST, name: str) -> str | None:
    """The literal which a statement puts into the variable, or adds to it."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
    elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        target = node.target
    else:
        return None
    value = node.value
    if not (isinstance(target, ast.Name) and target.id == name and isinstance(value, ast.Constant)):
        return None
    return value.value if isinstance(value.value, str) else None


def borrows(unit: Unit, names: frozenset[str]) -> bool:
    """Whether methods of these names are called on what some function has returned."""
    made = {
        target.id
        for node in unit.nodes
        if isinstance(node, ast.Assign) and is_foreign(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in calls(unit):
        root = _root(call.func.value) if isinstance(call.func, ast.Attribute) else None
        if root is not None and call.func.attr in names:  # type: ignore[attr-defined]
            if is_foreign(root) or (isinstance(root, ast.Name) and root.id in made):
                return True
    return False


def reads_property(unit: Unit, file: PythonFile) -> bool:
    """Whether a body reads a property which the file has: it may give anything, as a function does."""
    return any(file.read_by(unit))


def _root(node: ast.expr) -> ast.expr:
    """Where a chain of calls on records begins: ``self._orders()`` of ``self._orders().exists()``, and
    ``self._env()`` of ``self._env()["sale.order"]``."""
    while True:
        if isinstance(node, ast.Subscript):
            node = node.value
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in RECORD_CALLS
        ):
            node = node.func.value
        else:
            return node


def is_foreign(node: ast.expr) -> bool:
    """Whether it calls a function that may be of another file."""
    node = _root(node)
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name not in FRAMEWORK_CALLS and name not in _BUILTINS


_BUILTINS = frozenset("int str float len list dict set tuple sorted map range super env isinstance".split())
