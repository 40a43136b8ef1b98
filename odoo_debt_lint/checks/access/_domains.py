"""Domains of record rules: which of them hold for every record."""

from __future__ import annotations

import ast
from typing import Any

from odoo_debt_lint.facts import ValueFact
from odoo_debt_lint.python.literals import UNKNOWN, literal

_TRUE_LEAVES = (
    [1, "=", 1],
    [0, "=", 0],
    ["1", "=", "1"],
    [True, "=", True],
    ["id", "!=", False],
    ["id", ">", 0],
)


def always_true(value: ValueFact | None) -> bool:
    """Whether a ``domain_force`` leaves out no record. A rule without a domain has all."""
    if value is None:
        return True
    text = value.value.strip()
    domain = _parsed(text)
    if isinstance(domain, str):
        domain = _parsed(domain.strip())
    if domain is UNKNOWN:
        return text in ("Domain.TRUE", "")
    return isinstance(domain, list) and _holds(domain)


def _parsed(text: str) -> Any:
    if not text:
        return []
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return UNKNOWN
    # leaf by leaf: one that is no literal does not hide the others
    return [literal(item) for item in node.elts] if isinstance(node, ast.List) else literal(node)


def _holds(domain: list[Any]) -> bool:
    """Evaluates the prefix notation backwards; a leaf that is not always true counts as false."""
    stack: list[bool] = []
    for item in reversed(domain):
        if item in ("|", "&") and len(stack) > 1:
            left, right = stack.pop(), stack.pop()
            stack.append(left or right if item == "|" else left and right)
        elif item == "!":
            stack[-1:] = [False]
        else:
            stack.append(item in _TRUE_LEAVES)
    return all(stack)
