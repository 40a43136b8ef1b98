"""Server, address, mailbox, database or folder of one installation in code.

## What it does
Reports text in Python, also in the code of server actions, which fits one installation only: URLs of own
servers (private addresses, internal names, hosts such as `erp.` or `prod.`, databases on odoo.com, the domain
of the manifest's website), IP addresses, e-mail addresses, names of databases and absolute paths.

## Why is this bad
A copy of the database in a test system talks to the production server and sends mail to real people. On
another server the path does not exist.

## How to fix
Read it from `ir.config_parameter`, a field of the company, `odoo.tools.config` or the environment; use
`tempfile` and `odoo.tools.file_path` for files.

## Not reported
Documentation and public services, also that of its own connector (`payment_x` of x.com); XML namespaces,
placeholders such as example.com, loopback addresses, networks, help texts and docstrings, routes; files that
a generator has written (and says so at their top); tests, migrations and scripts. What holds when nothing is
set has low confidence, and so have folders and services of the same host as default of a field.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from odoo_debt_lint.addons.manifest import NAMES
from odoo_debt_lint.checks.references import _environment as environment
from odoo_debt_lint.checks.references._pieces import candidates, pieces
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.python.trees import FIELDS, nodes_of
from odoo_debt_lint.rule import (
    Block,
    Confidence,
    Hit,
    Hits,
    Mark,
    Marks,
    OnAddon,
    OnModule,
    Rule,
    Severity,
)

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

_TELLING = frozenset(
    (
        "help string placeholder description summary label pattern title author author_email maintainer "
        "maintainer_email"
    ).split()
)
"""Arguments that are read by people."""
_ASKING = re.compile(r"(^get$|getenv|get_param|^get_|setdefault|getattr|^_get_)")
"""Calls whose text is what holds when nothing is set."""
_SHORT = 5
"""A name of a service that is no longer may be a part of other words."""
_DATABASE = re.compile(r"db|dbname|db_name|database|database_name", re.I)
_DATABASES = candidates(
    r"db(?:_?name\s*(?:=|!=|in\b|not\b)|\s*=|_connect\()",
    r"DB(?:_?NAME)?\s*=",
    r"database(?:_name)?\s*=",
    r"DATABASE(?:_NAME)?\s*=",
    r"egistry\(",
)
"""What a function that names a database must hold."""
_CONNECT = frozenset({"db_connect", "Registry", "registry"})
_NAMES = ("db", "dbname", "db_name", "database", "database_name")
_WORDS = _CONNECT.union(_NAMES, map(str.upper, _NAMES), map(str.capitalize, _NAMES))
"""Words of which a file that names a database holds one."""
_DSN = re.compile(r"(?:^|\s)dbname=([\w-]+)")
_NO_DATABASE = frozenset({"postgres", "template0", "template1", "", "test", "database", "db"})
_PLACEHOLDER = re.compile(r"your|example|placeholder|xxx|^my_?(db|database)$", re.I)
_GENERATED = re.compile(r"^#.*\b(?:(?:auto(?:matically)?[- ]?)?generated\b.*\bby\b|do not edit)", re.I | re.M)
_CONNECTOR = re.compile(r"(^|[-+])(payment|delivery|sms)_|^pos_\w*payment|_edi_")
_LONG, _LONGEST = 500, 20_000
"""Characters from which on a text is only asked for URLs, and for nothing."""
_HEADER = 8
"""Lines in which a generator says that it has written the file."""


class _Text(NamedTuple):
    node: ast.expr
    value: str
    soft: str


def note(file: PythonFile) -> Marks:
    # the manifest of an example that lies in the addon names its author
    if posixpath.basename(file.path) in NAMES or _GENERATED.search("\n".join(file.text.lines[:_HEADER])):
        return
    for piece in pieces(file, environment.HINTS):
        for item in _texts(piece):
            for url in environment.URL.finditer(item.value):
                # a service of the same host or compose project is what a default is for
                soft = item.soft == "asked" or (item.soft == "field" and "." not in url[1])
                data = {"host": url[1], "path": url[2] or "", "soft": soft}
                yield Mark(file.skeleton.span(item.node), data)
            found = _judge(item.value) if len(item.value) < _LONG else ""
            if found:
                soft = item.soft == "asked" or (item.soft == "field" and found.startswith("path"))
                yield Mark(file.skeleton.span(item.node), {"what": found, "soft": soft})
    for piece in pieces(file, _DATABASES) if not _WORDS.isdisjoint(file.words) else ():
        for node, name in _databases(piece):
            yield Mark(file.skeleton.span(node), {"what": f"database {name}", "soft": False})


def _judge(text: str) -> str:
    """What a text without a URL says of an installation."""
    if "://" in text:
        return ""
    if path := environment.own_path(text):
        return f"path {path}"
    if mailbox := environment.mailbox(text):
        return f"e-mail address {mailbox}"
    address = environment.address_in(text)
    return f"address {address}" if address else ""


def _texts(tree: ast.AST) -> Iterator[_Text]:
    """String constants that are neither docstrings, decorators nor for people; ``soft`` ones hold only where
    nothing else is set: ``asked`` for in code, or a ``field``'s default. The parts of an f-string stand where
    all of it does: only Python 3.12 and later know their places."""
    stack: list[tuple[ast.AST, str, ast.JoinedStr | None]] = [(tree, "", None)]
    while stack:
        node, soft, whole = stack.pop()
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and 4 < len(node.value) < _LONGEST:
                yield _Text(whole or node, node.value, soft)
            continue
        whole = node if isinstance(node, ast.JoinedStr) else None
        children = [(child, soft or _default(node, child), whole) for child in _children(node)]
        stack.extend(reversed(children))


def _children(node: ast.AST) -> list[ast.AST]:
    """What of a node is code that works with its text."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return []
    if isinstance(node, ast.keyword) and node.arg in _TELLING:
        return []
    if isinstance(node, ast.Assign) and any(_name(target).startswith("__") for target in node.targets):
        return []
    children: list[ast.AST] = []
    for name in FIELDS[node.__class__]:
        value = getattr(node, name)
        children += value if value.__class__ is list else [value]
    children = [child for child in children if child is not None]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [child for child in children if child not in node.decorator_list]
    return children


