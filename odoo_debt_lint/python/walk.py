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
        "indent newline default_indent default_newline encoding has_trailing_newline prefix "
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


class _Kinds(dict[type, bool]):
    """Whether a type is a libcst node; a look-up is three times cheaper than ``isinstance`` with an ABC."""

    def __missing__(self, kind: type) -> bool:
        self[kind] = found = issubclass(kind, cst.CSTNode)
        return found


_is_node = _Kinds()


def walk(root: Any) -> Iterator[Any]:
    """``root`` and all significant nodes below it, in document order."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        kind = type(node)
        children: list[Any] = []
        for name in _fields.get(kind) or _significant(kind):
            value = getattr(node, name)
            inner = type(value)
            if _is_node[inner]:
                children.append(value)
            elif inner is list or inner is tuple:
                children.extend([item for item in value if _is_node[type(item)]])
        children.reverse()
        stack.extend(children)
