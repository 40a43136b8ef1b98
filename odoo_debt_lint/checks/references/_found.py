"""What stands for a record in Python by its number, and what it is called there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from odoo_debt_lint.checks.references._bound import Bound, first_number, number_of, spare_number

_OPERATORS = frozenset({"=", "!=", "in", "not in", "=?", "child_of", "parent_of"})
RELATIONAL = re.compile(r"(?:^|\.)(?:id|ids|\w+_ids?|force_company)$")
FOREIGN = re.compile(
    r"^search_default_|^(number|nb|count|qty|hide|show|skip|is|has|only|ignore|disable|enable|allow)_|^(self|client|app|application|merchant|chat|device|session|request|external|remote|api|instance|"
    r"tracking|pixel|terminal|message|vendor|thread|channel_type|process|public|tenant|realm|batch|page|error|"
    r"status|unit|bus|queue)_id$|_merchant_id$"
)
"""Names that look like references and are none: filters to switch on, ids of other systems."""


class Found(NamedTuple):
    """``sure``: the number can be nothing but the id of a record; ``name``: the field that gets it."""

    node: ast.expr | ast.stmt
    what: str
    sure: bool = True
    name: str = ""


def is_reference(name: str) -> bool:
    return bool(RELATIONAL.search(name)) and not FOREIGN.search(name)


def single(node: ast.expr, bound: Bound) -> int:
    """A number, or what the name of one stands for."""
    if isinstance(node, ast.Name | ast.Attribute):
        return bound.number(node)
    return number_of(node) or spare_number(node)


def condition(node: ast.expr, parts: list[ast.expr], bound: Bound) -> Iterator[Found]:
    """A condition of a domain: ``("partner_id", "=", 3)``, ``Domain("partner_id", "=", 3)``."""
    if len(parts) != 3:
        return
    field, operator, value = parts
    if not (isinstance(field, ast.Constant) and isinstance(operator, ast.Constant)):
        return
    if isinstance(field.value, str) and operator.value in _OPERATORS and is_reference(field.value):
        number = bound.number(value)
        if number:
            yield Found(node, f"({field.value}, {operator.value}, {number})", name=field.value)


def command(node: ast.expr) -> int:
    """The id in ``(4, id)`` or ``(6, 0, ids)``."""
    if not isinstance(node, ast.Tuple | ast.List) or len(node.elts) < 2:
        return 0
    kind = node.elts[0]
    if not isinstance(kind, ast.Constant) or type(kind.value) is not int or not 1 <= kind.value <= 6:
        return 0
    return first_number(node.elts[-1]) if kind.value == 6 else number_of(node.elts[1])
