"""How the environment of ``flow`` names things: variables, attributes, keys of dicts."""

from __future__ import annotations

from typing import Any

from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.containers import literal


def local_name(node: Any) -> str:
    """``x`` or ``self.x.y`` as the environment names it; empty for anything else."""
    if isinstance(node, cst.Name):
        return str(node.value)
    if isinstance(node, cst.Attribute):
        base = local_name(node.value)
        return f"{base}.{node.attr.value}" if base else ""
    return ""


def place_name(node: Any) -> str:
    """The same, also for what is set on the way (``name := ...``) and for what a dict holds under a key:
    ``post.get("order")`` and ``post["order"]`` are ``post.['order']``."""
    if isinstance(node, cst.NamedExpr):
        return local_name(node.target)
    if isinstance(node, cst.Subscript):
        base, key = local_name(node.value), constant_key(node)
    elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and len(node.args) > 0:
        base = local_name(node.func.value) if node.func.attr.value == "get" else ""
        key = literal(node.args[0].value)
    else:
        return local_name(node)
    return f"{base}.[{key!r}]" if base and isinstance(key, str) else ""


def constant_key(node: Any) -> Any:
    """The literal key of a subscript, or None."""
    if len(node.slice) != 1 or not isinstance(node.slice[0].slice, cst.Index):
        return None
    return literal(node.slice[0].slice.value)
