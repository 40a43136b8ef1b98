"""What a function amounts to: whether its body does anything, what it returns, what its tests look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from odoo_debt_lint.python.literals import dotted

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = ("body", "orelse", "finalbody")
_EMPTY = ("dict()", "list()", "set()", "tuple()", "self.browse()", "self.env[].browse()")


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements of a body and its nested blocks, nested functions and classes left out."""
    for node in body:
        yield node
        if isinstance(node, SCOPES):
            continue
        for name in _BLOCKS:
            yield from statements(getattr(node, name, []))
        for handler in [*getattr(node, "handlers", []), *getattr(node, "cases", [])]:
            yield from statements(handler.body)


def _significant(node: Function) -> list[ast.stmt]:
    """The body without its docstring, ``pass`` and ``...``."""
    return [
        item
        for item in node.body
        if not isinstance(item, ast.Pass)
        and not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))
    ]


def body_kind(node: Function, returns: bool) -> str:
    body = _significant(node)
    if not body:
        return "pass"
    last = body[-1]
    if isinstance(last, ast.Raise):
        if len(body) == 1:
            return "raise"
        return "code" if returns else "raises"
    if isinstance(last, ast.Return):
        return "return" if len(body) == 1 and _is_trivial(last.value) else "code"
    empty = node.name.startswith("_compute_") and all(_is_default(item) for item in body)
    return "return" if empty else "code"


def _is_default(node: ast.stmt) -> bool:
    """A constant put into a field, also record by record: what it has until somebody says more."""
    if isinstance(node, ast.For):
        loop = isinstance(node.iter, ast.Name) and node.iter.id == "self"
        return loop and all(_is_default(item) for item in node.body)
    if not isinstance(node, ast.Assign) or not all(isinstance(item, ast.Attribute) for item in node.targets):
        return False
    return not isinstance(node.value, ast.Name) and _is_trivial(node.value)


def _is_trivial(value: ast.expr | None) -> bool:
    """A constant, an empty container or recordset, or the untouched ``self``."""
    if value is None or isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.List | ast.Tuple | ast.Set):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    if isinstance(value, ast.Subscript):
        return dotted(value) in ("self.env[]", "env[]")
    if isinstance(value, ast.Call):
        return not value.args and not value.keywords and dotted(value) in _EMPTY
    return isinstance(value, ast.Name) and value.id == "self"


def result(values: list[ast.expr | None], passed: set[str], calls: set[int]) -> str:
    """What the returned expressions amount to: nothing, constants, the parent's result, or a value."""
    kinds = {_result_kind(value, passed, calls) for value in values}
    for kind in ("value", "super", "constant"):
        if kind in kinds:
            return kind
    return ""


def _result_kind(value: ast.expr | None, passed: set[str], calls: set[int]) -> str:
    if value is None:
        return ""
    if isinstance(value, ast.Constant):
        return "" if value.value is None else "constant"
    if id(value) in calls or (isinstance(value, ast.Name) and value.id in passed):
        return "super"
    return "value"


def guard(test: ast.expr | None) -> str:
    """What a condition looks at: ``!`` emptiness, ``context``, or the attribute compared with texts."""
    if test is None:
        return ""
    for node in ast.walk(test):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            texts = any(
                isinstance(item, ast.Constant) and isinstance(item.value, str)
                for side in sides
                for item in ast.walk(side)
            )
            name = next((side.attr for side in sides if isinstance(side, ast.Attribute)), "")
            if texts and name:
                return name
        if isinstance(node, ast.Attribute) and node.attr in ("context", "_context"):
            return "context"
    empty = isinstance(test, ast.Name) or (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not))
    return "!" if empty and "." not in dotted(getattr(test, "operand", test)) else ""
