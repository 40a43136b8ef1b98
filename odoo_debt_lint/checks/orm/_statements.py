"""Small questions about the statements and expressions of a compute method."""

from __future__ import annotations

import ast

from odoo_debt_lint.checks.orm._computes import base_of, is_self
from odoo_debt_lint.python.code import Code
from odoo_debt_lint.python.trees import nodes_of

State = frozenset[str] | None
"""Fields assigned so far; None where no path leads."""


def meet(left: State, right: State) -> State:
    """What is assigned on both of two paths."""
    if left is None or right is None:
        return right if left is None else left
    return left & right


_INVERSE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.Lt: ast.GtE,
    ast.Gt: ast.LtE,
    ast.In: ast.NotIn,
    ast.Is: ast.IsNot,
}
_INVERSE |= {value: key for key, value in _INVERSE.items()}


def condition(test: ast.expr, holds: bool = True) -> str:
    """What a test, or its opposite, asks for: ``not (a or b)`` is the same as ``not a and not b``."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return condition(test.operand, not holds)
    if isinstance(test, ast.BoolOp):
        word = "and" if isinstance(test.op, ast.And) is holds else "or"
        return f"({f' {word} '.join(sorted(condition(item, holds) for item in test.values))})"
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        sign = type(test.ops[0])
        sign = sign if holds else _INVERSE[sign]
        return f"{ast.dump(test.left)} {sign.__name__} {ast.dump(test.comparators[0])}"
    return ast.dump(test) if holds else f"not {ast.dump(test)}"


def completes(code: Code, node: ast.If) -> bool:
    """Whether an ``elif`` asks for the opposite of a branch before it, and so is the chain's ``else``."""
    asked, child, above = condition(node.test), node, code.parent(node)
    while isinstance(above, ast.If) and above.orelse == [child]:
        if condition(above.test, holds=False) == asked:
            return True
        child, above = above, code.parent(above)
    return False


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


def passes_records(call: ast.Call, names: set[str]) -> bool:
    """Whether a function is given records, to which it may assign."""
    values = [*call.args, *(word.value for word in call.keywords)]
    return any(isinstance(value, ast.Name) and value.id in names for value in values)


def subject(test: ast.expr) -> str:
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq | ast.In):
        return ast.dump(test.left)
    return ""


def is_endless(node: ast.While) -> bool:
    """``while True``, which is left by a break only."""
    return isinstance(node.test, ast.Constant) and bool(node.test.value)


def is_all(code: Code, node: ast.expr) -> bool:
    """``self``, ``self.browse(self.ids)``, ``self.grouped("state").values()``, or a variable that is nothing
    else."""
    if isinstance(node, ast.Name) and node.id != "self":
        bound = code.bindings.get(node.id, [])
        return bool(bound) and all(how == "value" and is_self(value) for how, value in bound)
    name, owner = _method(node)
    if name == "browse":
        return is_self(owner)
    if name == "values" and _method(owner)[0] == "grouped":
        return is_self(_method(owner)[1])
    return is_self(node)


def _method(node: ast.expr | None) -> tuple[str, ast.expr | None]:
    """The name of the method that is called, and on what."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr, node.func.value
    return "", None


def is_part_of_self(code: Code, node: ast.expr) -> bool:
    """``self``, ``self.filtered(…)``, ``self - others``, or a variable for one of them."""
    base = base_of(node)
    if not isinstance(base, ast.Name):
        return False
    if base.id == "self":
        return True
    values = [base_of(value) for how, value in code.bindings.get(base.id, ()) if value is not None]
    return bool(values) and all(isinstance(value, ast.Name) and value.id == "self" for value in values)


def asks_for_records(code: Code, test: ast.expr) -> bool:
    """``if not self: return``, also ``not self.ids`` or a name for that: there is nothing to assign."""
    operand = negated(test)
    if isinstance(operand, ast.Name):
        bound = code.bindings.get(operand.id, [])
        operand = bound[0][1] if len(bound) == 1 and bound[0][0] == "value" else operand
    if isinstance(operand, ast.Call) and operand.args:
        operand = operand.args[0]
    if isinstance(operand, ast.Attribute) and operand.attr in ("ids", "_ids", "id"):
        operand = operand.value
    return is_self(operand)


def turn_of(node: ast.For | ast.AsyncFor) -> str:
    """The loop's variable, when nothing in the loop puts something else into it."""
    name = node.target.id if isinstance(node.target, ast.Name) else ""
    stored = (item for part in node.body for item in nodes_of(part) if isinstance(item, ast.Name))
    return "" if any(item.id == name and isinstance(item.ctx, ast.Store) for item in stored) else name
