"""Where a literal gets a name in Python: assignments, arguments, dicts, comparisons, defaults."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from odoo_debt_lint.checks.security._secrets import PASSWORD, TOKEN, kind_of
from odoo_debt_lint.python.literals import dotted, resolve

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

_HEADER = re.compile(
    r"(?:bearer|basic|token|apikey|api-key)\s+(\S{8,})$|((?=(?:\D*\d){3})[\w.~+/=-]{16,})$", re.I
)
"""What a header proves its sender with, after the way's name or without: then it is long and has digits."""
_HEADERS = frozenset({"authorization", "proxy-authorization"})
_LOOKUPS = frozenset({"get", "getenv", "get_param", "set_param", "setdefault", "pop"})
_PARAMETERS = frozenset({"getenv", "get_param", "set_param"})
_EQUALITY = frozenset({ast.Eq, ast.NotEq})
_MEMBERSHIP = frozenset({ast.In, ast.NotIn})
_FIELDS = frozenset({"odoo.fields", "fields", "openerp.fields"})
_LAST_IS_PASSWORD = {"login": 1, "authenticate": 2, "execute_kw": 2, "HTTPBasicAuth": 1, "HTTPDigestAuth": 1}
"""Calls that take a password at this position."""
_SIGNING = {
    "jwt.encode": 1,
    "jwt.decode": 1,
    "jose.jwt.encode": 1,
    "jose.jwt.decode": 1,
    "hmac.new": 0,
    "hmac.digest": 0,
}
"""Calls that take the key of a signature at this position."""
_POSITIONAL = _LOOKUPS.union(_LAST_IS_PASSWORD, (name.rpartition(".")[2] for name in _SIGNING))


@dataclass(frozen=True, slots=True)
class Place:
    """A text literal and what it is called; ``loose`` as in ``is_secret``."""

    node: ast.Constant
    name: str
    kind: str
    value: str
    loose: bool = False


def named(file: PythonFile) -> Iterator[Place]:
    """Every literal of the file that goes by a name of a secret."""
    for statement in file.skeleton.statements:
        if statement.__class__ is ast.Assign:
            for target in statement.targets:
                yield from _unpacked(target, statement.value)
                places = _places(name_of(target), statement.value)
                yield from places if not places or not _is_key(target, file) else ()
                if isinstance(statement.value, ast.Call):
                    yield from _field_default(name_of(target), statement.value, file)
        elif statement.__class__ is ast.AnnAssign and statement.value is not None:
            yield from _places(name_of(statement.target), statement.value)
    kinds = file.skeleton.kinds
    for node in kinds[ast.Dict]:
        for key, value in zip(node.keys, node.values, strict=True):
            if key.__class__ is ast.Constant:
                yield from _in_dict(key, value)
    for node in kinds[ast.Compare]:
        if node.ops[0].__class__ in _EQUALITY and len(node.ops) == 1:
            yield from _places(name_of(node.left), node.comparators[0])
            yield from _places(name_of(node.comparators[0]), node.left)
        elif node.ops[0].__class__ in _MEMBERSHIP and len(node.ops) == 1:
            for item in _items(node.comparators[0]):
                yield from _places(name_of(node.left), item, loose=True)
    for node in kinds[ast.NamedExpr]:
        yield from _places(node.target.id, node.value)
    for node in kinds[ast.arguments]:
        if node.defaults or node.kw_defaults:
            yield from _defaults(node)
    for node in kinds[ast.Call]:
        if node.keywords or len(node.args) > 1:
            yield from _passed(node, file)


