"""The views of an action in Python, wherever code sets them: ``[(view.id, "tree"), (False, "form")]``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from odoo_debt_lint.python.literals import literal

KINDS = (ast.Dict, ast.Assign, ast.Call)
_KEYED = frozenset({"dict", "update"})
"""Calls whose keyword arguments are items of a dict."""


def items(node: ast.AST) -> Iterator[tuple[ast.expr, str, ast.expr]]:
    """(where the key stands, key, value) of what a node puts into a dict: ``{"a": b}``, ``x["a"] = b``,
    ``dict(a=b)``."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key, key.value, value
        return
    yield from assigned(node)


def assigned(node: ast.AST) -> Iterator[tuple[ast.expr, str, ast.expr]]:
    """Those that no literal shows."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            key = target.slice if isinstance(target, ast.Subscript) else None
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key, key.value, node.value
    elif isinstance(node, ast.Call) and node.keywords:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for word in node.keywords if name in _KEYED else ():
            if word.arg:
                yield word.value, word.arg, word.value


def trees(node: ast.AST) -> list[ast.expr]:
    """The words ``tree`` among the views of an action, also in a list made for one: ``views = []``."""
    values = [value for _, key, value in items(node) if key == "views"]
    if (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and "view" in node.targets[0].id
    ):
        values.append(node.value)
    return [word for value in values for word in _words(value)]


def _words(value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(value, ast.BinOp):
        yield from _words(value.left)
        yield from _words(value.right)
    for item in value.elts if isinstance(value, ast.List) else ():
        if isinstance(item, ast.Tuple | ast.List) and len(item.elts) == 2 and literal(item.elts[1]) == "tree":
            yield item.elts[1]
