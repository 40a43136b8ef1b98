"""Literal values and dotted names of ``ast`` expressions, without evaluating anything."""

from __future__ import annotations

import ast
from typing import Any

UNKNOWN = object()
"""What ``literal`` returns for an expression that is no literal."""
_MAX_INT = 2**63 - 1
"""Larger numbers could not be kept in the cache, and mean nothing to Odoo."""


def literal(node: ast.expr | None) -> Any:
    """The value of a literal made of strings, numbers, booleans, None, lists, tuples and dicts.

    Tuples come back as lists, so that a value is the same after a trip through the cache.
    """
    if node is None:
        return UNKNOWN
    if isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, int) and abs(value) > _MAX_INT:
            return UNKNOWN
        return UNKNOWN if isinstance(value, bytes | complex) or value is ... else value
    if isinstance(node, ast.List | ast.Tuple):
        items = [literal(item) for item in node.elts]
        return UNKNOWN if any(item is UNKNOWN for item in items) else items
    if isinstance(node, ast.Dict):
        return _literal_dict(node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = literal(node.operand)
        return -value if isinstance(value, int | float) else UNKNOWN
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = literal(node.left), literal(node.right)
        same = type(left) is type(right) and isinstance(left, str | list)
        return left + right if same else UNKNOWN
    return UNKNOWN


def _literal_dict(node: ast.Dict) -> Any:
    result: dict[str, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        name, item = literal(key), literal(value)
        if item is UNKNOWN or not isinstance(name, str | int | float | bool | None):
            return UNKNOWN
        result[str(name)] = item
    return result


def dotted(node: ast.expr) -> str:
    """``a.b.c`` for names and attributes; calls and subscripts on the way are written ``()`` and ``[]``.

    ``self.env["x"].sudo().search`` → ``self.env[].sudo().search``; anything else starts with ``?``.
    """
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append("." + node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            parts.append("()")
            node = node.func
        elif isinstance(node, ast.Subscript):
            parts.append("[]")
            node = node.value
        else:
            parts.append(node.id if isinstance(node, ast.Name) else "?")
            return "".join(reversed(parts))


def resolve(name: str, imports: dict[str, str]) -> str:
    """A dotted name with its first part replaced by what it was imported as."""
    head, dot, rest = name.partition(".")
    target = imports.get(head)
    return f"{target}{dot}{rest}" if target else name