def _default(node: ast.AST, child: ast.AST) -> str:
    """Where a text there holds only when nothing else is set."""
    if isinstance(node, ast.keyword):
        return "field" if node.arg == "default" else ""
    if isinstance(node, ast.Call) and _ASKING.search(_name(node.func)):
        return "asked" if child not in (node.func, *node.args[:1]) else ""
    return "asked" if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or) else ""


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _databases(tree: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Names of databases: connected to, compared with, or put into a variable called so."""
    for node in nodes_of(tree):
        values: list[ast.expr] = []
        if isinstance(node, ast.Call):
            values = [word.value for word in node.keywords if word.arg and _DATABASE.fullmatch(word.arg)]
            values += node.args[:1] if _name(node.func) in _CONNECT else []
        elif isinstance(node, ast.Compare) and _name(node.left) in ("dbname", "db_name"):
            values = list(node.comparators)
        elif isinstance(node, ast.Assign) and any(
            _DATABASE.fullmatch(_name(target)) for target in node.targets
        ):
            values = [node.value]
        for value in values:
            items = value.elts if isinstance(value, ast.Tuple | ast.List | ast.Set) else [value]
            for item in items:
                if isinstance(item, ast.Constant) and isinstance(item.value, str) and _is_name(item.value):
                    yield item, item.value
        if isinstance(node, ast.Call) and _name(node.func) == "connect":
            yield from _connected(node.args[:1])


def _connected(arguments: list[ast.expr]) -> Iterator[tuple[ast.expr, str]]:
    """The database that a connection string names."""
    for item in arguments:
        text = item.value if isinstance(item, ast.Constant) and isinstance(item.value, str) else ""
        match = _DSN.search(text)
        if match and _is_name(match[1]):
            yield item, match[1]


def _is_name(text: str) -> bool:
    known = text.lower() in _NO_DATABASE or _PLACEHOLDER.search(text)
    return bool(re.fullmatch(r"[\w-]{2,40}", text)) and not known


def _website(scope: Scope) -> str:
    """The website of the addon's author; not that of a service for everybody whose connector it is:
    ``payment_pagopay`` of https://www.pagopay.com."""
    website, name = scope.addon.manifest.website, scope.addon.name
    service = environment.domain_of(website).partition(".")[0]
    named = service in name.split("_") or (len(service) > _SHORT and service in name)
    return "" if _CONNECTOR.search(name) and named else website


def check(scope: Scope) -> Hits:
    website = _website(scope)
    for path, mark in scope.marks("hardcoded-environment"):
        data = mark.data
        if "host" in data and not environment.own_host(data["host"], data["path"], website):
            continue
        what = data.get("what") or f"server {data['host']}"
        yield Hit(
            Location(path, mark.span),
            f"{what} is written into the code, so it holds for one installation only",
            confidence=Confidence.LOW if data["soft"] else None,
        )


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=20,
    confidence=Confidence.MEDIUM,
    listeners=(OnModule(note, embedded=True), OnAddon(check, bodies="closure", data="closure")),
    roles=frozenset({"code", "hook", "data", "demo"}),
    tags=("configuration",),
)
