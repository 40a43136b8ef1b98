"""Literal database ids in Python: where a number stands for a record."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from odoo_debt_lint.checks.references._bound import Bound, first_number, number_of
from odoo_debt_lint.checks.references._found import FOREIGN, Found, command, condition, is_reference, single
from odoo_debt_lint.checks.references._id_calls import judge_call
from odoo_debt_lint.checks.references._pieces import candidates
from odoo_debt_lint.python.literals import dotted
from odoo_debt_lint.python.trees import nodes_of

LEAF = re.compile(
    r"[\"']((?:\w+\.)*(?:id|\w+_ids?))[\"']\s*,\s*[\"'](?:=|!=|in|not in|=\?|child_of|parent_of)[\"']\s*,\s*"
    r"(?:[\[(]\s*(?:[\w.]+(?:\([^()]*\))?\s*,\s*)*?)?([1-9]\d*)\b"
)
"""A condition with a number in a domain that is text."""
CANDIDATES = candidates(
    r"id(?:s?[\"']\s*,\s*\\?[\"'][^\"'\n]*[\"']\s*,\s*[\[({]*\s*(?:\*?[\w.]+\s*,\s*)*\d|"
    r"(?<=_id)(?:[\"']\s*:\s*\(*\s*\d|s?[\"']\s*:\s*\[\s*[\[(]\s*[1-6]|[\"']?\]?\s*=\s*\(*\s*\d|"
    r"[\"']?\s*\]?\s*[:=](?!=)[^\n]{0,80}?\sor\s+\(*[1-9]|"
    r"s?(?:[\"']\])?\s*=\s*\[\s*[\[(]\s*[1-6])|"
    r"(?<=_id)(?:[\"']\s*\])?\s*(?:[=!]=|in\b|not\s+in\b)\s*[\[({]?\s*\d|"
    r"(?<=\.id)s?\s*(?:[=!]=|in\b|not\s+in\b|or\b)\s*[\[({]?\s*\d)",
    r"==(?:(?<=\d ==)|(?<=\d==))\s*[\w.]+(?:\[|\.get\()\s*[\"']\w+_id\b",
    r"==\s*[\w.]+\.(?:ids?|uid)\b",
    r"!=\s*[\w.]+\.(?:ids?|uid)\b",
    browse=r"browse\(\s*(?:ids\s*=\s*)?[\[(]*\s*(?:\d|[A-Za-z_]\w*\s*[\]),])",
    uid=r"uid(?<!\wuid)\s*(?:[=!]=|in\b|not\s+in\b)\s*[\[({]?\s*\d",
    _uid=r"_uid\s*(?:[=!]=|in\b|not\s+in\b)\s*[\[({]?\s*\d",
    setdefault=r"setdefault\(\s*[\"']\w+_id[\"']\s*,\s*(?:[^\n]{0,80}?\sor\s+)?\(*\d",
    get=r"get\(\s*[\"']\w+_id[\"']\s*(?:\)\s*(?:[!=]=|or\b|in\b|not\s+in\b)\s*[\[({]?|,)\s*\d",
    views=r"views[\"']\s*:\s*\[\s*[\[(]\s*\d",
    with_company=r"with_company\(\s*(?:company\s*=\s*)?\d",
    with_user=r"with_user\(\s*(?:user\s*=\s*)?\d",
    env=r"env\(\s*user\s*=\s*\d",
    Environment=r"Environment\([^()]*,\s*(?:uid\s*=\s*)?\d",
    sudo=r"sudo\(\s*\d",
    Command=r"Command\.\w+\(\s*[\[\d]",
    Many2one=r"Many2one\([^)]*default\s*=\s*(?:lambda\b[^:]*:\s*)?\d",
    Many2many=r"Many2many\([^)]*default\s*=\s*(?:lambda\b[^:]*:\s*)?\[\s*\(",
    execute=r"execute\(",
    execute_query=r"execute_query\(",
    execute_query_dict=r"execute_query_dict\(",
    force_company=r"force_company[\"']?\s*[:=]\s*\d",
    allowed_company_ids=r"allowed_company_ids[\"']?\s*[:=]\s*[\[(]\s*\d",
    partner_ids=r"partner_ids\s*=\s*\[\s*\d",
)
"""What a function must hold to be worth a walk."""
BY_NAME = candidates(
    r"id(?:s?[\"']\s*,\s*[\"'][^\"'\n]*[\"']\s*,\s*\[?(?:self\.)?[A-Z_]|"
    r"(?<=_id)(?:[\"']\s*:\s*(?:self\.)?[A-Z_]|(?:[\"']\s*\])?\s*=\s*(?:self\.)?[A-Z_])|"
    r"(?<=\.id)s?\s*(?:[=!]=|in\b|not\s+in\b)\s*(?:self\.)?[A-Z_])",
    r"browse\(\s*\[?\s*\w+\.[A-Z_]",
)
"""The same in a file that gives names to numbers."""

_COLUMNS = 3
"""How many values in a row make an order of columns."""


def literal_ids(tree: ast.AST, constants: Mapping[str, int], queries: Mapping[str, str]) -> Iterator[Found]:
    """Every literal id of a function or statement; numbers and texts are what the module gives a name."""
    nodes = nodes_of(tree)
    bound = Bound(nodes, constants, queries)
    for node in nodes:
        judge = _JUDGES.get(node.__class__)
        if judge is not None:
            yield from judge(node, bound)


def _leaf(node: ast.Tuple | ast.List, bound: Bound) -> Iterable[Found]:
    """A condition of a domain."""
    return condition(node, node.elts, bound)


def _dict(node: ast.Dict, bound: Bound) -> Iterator[Found]:
    """Values and contexts."""
    if _is_order(node.values):
        return
    for key, value in zip(node.keys, node.values, strict=True):
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
            continue
        if key.value == "views" and (number := _viewed(value)):
            yield Found(key, f"'views': {number}")
        if not is_reference(key.value):
            continue
        number = single(value, bound) if key.value.endswith(("_id", "_company")) else 0
        linked = isinstance(value, ast.List)
        if key.value == "allowed_company_ids":
            number = first_number(value)
        elif isinstance(value, ast.List):
            number = next((found for item in value.elts if (found := command(item))), 0)
        if number:
            yield Found(key, f"{key.value!r}: {number}", linked, key.value)


def _is_order(values: list[ast.expr]) -> bool:
    """``{"product_id": 0, "location_id": 1, "company_id": 2}``: the columns of a sheet."""
    numbers = [item.value for item in values if isinstance(item, ast.Constant) and type(item.value) is int]
    first = numbers[0] if len(numbers) == len(values) >= _COLUMNS else -1
    return first in (0, 1) and numbers == list(range(first, first + len(numbers)))


def _viewed(node: ast.expr) -> int:
    """The view in ``[(42, "form")]``."""
    pairs = [item for item in getattr(node, "elts", ()) if isinstance(item, ast.Tuple | ast.List)]
    return next((number_of(pair.elts[0]) for pair in pairs if len(pair.elts) == 2), 0)


def _compare(node: ast.Compare, bound: Bound) -> Iterator[Found]:
    if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn):
        return
    for one, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
        if isinstance(one, ast.Attribute) and one.attr in ("id", "ids"):
            number = bound.number(other)
            if number:
                yield Found(node, f".{one.attr} compared with {number}")
        elif (name := _compared(one)) and first_number(other) and dotted(one) not in bound.counted:
            yield Found(node, f"{name} compared with {first_number(other)}", False, name)
        elif isinstance(one, ast.Attribute) and one.attr in ("uid", "_uid"):
            # 1 is the superuser
            number = next(
                (found for item in getattr(other, "elts", [other]) if (found := number_of(item)) > 1), 0
            )
            if number:
                yield Found(node, f".{one.attr} compared with {number}")


def _compared(node: ast.expr) -> str:
    """The field in ``vals.get("field_id")`` or ``vals["field_id"]``, the name in ``partner_id``."""
    key: ast.expr | None = None
    if isinstance(node, ast.Subscript):
        key = node.slice
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        key = node.args[0] if node.args else None
    elif isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        return name if name.endswith("_id") and is_reference(name) else ""
    name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
    return name if name.endswith("_id") and is_reference(name) else ""


def _assign(node: ast.Assign, bound: Bound) -> Iterable[Found]:
    if isinstance(node.value, ast.List):
        number = next((found for item in node.value.elts if (found := command(item))), 0)
        return _assigned(node, number, ("_id", "_ids"), True) if number else ()
    number = single(node.value, bound)
    return _assigned(node, number, ("_id",), False) if number else ()


def _assigned(node: ast.Assign, number: int, endings: tuple[str, ...], sure: bool) -> Iterator[Found]:
    for target in node.targets:
        name = _target(target)
        if name.endswith(endings) and is_reference(name):
            yield Found(node, f"{name} = {number}", sure, name)


def _target(node: ast.expr) -> str:
    """The field in ``record.field`` or ``vals["field"]``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    key = node.slice if isinstance(node, ast.Subscript) else None
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


