"""Expressions whose value the file itself fixes: literals, and what is made of names that are set once."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.python.literals import UNKNOWN, literal

if TYPE_CHECKING:
    from odoo_debt_lint.python.skeleton import Skeleton

_DEEPEST = 6
"""Names that stand for names, and sums of sums."""


def constant(skeleton: Skeleton, node: ast.expr, klass: str = "", depth: int = 0) -> Any:
    """A value as ``literal`` gives it, ``UNKNOWN`` for none.

    Names are those of the class ``klass`` and of the module as far as the file has been read.
    """
    known = literal(node)
    if known is not UNKNOWN or depth > _DEEPEST:
        return known
    if isinstance(node, ast.Name):
        return _named(skeleton, node.id, klass, depth)
    if isinstance(node, ast.List | ast.Tuple):
        items = [constant(skeleton, item, klass, depth + 1) for item in node.elts]
        return UNKNOWN if any(item is UNKNOWN for item in items) else items
    if isinstance(node, ast.JoinedStr):
        parts = [_part(skeleton, part, klass, depth + 1) for part in node.values]
        return "".join(parts) if all(isinstance(part, str) for part in parts) else UNKNOWN
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = (constant(skeleton, item, klass, depth + 1) for item in (node.left, node.right))
        same = type(left) is type(right) and isinstance(left, str | list)
        return left + right if same else UNKNOWN
    return UNKNOWN


def _named(skeleton: Skeleton, name: str, klass: str, depth: int) -> Any:
    """What a name of the class, else of the module, is set to."""
    for owner in dict.fromkeys((klass, "")):
        assigned = skeleton.values.get((owner, name), ())
        if assigned:
            return constant(skeleton, assigned[0], owner, depth + 1) if len(assigned) == 1 else UNKNOWN
    return UNKNOWN


def _part(skeleton: Skeleton, part: ast.expr, klass: str, depth: int) -> Any:
    """One piece of an f-string; text put in as it is."""
    if not isinstance(part, ast.FormattedValue):
        return constant(skeleton, part, klass, depth)
    plain = part.conversion == -1 and part.format_spec is None
    return constant(skeleton, part.value, klass, depth) if plain else UNKNOWN
