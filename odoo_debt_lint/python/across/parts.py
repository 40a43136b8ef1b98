"""What a function returns in several parts: ``return where, params`` is no better and no worse than each."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from odoo_debt_lint.python.units import Unit


def results(unit: Unit) -> list[ast.expr]:
    """What a function returns."""
    returned = (node.value for node in unit.nodes if isinstance(node, ast.Return))
    return [value for value in returned if value is not None]


def parts(node: ast.expr) -> dict[Any, ast.expr]:
    """The elements of a tuple, list or dict that is written down, by index or key; none of anything else."""
    if isinstance(node, ast.Tuple | ast.List):
        whole = not any(isinstance(item, ast.Starred) for item in node.elts)
        return dict(enumerate(node.elts)) if whole else {}
    if isinstance(node, ast.Dict):
        keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
        return dict(zip(keys, node.values, strict=True)) if all(isinstance(key, str) for key in keys) else {}
    return {}