def _arguments(node: ast.arguments, _: Bound) -> Iterator[Found]:
    """``def refill(self, location_id=8)``."""
    named = [*node.posonlyargs, *node.args]
    pairs = zip(named[len(named) - len(node.defaults) :], node.defaults, strict=True)
    for argument, value in (*pairs, *zip(node.kwonlyargs, node.kw_defaults, strict=True)):
        number = number_of(value) if value is not None else 0
        if value is not None and number and argument.arg.endswith("_id") and is_reference(argument.arg):
            yield Found(value, f"{argument.arg}={number}", False, argument.arg)


def _constant(node: ast.Constant, _: Bound) -> Iterable[Found]:
    """A domain that is text."""
    text = node.value
    if isinstance(text, str) and len(text) < 2000:
        match = LEAF.search(text)
        if match and not FOREIGN.search(match[1]):
            return (Found(node, f"({match[1]}, …, {match[2]})"),)
    return ()


_JUDGES: dict[type[ast.AST], Callable[[Any, Bound], Iterable[Found]]] = {
    ast.Call: judge_call,
    ast.Tuple: _leaf,
    ast.List: _leaf,
    ast.Dict: _dict,
    ast.Compare: _compare,
    ast.Assign: _assign,
    ast.arguments: _arguments,
    ast.Constant: _constant,
}