def _items(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else []


def _unpacked(target: ast.expr, value: ast.expr) -> Iterator[Place]:
    """``user, password = "shop", "..."``."""
    names, values = _items(target), _items(value)
    for name, item in zip(names, values, strict=False) if len(names) == len(values) else ():
        yield from _places(name_of(name), item)


def _is_key(target: ast.expr, file: PythonFile) -> bool:
    """``PARAM_PASS = "shop_passkey"`` and ``get_param(PARAM_PASS)``: where it is kept, not what it is."""
    return isinstance(target, ast.Name) and any(
        isinstance(node.func, ast.Attribute | ast.Name)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id) in _PARAMETERS
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id == target.id
        for node in file.skeleton.kinds[ast.Call]
        if node.args
    )


def name_of(node: ast.expr) -> str:
    """The name by which an expression goes: of a variable, an attribute, a key, or what is looked up."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        return _constant(node.slice)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        return _constant(node.args[0]).rpartition(".")[2] if node.func.attr in _LOOKUPS else ""
    return ""


def _constant(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _texts(node: ast.expr) -> Iterator[ast.Constant]:
    """The literals which an expression may yield: ``x or "text"``, ``"a" if x else "b"``."""
    if isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _texts(value)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        yield node


def _places(name: str, value: ast.expr, loose: bool = False) -> Collection[Place]:
    if name.lower() in _HEADERS:
        return _in_header(name, value)
    kind = kind_of(name) if name else ""
    return [Place(node, name, kind, _decoded(node), loose) for node in _texts(value)] if kind else ()


def _decoded(node: ast.Constant) -> str:
    return node.value.decode("latin-1") if isinstance(node.value, bytes) else str(node.value)


def _in_dict(key: ast.expr | None, value: ast.expr) -> Iterable[Place]:
    return _places(_constant(key), value, loose=True)


def _in_header(name: str, value: ast.expr) -> list[Place]:
    matches = ((node, _HEADER.match(_decoded(node))) for node in _texts(value))
    return [Place(node, name, TOKEN, match[1] or match[2]) for node, match in matches if match is not None]


def _field_default(name: str, call: ast.Call, file: PythonFile) -> Iterator[Place]:
    """``api_key = fields.Char(default="...")``: no definition is a secret, but what records begin with is."""
    if resolve(dotted(call.func), file.names).rpartition(".")[0] in _FIELDS:
        for word in call.keywords:
            if word.arg == "default":
                yield from _places(name, word.value, loose=True)


def _defaults(node: ast.arguments) -> Iterator[Place]:
    positional = [*node.posonlyargs, *node.args]
    for argument, value in zip(
        positional[len(positional) - len(node.defaults) :], node.defaults, strict=True
    ):
        yield from _places(argument.arg, value)
    for argument, default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
        if default is not None:
            yield from _places(argument.arg, default)


def _passed(node: ast.Call, file: PythonFile) -> Iterator[Place]:
    words = [word for word in node.keywords if word.arg and (word.arg == "auth" or kind_of(word.arg))]
    last = _last_name(node.func, file)
    if not words and last not in _POSITIONAL:
        return
    called = resolve(dotted(node.func), file.names)
    if called.rpartition(".")[0] in _FIELDS:
        return
    for word in words:
        if word.arg == "auth" and isinstance(word.value, ast.Tuple) and len(word.value.elts) == 2:
            yield from _places(PASSWORD, word.value.elts[1])
        else:
            yield from _places(word.arg or "", word.value)
    if last in _LOOKUPS and len(node.args) > 1:
        yield from _places(_constant(node.args[0]).rpartition(".")[2], node.args[1])
    index = _LAST_IS_PASSWORD.get(last)
    if index is not None and len(node.args) > index:
        yield from _places(PASSWORD, node.args[index])
    index = _SIGNING.get(called)
    if index is not None and len(node.args) > index:
        yield from _places("signing_key", node.args[index])


def _last_name(function: ast.expr, file: PythonFile) -> str:
    """The name of what is called, without what it belongs to."""
    if isinstance(function, ast.Attribute):
        return function.attr
    if isinstance(function, ast.Name):
        return file.names.get(function.id, function.id).rpartition(".")[2]
    return ""
