"""Small questions about the statements and expressions of a compute method."""

from __future__ import annotations

import ast

from odoo_debt_lint.checks.orm._computes import is_self
from odoo_debt_lint.python.trees import nodes_of

State = frozenset[str] | None
"""Fields assigned so far; None where no path leads."""


def meet(left: State, right: State) -> State:
    """What is assigned on both of two paths."""
    if left is None or right is None:
        return right if left is None else left
    return left & right


def negated(test: ast.expr) -> ast.expr | None:
    """``x`` of ``not x``."""
    return test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else None


def is_enumerated(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and any(map(is_self, node.args))


def stored_names(helper: ast.AST) -> set[str]:
    """Everything a helper may assign by the looks of it."""
    found: set[str] = set()
    for node in nodes_of(helper):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def stores_by_name(helper: ast.AST) -> bool:
    """Whether a helper assigns fields whose names it does not spell out."""
    for node in nodes_of(helper):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            return True
    return False


def subject(test: ast.expr) -> str:
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq | ast.In):
        return ast.dump(test.left)
    return ""
