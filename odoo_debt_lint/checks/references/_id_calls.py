"""Calls that are given a literal database id."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from odoo_debt_lint.checks.references._bound import Bound, first_number, number_of, text_of
from odoo_debt_lint.checks.references._found import Found, command, condition, is_reference, single
from odoo_debt_lint.python.literals import dotted

_COMMANDS = frozenset({"set", "link", "unlink", "delete", "update"})
_TAKING = frozenset(
    {"with_context", "message_post", "message_notify", "message_subscribe", "activity_schedule"}
)
"""Methods whose keywords are fields or keys of the context."""
_METHODS = (
    _COMMANDS
    | _TAKING
    | {"browse", "with_company", "with_user", "sudo", "Many2one", "Many2many", "setdefault"}
    | {"env", "Environment"}
    | {"execute", "execute_query", "execute_query_dict"}
)
_NAMED = frozenset({("browse", "ids"), ("with_company", "company"), ("with_user", "user")})
"""Methods by the name of the argument that is an id."""
_SQL = re.compile(
    r"(?<![\w%\"])((?:\w+\.)?\"?(?:\w+_)?id\"?)\s*(?:=|!=|<>|(?:not\s+)?in\s*\()\s*"
    r"([1-9]\d*)\b(?!\s*[=<>.])",
    re.I,
)

_HOLE = re.compile(r"(?:((?:\w+\.)?(?:\w+_)?id)\s*(?:=|!=|<>|(?:not\s+)?in)\s*)?%s", re.I)
"""A parameter of a query, with the column that it is compared with or set to."""


def judge_call(node: ast.Call, bound: Bound) -> Iterable[Found]:
    function = node.func
    if function.__class__ is ast.Attribute and function.attr in _METHODS:
        return _method(node, function.attr, bound)
    name = dotted(function).rpartition(".")[2]
    if name == "Domain":
        return condition(node, node.args, bound)
    return _environment(node, name) if name in ("env", "Environment") else _keywords(node)


def _method(node: ast.Call, name: str, bound: Bound) -> Iterator[Found]:
    first = node.args[0] if node.args else None
    if first is not None:
        number = first_number(first)
        if number and name == "browse":
            yield Found(node, f"browse({number})")
        elif number and name == "with_company":
            yield Found(node, f"with_company({number})")
        elif number > 1 and name in ("with_user", "sudo"):
            yield Found(node, f"{name}({number})")
        elif number and name in _COMMANDS and _is_command(node.func.value):  # type: ignore[attr-defined]
            yield Found(node, f"Command.{name}({number})")
        elif name.startswith("execute"):
            yield from _sql(node, first, bound)
    for word in node.keywords:
        value = word.value.body if isinstance(word.value, ast.Lambda) else word.value
        number = first_number(value)
        if name == "Many2many" and word.arg == "default" and isinstance(value, ast.List):
            number = next((found for item in value.elts if (found := command(item))), 0)
        if not number:
            continue
        if name in _TAKING and word.arg and is_reference(word.arg):
            where = "in the context" if name == "with_context" else f"for {name}()"
            yield Found(node, f"{word.arg}={number} {where}")
        elif (name, word.arg) in _NAMED and number > (name == "with_user"):
            yield Found(node, f"{name}({number})")
        elif name in ("Many2one", "Many2many") and word.arg == "default":
            yield Found(node, f"default={number} of a {name}")
    if name == "browse":
        yield from _browsed(node, bound)
    elif name in ("env", "Environment"):
        yield from _environment(node, name)
    elif name == "setdefault":
        yield from _default(node, bound)
    if name not in _TAKING:
        yield from _keywords(node)


def _environment(node: ast.Call, name: str) -> Iterator[Found]:
    """``env(user=2)`` and ``api.Environment(cr, 2, {})``; 1 is the superuser."""
    named = [word.value for word in node.keywords if word.arg in ("user", "uid")]
    given = named or (node.args[1:2] if name == "Environment" else [])
    number = number_of(given[0]) if given else 0
    if number > 1:
        yield Found(node, f"user {number} of an environment")


def _default(node: ast.Call, bound: Bound) -> Iterator[Found]:
    """``values.setdefault("company_id", 1)``."""
    if len(node.args) != 2:
        return
    key, value = node.args
    name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
    if name.endswith("_id") and is_reference(name) and single(value, bound):
        yield Found(node, f"{name}: {single(value, bound)}", False, name)


def _keywords(node: ast.Call) -> Iterator[Found]:
    """``dict(company_id=1)``, ``values.update(company_id=1)``, ``self.refill(location_id=2)``."""
    for word in node.keywords:
        if word.arg and word.arg.endswith("_id") and is_reference(word.arg) and number_of(word.value):
            yield Found(word.value, f"{word.arg}={number_of(word.value)}", False, word.arg)


def _browsed(node: ast.Call, bound: Bound) -> Iterator[Found]:
    """``browse(PARTNER)``, where the name stands for a number."""
    if len(node.args) != 1:
        return
    given = node.args[0]
    if isinstance(given, ast.List | ast.Tuple) and len(given.elts) == 1:
        given = given.elts[0]
    if isinstance(given, ast.Name | ast.Attribute) and bound.number(given):
        yield Found(node, f"browse({dotted(given)}), which is {bound.number(given)},")


def _is_command(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == "Command") or (
        isinstance(node, ast.Attribute) and node.attr == "Command"
    )


def _sql(node: ast.Call, query: ast.expr, bound: Bound) -> Iterator[Found]:
    given = node.args[1] if len(node.args) > 1 else None
    if isinstance(query, ast.Call) and dotted(query.func).endswith("SQL"):
        given = ast.Tuple(query.args[1:])
    for text in bound.texts.get(query.id, []) if isinstance(query, ast.Name) else [text_of(query)]:
        match = _SQL.search(text)
        if match:
            yield Found(node, f"{match[1]} = {match[2]} in SQL")
            return
        if given is not None and (found := _parameter(text, given)):
            yield Found(node, f"{found} in SQL")
            return


def _parameter(text: str, given: ast.expr) -> str:
    """The first number which a query gets for ``id = %s``."""
    holes = [match[1] for match in _HOLE.finditer(text)]
    values = given.elts if isinstance(given, ast.Tuple | ast.List) else []
    for name, value in zip(holes, values, strict=False):
        items = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
        number = next((found for item in items if (found := number_of(item))), 0)
        if name and number and is_reference(name.rpartition(".")[2]):
            return f"{name} = {number}"
    return ""
