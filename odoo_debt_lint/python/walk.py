"""A flat walk over libcst's significant nodes, thirty times cheaper than its visitors.

White space, brackets, commas and operators are left out: which fields of a node class can hold something
significant is found once per class from its annotations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from odoo_debt_lint.lazy import cst

_TRIVIA = frozenset(
    (
        "lpar rpar lbracket rbracket lbrace rbrace comma semicolon equal colon dot operator leading_lines "
        "lines_after_decorators trailing_whitespace header footer open_paren asynchronous star arrow "
        "indent newline default_indent default_newline encoding has_trailing_newline value_of prefix "
        "start end"
    ).split()
)
_fields: dict[type, tuple[str, ...]] = {}


def _significant(kind: type) -> tuple[str, ...]:
    names = tuple(
        field.name
        for field in fields(kind)
        if field.name not in _TRIVIA and "whitespace" not in field.name and field.name != "is_await"
    )
    _fields[kind] = names
    return names


def walk(root: Any) -> Iterator[Any]:
    """``root`` and all significant nodes below it, in document order."""
    node_class = cst.CSTNode
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        kind = type(node)
        children: list[Any] = []
        for name in _fields.get(kind) or _significant(kind):
            value = getattr(node, name)
            if isinstance(value, node_class):
                children.append(value)
            elif isinstance(value, (list, tuple)):
                children.extend([item for item in value if isinstance(item, node_class)])
        children.reverse()
        stack.extend(children)
