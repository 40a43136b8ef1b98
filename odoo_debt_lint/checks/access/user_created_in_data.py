"""User with a password in a data file.

## What it does
Reports a record of `res.users` that sets a password in XML or csv which is loaded with the addon, and a
`<function model="res.users">` whose values do.

## Why is this bad
The password is the same in every database that installs the addon, and everybody who can read the source or
the repository's history has it. Who updates with `-u` may set it back.

## How to fix
Leave the password out and let the administrator invite the user. A technical user needs none: code that
runs for it uses `with_user`.

## Not reported
Demonstration data and tests; records that empty the password; users without a password.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.access._rows import is_demo, records
from odoo_debt_lint.facts import RecordFact
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, Location, Mark, Marks, OnAddon, OnElement, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.xml.document import XmlFile

_EMPTY = frozenset({"", "False", "None", "''", '""', "false", "0"})
_GIVEN = re.compile(r"[\"'](?:new_)?password[\"']\s*:\s*[\"'][^\"']")
_MESSAGE = "this user has the same password in every database that installs the addon"


def note(element: Any, file: XmlFile) -> Marks:
    """Notes functions that are called with a password."""
    if element.get("model") != "res.users":
        return
    texts = (text for part in element.iter("function", "value") for text in (part.get("eval"), part.text))
    if any(_GIVEN.search(text or "") for text in texts):
        yield Mark(file.span(element), {})


def check(scope: Scope) -> Hits:
    for placed in records(scope.addon, "res.users"):
        if not is_demo(scope.addon, placed.path) and _has_password(placed.record):
            place = Location(placed.path, placed.record.span)
            yield Hit(place, _MESSAGE, entity=placed.record.xmlid)
    for path, mark in scope.marks("user-created-in-data"):
        if not is_demo(scope.addon, path):
            yield Hit(Location(path, mark.span), _MESSAGE)


def _has_password(record: RecordFact) -> bool:
    values = (record.value(name) for name in ("password", "new_password", "password_crypt"))
    return any(value is not None and value.value not in _EMPTY for value in values)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=30,
    listeners=(OnElement(("function",), note), OnAddon(check, bodies="none", data="closure")),
    roles=frozenset({"data", "demo"}),
)
