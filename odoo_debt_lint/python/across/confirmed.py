"""Names which a function has looked at before it hands them on, told from its ``ast`` (see ``names``)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from odoo_debt_lint.python.flow.patterns import PLAIN, compiled, is_word
from odoo_debt_lint.python.literals import dotted, literal, resolve

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def members(node: ast.Compare) -> Iterator[str]:
    """Names which are checked for membership in constants."""
    if not isinstance(node.left, ast.Name) or not isinstance(node.ops[0], ast.In | ast.NotIn):
        return
    container = node.comparators[0]
    fixed = isinstance(container, ast.Tuple | ast.List | ast.Set | ast.Dict) or (
        isinstance(container, ast.Name | ast.Attribute)
        and getattr(container, "id", getattr(container, "attr", "")).lstrip("_").isupper()
    )
    if fixed:
        yield node.left.id


def words(file: PythonFile, unit: Unit, node: ast.If) -> Iterator[str]:
    """Names with which the function goes on only as digits or a word: ``if not name.isdigit(): return``."""
    if isinstance(node.body[-1], _LEAVES):
        yield from _refused(file, unit, node.test)


def _refused(file: PythonFile, unit: Unit, test: ast.expr) -> Iterator[str]:
    """The names in a test of which something is known when it does not hold."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        for part in test.values:
            yield from _refused(file, unit, part)
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _checked(file, unit, test.operand)
    elif isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is | ast.Eq):
        against = test.comparators[0]
        if isinstance(against, ast.Constant) and against.value is None:
            yield from _checked(file, unit, test.left)


def _checked(file: PythonFile, unit: Unit, call: ast.expr) -> Iterator[str]:
    """``name.isdigit()``, ``re.fullmatch("[a-z]+", name)``, ``PATTERN.match(name)``."""
    if not isinstance(call, ast.Call) or call.keywords:
        return
    function, node = call.func, call.args[-1] if call.args else None
    how = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if isinstance(function, ast.Attribute) and how in PLAIN:
        node = function.value
    elif len(call.args) == 2 and resolve(dotted(function), file.names) == f"re.{how}":
        text = literal(call.args[0])
        node = node if isinstance(text, str) and is_word(how, text) else None
    elif len(call.args) == 1 and isinstance(function, ast.Attribute):
        text = _of_pattern(file, unit, function.value)
        node = node if text is not None and is_word(how, text) else None
    else:
        return
    if isinstance(node, ast.Name):
        yield node.id


def _of_pattern(file: PythonFile, unit: Unit, node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return compiled(file, "", node.id)
    return compiled(file, unit.klass, node.attr) if isinstance(node, ast.Attribute) else None
