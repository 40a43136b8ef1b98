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
)
_FALSE_LEAVES = ([0, "=", 1], [1, "=", 0], ["id", "=", False])
_NO_IDS = {"!=": 0, "<>": 0, ">": 0, ">=": 1}
"""By operator, the greatest number with which the id of every record compares well."""


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
    # None and False say that there is no domain
    return domain is None or domain is False or (isinstance(domain, list) and _holds(domain))


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
            stack.append((_leaf(item), item))
    return all(held for held, _ in stack)


def _leaf(item: Any) -> bool | None:
    """Whether a term holds for every record or for none; None where that depends on the record."""
    if item in _TRUE_LEAVES or item in _FALSE_LEAVES:
        return item in _TRUE_LEAVES
    if not (isinstance(item, list) and len(item) == 3 and isinstance(item[1], str)):
        return None
    field, operator, value = item
    if operator in ("in", "not in") and isinstance(value, list):
        if value and (operator == "not in" or sorted(map(repr, value)) != ["False", "True"]):
            return None
        return bool(value) or operator == "not in"
    if field == "id" and operator in _NO_IDS and isinstance(value, int | None):
        return True if (value or 0) <= _NO_IDS[operator] else None
    return None


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
