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
_FALSE_LEAVES = ([0, "=", 1], [1, "=", 0], ["id", "=", False])


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
    """Evaluates the prefix notation backwards; a leaf that is not always the same may be true or false."""
    stack: list[tuple[bool | None, Any]] = []
    for item in reversed(domain):
        if item in ("|", "&") and len(stack) > 1:
            stack.append((_joined(item, stack.pop(), stack.pop()), None))
        elif item == "!" and stack:
            held, _ = stack.pop()
            stack.append((None if held is None else not held, None))
        else:
            stack.append((True if item in _TRUE_LEAVES else False if item in _FALSE_LEAVES else None, item))
    return all(held for held, _ in stack)


def _joined(operator: str, one: tuple[bool | None, Any], other: tuple[bool | None, Any]) -> bool | None:
    """What two terms come to, of which both may be leaves."""
    certain = operator == "|"
    if certain in (one[0], other[0]) or (certain and _opposite(one[1], other[1])):
        return certain
    return None if None in (one[0], other[0]) else not certain


def _opposite(one: Any, other: Any) -> bool:
    """Whether two leaves ask for a value and for all others: ``active = True`` or ``active = False``."""
    if not all(isinstance(leaf, list) and len(leaf) == 3 for leaf in (one, other)) or one[0] != other[0]:
        return False
    operators, values = (one[1], other[1]), (one[2], other[2])
    if operators in (("=", "!="), ("!=", "=")):
        # any other value leaves out the records without one
        return values[0] is values[1] and (values[0] is True or values[0] is False)
    return operators == ("=", "=") and any(
        values[0] is held and values[1] is not held and isinstance(values[1], bool) for held in (True, False)
    )
