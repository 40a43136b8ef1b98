"""Which expression each name of an assignment or of a loop stands for, where several are bound at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from odoo_debt_lint.python.trees import nodes_of

Binding = tuple[str, ast.expr | None]
"""``value`` and an expression, ``element`` and what is iterated, or ``unknown``."""


def names(target: ast.expr) -> Iterator[tuple[str, bool]]:
    """Names in a target, and whether the target is that name alone."""
    if isinstance(target, ast.Name):
        yield target.id, True
    elif isinstance(target, ast.Tuple | ast.List | ast.Starred):
        for node in nodes_of(target):
            if isinstance(node, ast.Name):
                yield node.id, False


def values(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, Binding]]:
    """``order = self.order_id``, and the two of ``order, cursor = self.order_id, self.env.cr``."""
    given = value.elts if isinstance(value, ast.Tuple) else []
    for name, part in _pairs(target, given) or [(target, value)]:
        yield name, ("value", part)


def elements(target: ast.expr, iterated: ast.expr) -> Iterator[tuple[ast.expr, Binding]]:
    """``record`` of ``for index, record in enumerate(records)``, and those of ``zip(records, others)``."""
    called = iterated.func if isinstance(iterated, ast.Call) else None
    name = called.id if isinstance(called, ast.Name) else ""
    if name == "enumerate" and isinstance(target, ast.Tuple) and len(target.elts) == 2:
        target = target.elts[1]
    given = iterated.args if name == "zip" and isinstance(iterated, ast.Call) else []
    for part, source in _pairs(target, given) or [(target, iterated)]:
        yield part, ("element", source)


def _pairs(target: ast.expr, given: list[ast.expr]) -> list[tuple[ast.expr, ast.expr]]:
    """What belongs together, unless something of unknown length stands between."""
    targets = target.elts if isinstance(target, ast.Tuple) else []
    if len(targets) != len(given) or any(isinstance(node, ast.Starred) for node in (*targets, *given)):
        return []
    return list(zip(targets, given, strict=True))
