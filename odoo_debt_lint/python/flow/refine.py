"""What a test tells of the names in it: members of constants, digits and words are clean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow import patterns
from odoo_debt_lint.python.flow.knowledge import is_constant
from odoo_debt_lint.python.flow.places import place_name
from odoo_debt_lint.python.flow.values import CLEAN, UNKNOWN, Level, Value, as_number, join

if TYPE_CHECKING:
    from odoo_debt_lint.python.flow.engine import Flow


def refined(flow: Flow, test: Any, truth: bool) -> dict[str, Value]:
    """What a test tells of the names in it: members of constants and digits are clean."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return refined(flow, test.expression, not truth)
    if isinstance(test, cst.BooleanOperation):
        left, right = refined(flow, test.left, truth), refined(flow, test.right, truth)
        if isinstance(test.operator, cst.And) is truth:
            return {**left, **right}
        return {name: join(value, right[name]) for name, value in left.items() if name in right}
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        return _compared(flow, test, truth)
    return _called(flow, test) if isinstance(test, cst.Call) and truth else {}


def _called(flow: Flow, test: cst.Call) -> dict[str, Value]:
    """What it tells that a call is true: ``name.isdigit()``, ``PATTERN.match(name)``."""
    is_plain = isinstance(test.func, cst.Attribute) and test.func.attr.value in patterns.PLAIN
    node = test.func.value if is_plain else patterns.checked(flow, test)  # type: ignore[attr-defined]
    name = place_name(node)
    return {name: as_number(flow.values.get(id(node), UNKNOWN))} if name else {}


def _compared(flow: Flow, test: Any, truth: bool) -> dict[str, Value]:
    target = test.comparisons[0]
    positive = isinstance(target.operator, cst.In | cst.Equal)
    negative = isinstance(target.operator, cst.NotIn | cst.NotEqual)
    if _is_none(target.comparator) and isinstance(test.left, cst.Call):
        is_there = isinstance(target.operator, cst.IsNot | cst.NotEqual)
        return _called(flow, test.left) if is_there is truth else {}
    if not (positive if truth else negative):
        return {}
    container = flow.values.get(id(target.comparator), UNKNOWN)
    member = isinstance(target.operator, cst.In | cst.NotIn)
    name = place_name(test.left)
    if flow.skipped and name in flow.env and container.pending:
        value = flow.env[name]
        return {name: replace(value, via=value.via | container.pending)}
    fixed = container.level is Level.CONST or is_constant(container.symbol)
    known = fixed or (member and "_fields" in container.symbol)
    return {name: CLEAN} if known and name else {}


def _is_none(node: Any) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"
