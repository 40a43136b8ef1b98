"""Literal database ids in Python: where a number stands for a record."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from odoo_debt_lint.python.trees import nodes_of

RELATIONAL = re.compile(r"(?:^|\.)(?:id|ids|\w+_ids?)$")
FOREIGN = re.compile(
    r"^search_default_|^(number|nb|count|qty)_|^(self|client|app|application|merchant|chat|device|session|request|external|remote|api|instance|"
    r"tracking|pixel|terminal|message|vendor|thread|channel_type|process|public|tenant|realm|batch|page|error|"
    r"status|unit|bus|queue)_id$"
)
"""Names that look like references and are none: filters to switch on, ids of other systems."""
_COMMANDS = frozenset({"set", "link", "unlink", "delete", "update"})
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
CANDIDATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"browse\(\s*[\[(]*\s*\d",
        r"ids?[\"']\s*,\s*\\?[\"'][^\"'\n]*[\"']\s*,\s*[\[(]?\s*\d",
        r"_id[\"']\s*:\s*\d",
        r"_ids?[\"']\s*:\s*\[\s*[\[(]\s*[1-6]",
        r"browse\(\s*[\[(]*\s*[A-Za-z_]\w*\s*[\]),]",
        r"\buid\s*[=!]=\s*\d",
        r"\.ids?\s*(?:[=!]=|in\b|not\s+in\b)\s*[\[({]?\s*\d",
        r"==\s*[\w.]+\.id\b",
        r"_id[\"']?\]?\s*=\s*\d",
        r"get\(\s*[\"']\w+_id[\"']\s*\)\s*[!=]=\s*\d",
        r"with_(?:company|user)\(\s*\d",
        r"sudo\(\s*\d",
        r"Command\.\w+\(\s*[\[\d]",
        r"Many2one\([^)]*default\s*=\s*(?:lambda\b[^:]*:\s*)?\d",
        r"execute\(",
    )
)
"""What a function must hold to be worth a walk."""


class Found(NamedTuple):
    """``sure``: the number can be nothing but the id of a record; ``name``: the field that gets it."""

    node: ast.expr | ast.stmt
    what: str
    sure: bool = True
    name: str = ""


def literal_ids(tree: ast.AST, constants: Mapping[str, int] = MappingProxyType({})) -> Iterator[Found]:
    """Every literal id of a function or statement; ``constants``: numbers which the module names."""
    nodes = nodes_of(tree)
    texts = _assigned_texts(nodes)
    named = {**constants, **_assigned_numbers(nodes)}
    for node in nodes:
        if isinstance(node, ast.Call):
            yield from _call(node, texts)
            yield from _browsed(node, named)
        elif isinstance(node, ast.Tuple | ast.List):
            yield from _leaf(node)
        elif isinstance(node, ast.Dict):
            yield from _dict(node)
        elif isinstance(node, ast.Compare):
            yield from _compare(node)
        elif isinstance(node, ast.Assign):
            yield from _assign(node)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and (match := LEAF.search(node.value))
        ):
            if len(node.value) < 2000 and not FOREIGN.search(match[1]):
                yield Found(node, f"({match[1]}, …, {match[2]})")


def _number(node: ast.expr) -> int:
    """The value of a positive integer literal; 0 for anything else."""
    if isinstance(node, ast.Constant) and type(node.value) is int and node.value > 0:
        return node.value
    return 0


def _numbers(node: ast.expr) -> int:
    """The first positive integer of a literal or of a list of literals."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        if all(isinstance(item, ast.Constant) for item in node.elts):
            return next((number for item in node.elts if (number := _number(item))), 0)
        return 0
    return _number(node)


def _call(node: ast.Call, texts: dict[str, list[str]]) -> Iterator[Found]:
    if not isinstance(node.func, ast.Attribute):
        if isinstance(node.func, ast.Name) and node.func.id == "dict":
            yield from _dict_call(node)
        return
    name, first = node.func.attr, node.args[0] if node.args else None
    if first is not None:
        number = _numbers(first)
        if number and name == "browse":
            yield Found(node, f"browse({number})")
        elif number and name == "with_company":
            yield Found(node, f"with_company({number})")
        elif number > 1 and name in ("with_user", "sudo"):
            yield Found(node, f"{name}({number})")
        elif number and name in _COMMANDS and _is_command(node.func.value):
            yield Found(node, f"Command.{name}({number})")
        elif name == "execute":
            yield from _sql(node, first, texts)
    for word in node.keywords:
        number = _number(word.value.body if isinstance(word.value, ast.Lambda) else word.value)
        if not number:
            continue
        if name == "with_context" and word.arg and _is_reference(word.arg):
            yield Found(node, f"{word.arg}={number} in the context")
        elif name == "Many2one" and word.arg == "default":
            yield Found(node, f"default={number} of a Many2one")


def _dict_call(node: ast.Call) -> Iterator[Found]:
    """``dict(company_id=1)``."""
    for word in node.keywords:
        if word.arg and word.arg.endswith("_id") and _is_reference(word.arg) and _number(word.value):
            yield Found(word.value, f"{word.arg}={_number(word.value)}", False, word.arg)


