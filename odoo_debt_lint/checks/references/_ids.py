"""Literal database ids in Python: where a number stands for a record."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from odoo_debt_lint.checks.references._bound import Bound, first_number, number_of, text_of
from odoo_debt_lint.checks.references._pieces import candidates
from odoo_debt_lint.python.trees import nodes_of

RELATIONAL = re.compile(r"(?:^|\.)(?:id|ids|\w+_ids?|force_company)$")
FOREIGN = re.compile(
    r"^search_default_|^(number|nb|count|qty|hide|show|skip|is|has|only|ignore|disable|enable|allow)_|^(self|client|app|application|merchant|chat|device|session|request|external|remote|api|instance|"
    r"tracking|pixel|terminal|message|vendor|thread|channel_type|process|public|tenant|realm|batch|page|error|"
    r"status|unit|bus|queue)_id$|_merchant_id$"
)
"""Names that look like references and are none: filters to switch on, ids of other systems."""
_COMMANDS = frozenset({"set", "link", "unlink", "delete", "update"})
_TAKING = frozenset(
    {"with_context", "message_post", "message_notify", "message_subscribe", "activity_schedule"}
)
"""Methods whose keywords are fields or keys of the context."""
_METHODS = (
    _COMMANDS
    | _TAKING
    | {"browse", "with_company", "with_user", "sudo", "execute", "Many2one", "Many2many", "setdefault"}
)
_OPERATORS = frozenset({"=", "!=", "in", "not in", "=?", "child_of", "parent_of"})
LEAF = re.compile(
    r"[\"']((?:\w+\.)*(?:id|\w+_ids?))[\"']\s*,\s*[\"'](?:=|!=|in|not in|=\?|child_of|parent_of)[\"']\s*,\s*"
    r"[\[(]?\s*([1-9]\d*)\b"
)
"""A condition with a number in a domain that is text."""
_SQL = re.compile(
    r"(?<![\w%\"])((?:\w+\.)?\"?(?:\w+_)?id\"?)\s*(?:=|!=|<>|(?:not\s+)?in\s*\()\s*"
    r"([1-9]\d*)\b(?!\s*[=<>.])",
    re.I,
)
CANDIDATES = candidates(
    r"id(?:s?[\"']\s*,\s*\\?[\"'][^\"'\n]*[\"']\s*,\s*[\[(]?\s*\d|"
    r"(?<=_id)(?:[\"']\s*:\s*\d|s?[\"']\s*:\s*\[\s*[\[(]\s*[1-6]|[\"']?\]?\s*=\s*\d|"
    r"s(?:[\"']\])?\s*=\s*\[\s*[\[(]\s*[1-6])|"
    r"(?<=\.id)s?\s*(?:[=!]=|in\b|not\s+in\b)\s*[\[({]?\s*\d)",
    browse=r"browse\(\s*(?:ids\s*=\s*)?[\[(]*\s*(?:\d|[A-Za-z_]\w*\s*[\]),])",
    uid=r"uid(?<!\wuid)\s*[=!]=\s*\d",
    id=r"==\s*[\w.]+\.id\b",
    setdefault=r"setdefault\(\s*[\"']\w+_id[\"']\s*,\s*\d",
    get=r"get\(\s*[\"']\w+_id[\"']\s*\)\s*[!=]=\s*\d",
    with_company=r"with_company\(\s*\d",
    with_user=r"with_user\(\s*\d",
    sudo=r"sudo\(\s*\d",
    Command=r"Command\.\w+\(\s*[\[\d]",
    Many2one=r"Many2one\([^)]*default\s*=\s*(?:lambda\b[^:]*:\s*)?\d",
    Many2many=r"Many2many\([^)]*default\s*=\s*(?:lambda\b[^:]*:\s*)?\[\s*\(",
    execute=r"execute\(",
    force_company=r"force_company[\"']?\s*[:=]\s*\d",
    allowed_company_ids=r"allowed_company_ids[\"']?\s*[:=]\s*[\[(]\s*\d",
    partner_ids=r"partner_ids\s*=\s*\[\s*\d",
)
"""What a function must hold to be worth a walk."""
BY_NAME = candidates(
    r"id(?:s?[\"']\s*,\s*[\"'][^\"'\n]*[\"']\s*,\s*\[?[A-Z_]|"
    r"(?<=_id)(?:[\"']\s*:\s*[A-Z_]|(?:[\"']\s*\])?\s*=\s*[A-Z_])|(?<=\.id)s?\s*(?:[=!]=|in\b|not\s+in\b)\s*[A-Z_])",
)
"""The same in a file that gives names to numbers."""


class Found(NamedTuple):
    """``sure``: the number can be nothing but the id of a record; ``name``: the field that gets it."""

    node: ast.expr | ast.stmt
    what: str
    sure: bool = True
    name: str = ""


def literal_ids(tree: ast.AST, constants: Mapping[str, int] = MappingProxyType({})) -> Iterator[Found]:
    """Every literal id of a function or statement; ``constants``: numbers which the module names."""
    nodes = nodes_of(tree)
    bound = Bound(nodes, constants)
    for node in nodes:
        judge = _JUDGES.get(node.__class__)
        if judge is not None:
            yield from judge(node, bound)


def _call(node: ast.Call, bound: Bound) -> Iterable[Found]:
    function = node.func
    if function.__class__ is ast.Attribute:
        name: str = function.attr
        return _method(node, name, bound) if name in _METHODS else ()
    return _dict_call(node) if function.__class__ is ast.Name and function.id == "dict" else ()


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
        elif name == "execute":
            yield from _sql(node, first, bound)
    for word in node.keywords:
        value = word.value.body if isinstance(word.value, ast.Lambda) else word.value
        number = first_number(value)
        if name == "Many2many" and word.arg == "default" and isinstance(value, ast.List):
            number = next((found for item in value.elts if (found := _command(item))), 0)
        if not number:
            continue
        if name in _TAKING and word.arg and _is_reference(word.arg):
            where = "in the context" if name == "with_context" else f"for {name}()"
            yield Found(node, f"{word.arg}={number} {where}")
        elif name == "browse" and word.arg == "ids":
            yield Found(node, f"browse({number})")
        elif name in ("Many2one", "Many2many") and word.arg == "default":
            yield Found(node, f"default={number} of a {name}")
    if name == "browse":
        yield from _browsed(node, bound)
    elif name == "setdefault":
        yield from _default(node, bound)
    elif name == "update":
        yield from _dict_call(node)


def _default(node: ast.Call, bound: Bound) -> Iterator[Found]:
    """``values.setdefault("company_id", 1)``."""
    key, *values = node.args
    name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
    if name.endswith("_id") and _is_reference(name) and values and _single(values[0], bound):
        yield Found(node, f"{name}: {_single(values[0], bound)}", False, name)


def _dict_call(node: ast.Call) -> Iterator[Found]:
    """``dict(company_id=1)`` and ``values.update(company_id=1)``."""
    for word in node.keywords:
        if word.arg and word.arg.endswith("_id") and _is_reference(word.arg) and number_of(word.value):
            yield Found(word.value, f"{word.arg}={number_of(word.value)}", False, word.arg)


def _browsed(node: ast.Call, bound: Bound) -> Iterator[Found]:
    """``browse(PARTNER)``, where the name stands for a number."""
    if len(node.args) != 1:
        return
    given = node.args[0]
    if isinstance(given, ast.List | ast.Tuple) and len(given.elts) == 1:
        given = given.elts[0]
    if isinstance(given, ast.Name) and bound.numbers.get(given.id):
        yield Found(node, f"browse({given.id}), which is {bound.numbers[given.id]},")


def _is_command(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == "Command") or (
        isinstance(node, ast.Attribute) and node.attr == "Command"
    )


def _is_reference(name: str) -> bool:
    return bool(RELATIONAL.search(name)) and not FOREIGN.search(name)


def _leaf(node: ast.Tuple | ast.List, bound: Bound) -> Iterable[Found]:
    """A condition of a domain."""
    if len(node.elts) != 3:
        return ()
    field, operator, value = node.elts
    if not (isinstance(field, ast.Constant) and isinstance(operator, ast.Constant)):
        return ()
    if isinstance(field.value, str) and operator.value in _OPERATORS and _is_reference(field.value):
        number = bound.number(value)
        if number:
            return (Found(node, f"({field.value}, {operator.value}, {number})", name=field.value),)
    return ()


def _dict(node: ast.Dict, bound: Bound) -> Iterator[Found]:
    """Values and contexts."""
    for key, value in zip(node.keys, node.values, strict=True):
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str) and _is_reference(key.value)):
            continue
        number = _single(value, bound) if key.value.endswith(("_id", "_company")) else 0
        linked = isinstance(value, ast.List)
        if key.value == "allowed_company_ids":
            number = first_number(value)
        elif isinstance(value, ast.List):
            number = next((found for item in value.elts if (found := _command(item))), 0)
        if number:
            yield Found(key, f"{key.value!r}: {number}", linked, key.value)


def _single(node: ast.expr, bound: Bound) -> int:
    """A number, or what the name of one stands for."""
    return bound.number(node) if isinstance(node, ast.Name) else number_of(node)


def _command(node: ast.expr) -> int:
    """The id in ``(4, id)`` or ``(6, 0, ids)``."""
    if not isinstance(node, ast.Tuple | ast.List) or len(node.elts) < 2:
        return 0
    kind = node.elts[0]
    if not isinstance(kind, ast.Constant) or type(kind.value) is not int or not 1 <= kind.value <= 6:
        return 0
    return first_number(node.elts[-1]) if kind.value == 6 else number_of(node.elts[1])


def _compare(node: ast.Compare, bound: Bound) -> Iterator[Found]:
    if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn):
        return
    for one, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
        if isinstance(one, ast.Attribute) and one.attr in ("id", "ids"):
            number = bound.number(other)
            if number:
                yield Found(node, f".{one.attr} compared with {number}")
        elif (name := _looked_up(one)) and number_of(other):
            yield Found(node, f"{name} compared with {number_of(other)}", False, name)
        elif isinstance(one, ast.Attribute) and one.attr in ("uid", "_uid") and number_of(other) > 1:
            yield Found(node, f".{one.attr} compared with {number_of(other)}")


def _looked_up(node: ast.expr) -> str:
    """The field in ``vals.get("field_id")`` or ``vals["field_id"]``."""
    key: ast.expr | None = None
    if isinstance(node, ast.Subscript):
        key = node.slice
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        key = node.args[0] if node.args else None
    name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
    return name if name.endswith("_id") and _is_reference(name) else ""


def _assign(node: ast.Assign, bound: Bound) -> Iterable[Found]:
    if isinstance(node.value, ast.List):
        number = next((found for item in node.value.elts if (found := _command(item))), 0)
        return _assigned(node, number, "_ids", True) if number else ()
    number = _single(node.value, bound)
    return _assigned(node, number, "_id", False) if number else ()


def _assigned(node: ast.Assign, number: int, ending: str, sure: bool) -> Iterator[Found]:
    for target in node.targets:
        name = _target(target)
        if name.endswith(ending) and _is_reference(name):
            yield Found(node, f"{name} = {number}", sure, name)


def _target(node: ast.expr) -> str:
    """The field in ``record.field`` or ``vals["field"]``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    key = node.slice if isinstance(node, ast.Subscript) else None
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


def _sql(node: ast.Call, query: ast.expr, bound: Bound) -> Iterator[Found]:
    for text in bound.texts.get(query.id, []) if isinstance(query, ast.Name) else [text_of(query)]:
        match = _SQL.search(text)
        if match:
            yield Found(node, f"{match[1]} = {match[2]} in SQL")
            return


def _constant(node: ast.Constant, _: Bound) -> Iterable[Found]:
    """A domain that is text."""
    text = node.value
    if isinstance(text, str) and len(text) < 2000:
        match = LEAF.search(text)
        if match and not FOREIGN.search(match[1]):
            return (Found(node, f"({match[1]}, …, {match[2]})"),)
    return ()


_JUDGES: dict[type[ast.AST], Callable[[Any, Bound], Iterable[Found]]] = {
    ast.Call: _call,
    ast.Tuple: _leaf,
    ast.List: _leaf,
    ast.Dict: _dict,
    ast.Compare: _compare,
    ast.Assign: _assign,
    ast.Constant: _constant,
}
