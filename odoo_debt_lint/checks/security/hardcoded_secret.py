"""Password, token or key written in the source.

## What it does
Reports literals that are assigned to, compared with or passed as something named like a secret (`password`,
`api_key`, `client_secret`, `access_token`, an `Authorization` header, `auth=(user, ...)`), private keys, URLs
with a password, and keys which their provider gave a shape of its own (AWS, Stripe, GitHub, Google, Slack,
JWT and others). In data files too: `ir.config_parameter`, mail servers, any field of such a name. The message
never shows the secret.

## Why is this bad
Everybody with the source has it: every developer, every copy of the repository, every backup, for ever. It
is the same in all databases, and changing it needs a release.

## How to fix
Revoke it, for the history of the repository keeps it. Then read it from a field which only administrators
see, from `ir.config_parameter`, from `odoo.conf` or the environment.

## Not reported
Empty values and placeholders (`changeme`, `your-api-key`, `xxx`, `${TOKEN}`); tests and demonstration data;
definitions of fields, but for their defaults; names of fields, parameters, widgets and XML ids
(`"access_token"`); labels and sentences; URLs without a password. Passwords of users in data files are
`user-created-in-data`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.access._rows import is_demo
from odoo_debt_lint.checks.security import _secret_places as places
from odoo_debt_lint.checks.security._secrets import (
    PASSWORD,
    is_secret,
    kind_of,
    named_in,
    shape_of,
    shaped_in,
)
from odoo_debt_lint.facts import RecordFact, ValueFact
from odoo_debt_lint.index import Scope
from odoo_debt_lint.python.literals import literal
from odoo_debt_lint.rule import (
    Block,
    Confidence,
    Hit,
    Hits,
    Location,
    OnAddon,
    OnElement,
    OnModule,
    Rule,
    Severity,
)

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.xml.document import XmlFile

_OTHER_RULES = frozenset({"res.users"})
"""Models whose passwords another rule reports."""


def check(file: PythonFile) -> Hits:
    shaped = shaped_in(file)
    if not shaped and not named_in(file):
        return
    seen: set[int] = set()
    for node, what in _by_shape(file) if shaped else ():
        seen.add(id(node))
        yield Hit(file.skeleton.span(node), f"{what} is written in the source")
    for place in places.named(file):
        if id(place.node) not in seen and is_secret(place.kind, place.value, place.loose):
            seen.add(id(place.node))
            message = f"the {place.kind} {place.name!r} is written in the source"
            yield Hit(file.skeleton.span(place.node), message, confidence=Confidence.MEDIUM)


def _by_shape(file: PythonFile) -> Iterator[tuple[ast.Constant, str]]:
    prose = {id(node.value) for node in file.skeleton.statements if isinstance(node, ast.Expr)}
    for node in file.skeleton.kinds[ast.Constant]:
        if isinstance(node.value, str) and id(node) not in prose:
            what = shape_of(node.value)
            if what:
                yield node, what


def check_data(scope: Scope) -> Hits:
    """Records of XML and csv files which are loaded with the addon."""
    for items in scope.addon.records.values():
        for placed in items:
            if placed.path and not is_demo(scope.addon, placed.path):
                for value, message, sure in _in_record(placed.record):
                    confidence = None if sure else Confidence.MEDIUM
                    place = Location(placed.path, value.span)
                    yield Hit(place, message, confidence=confidence, entity=placed.record.xmlid)


def _in_record(record: RecordFact) -> Iterator[tuple[ValueFact, str, bool]]:
    key = record.value("key") if record.model == "ir.config_parameter" else None
    for value in record.values:
        text = _text(value)
        if not text or value.name in ("help", "arch", "arch_db", "description"):
            continue
        what = shape_of(text)
        if what:
            yield value, f"{what} is written in a data file", True
        elif record.model not in _OTHER_RULES:
            name = key.value.rpartition(".")[2] if key is not None and value.name == "value" else value.name
            kind = kind_of(name)
            if kind and is_secret(kind, text):
                yield value, f"the {kind} {name!r} is written in a data file", False


def _text(value: ValueFact) -> str:
    if value.kind == "text":
        return value.value
    known = _parsed(value.value) if value.kind == "eval" else None
    return known if isinstance(known, str) else ""


def _parsed(text: str) -> Any:
    try:
        return literal(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def check_function(element: Any, file: XmlFile) -> Hits:
    """``<function model="ir.config_parameter" name="set_param">`` with a secret."""
    if (
        element.get("model") != "ir.config_parameter"
        or element.get("name") != "set_param"
        or file.role == "demo"
    ):
        return
    given = _parsed(element.get("eval") or "")
    if not isinstance(given, list):
        given = [child.text or _parsed(child.get("eval") or "") for child in element if child.tag == "value"]
    if len(given) == 2 and all(isinstance(item, str) for item in given):
        name = given[0].rpartition(".")[2]
        if shape_of(given[1]) or (kind_of(name) and is_secret(kind_of(name), given[1])):
            yield Hit(element, f"the {kind_of(name) or PASSWORD} {name!r} is written in a data file")


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=60,
    listeners=(
        OnModule(check, embedded=True),
        OnAddon(check_data, bodies="none", data="closure"),
        OnElement(("function",), check_function),
    ),
    roles=frozenset({"code", "hook", "migration", "script", "data"}),
)