def _browsed(node: ast.Call, named: Mapping[str, int]) -> Iterator[Found]:
    """``browse(PARTNER)``, where the name stands for a number."""
    if not (isinstance(node.func, ast.Attribute) and node.func.attr == "browse" and len(node.args) == 1):
        return
    given = node.args[0]
    if isinstance(given, ast.List | ast.Tuple) and len(given.elts) == 1:
        given = given.elts[0]
    if isinstance(given, ast.Name) and named.get(given.id):
        yield Found(node, f"browse({given.id}), which is {named[given.id]},")


def _assigned_numbers(nodes: list[ast.AST]) -> dict[str, int]:
    """What a function binds itself; 0 for a name that is no number, or not always the same one."""
    named: dict[str, int] = {}
    for node in nodes:
        if isinstance(node, ast.arg):
            named[node.arg] = 0
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            named[node.id] = 0 if node.id in named else -1
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            if named.get(node.targets[0].id) == -1:
                named[node.targets[0].id] = _number(node.value)
    return {name: max(number, 0) for name, number in named.items()}


def _is_command(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == "Command") or (
        isinstance(node, ast.Attribute) and node.attr == "Command"
    )


def _is_reference(name: str) -> bool:
    return bool(RELATIONAL.search(name)) and not FOREIGN.search(name)


def _leaf(node: ast.Tuple | ast.List) -> Iterator[Found]:
    """A condition of a domain."""
    if len(node.elts) != 3:
        return
    field, operator, value = node.elts
    if not (isinstance(field, ast.Constant) and isinstance(operator, ast.Constant)):
        return
    if isinstance(field.value, str) and operator.value in _OPERATORS and _is_reference(field.value):
        number = _numbers(value)
        if number:
            yield Found(node, f"({field.value}, {operator.value}, {number})", name=field.value)


def _dict(node: ast.Dict) -> Iterator[Found]:
    """Values and contexts."""
    for key, value in zip(node.keys, node.values, strict=True):
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str) and _is_reference(key.value)):
            continue
        number = _number(value) if key.value.endswith("_id") else 0
        linked = isinstance(value, ast.List)
        if isinstance(value, ast.List):
            number = next((found for item in value.elts if (found := _command(item))), 0)
        if number:
            yield Found(key, f"{key.value!r}: {number}", linked, key.value)


def _command(node: ast.expr) -> int:
    """The id in ``(4, id)`` or ``(6, 0, ids)``."""
    if not isinstance(node, ast.Tuple | ast.List) or len(node.elts) < 2:
        return 0
    kind = node.elts[0]
    if not isinstance(kind, ast.Constant) or type(kind.value) is not int or not 1 <= kind.value <= 6:
        return 0
    return _numbers(node.elts[-1]) if kind.value == 6 else _number(node.elts[1])


def _compare(node: ast.Compare) -> Iterator[Found]:
    if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn):
        return
    for one, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
        if isinstance(one, ast.Attribute) and one.attr in ("id", "ids"):
            number = _numbers(other)
            if number:
                yield Found(node, f".{one.attr} compared with {number}")
        elif (name := _looked_up(one)) and _number(other):
            yield Found(node, f"{name} compared with {_number(other)}", False, name)
        elif isinstance(one, ast.Attribute) and one.attr in ("uid", "_uid") and _number(other) > 1:
            yield Found(node, f".{one.attr} compared with {_number(other)}")


def _looked_up(node: ast.expr) -> str:
    """The field in ``vals.get("field_id")`` or ``vals["field_id"]``."""
    key: ast.expr | None = None
    if isinstance(node, ast.Subscript):
        key = node.slice
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        key = node.args[0] if node.args else None
    name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
    return name if name.endswith("_id") and _is_reference(name) else ""


def _assign(node: ast.Assign) -> Iterator[Found]:
    number = _number(node.value)
    for target in node.targets if number else ():
        name = _target(target)
        if name.endswith("_id") and _is_reference(name):
            yield Found(node, f"{name} = {number}", False, name)


def _target(node: ast.expr) -> str:
    """The field in ``record.field`` or ``vals["field"]``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    key = node.slice if isinstance(node, ast.Subscript) else None
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


def _assigned_texts(nodes: list[ast.AST]) -> dict[str, list[str]]:
    """Text that is put into variables, by their name."""
    texts: dict[str, list[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            text = _text(node.value)
            if text:
                texts.setdefault(node.targets[0].id, []).append(text)
    return texts


def _text(node: ast.expr) -> str:
    """The literal parts of a text, holes as blanks."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return " ".join(_text(item) for item in node.values if isinstance(item, ast.Constant))
    if isinstance(node, ast.BinOp):
        return _text(node.left) + " " + _text(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _text(node.func.value)
    if isinstance(node, ast.Call) and node.args:
        return _text(node.args[0])
    return ""


def _sql(node: ast.Call, query: ast.expr, texts: dict[str, list[str]]) -> Iterator[Found]:
    candidates = texts.get(query.id, []) if isinstance(query, ast.Name) else [_text(query)]
    for text in candidates:
        match = _SQL.search(text)
        if match:
            yield Found(node, f"{match[1]} = {match[2]} in SQL")
            return
