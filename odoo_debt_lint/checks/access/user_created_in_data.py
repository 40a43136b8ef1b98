"""User with a password in a data file.

## What it does
Reports a record of `res.users` that sets a password in XML or csv which is loaded with the addon.

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

from odoo_debt_lint.checks.access._rows import is_demo, records
from odoo_debt_lint.facts import RecordFact
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, Location, OnAddon, Rule, Severity

_EMPTY = frozenset({"", "False", "None", "''", '""', "false", "0"})


def check(scope: Scope) -> Hits:
    for placed in records(scope.addon, "res.users"):
        if not is_demo(scope.addon, placed.path) and _has_password(placed.record):
            yield Hit(
                Location(placed.path, placed.record.span),
                "this user has the same password in every database that installs the addon",
                entity=placed.record.xmlid,
            )


def _has_password(record: RecordFact) -> bool:
    values = (record.value(name) for name in ("password", "new_password", "password_crypt"))
    return any(value is not None and value.value not in _EMPTY for value in values)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=30,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
)
