"""Everybody, visitors or portal users may change the records of a model.

## What it does
Reports a row of `ir.model.access` (from 20.0: `ir.access`) that grants write, create or unlink and has no
group, or the group of the public user or of portal users.

## Why is this bad
A row without a group holds for everybody who reaches the server: portal customers through RPC, and visitors
through every route that uses the model. What keeps them from changing the records is then nothing, or a
record rule that somebody may forget.

## How to fix
Give the row a group of internal users: `base.group_user` or one of the addon. Let controllers write what a
customer may write, after a check of its token.

## Not reported
Rows that only grant reading; rows of internal groups; rows of abstract models, which have no records; files
which no manifest lists; updates of another addon's row whose group is not known. It is less severe for
transient models, whose records only their creator sees, and where a record rule narrows the same model for
the same group, and of low confidence for the models of an addon of tests (`test_…`).
"""

from __future__ import annotations

from odoo_debt_lint.checks.access._domains import always_true
from odoo_debt_lint.checks.access._rows import (
    EVERYBODY,
    OUTSIDE,
    Row,
    column,
    is_abstract,
    loaded,
    model_named,
    only_for_tests,
    refs,
    rows,
    target,
    transients,
)
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    transient = transients(scope)
    for row in rows(scope, scope.addon):
        if opens_writing(row) and not is_abstract(scope, row.target):
            yield Hit(
                row.location,
                f"{row.who} may {_changes(row)} records of {model_named(scope, row.target)}",
                severity=_severity(scope, row, row.target in transient),
                confidence=Confidence.LOW if only_for_tests(scope, row) else None,
                entity=row.placed.record.xmlid,
            )


def opens_writing(row: Row) -> bool:
    """Whether a row lets people change records who are no internal users."""
    return (row.group == EVERYBODY or row.group in OUTSIDE) and bool(row.grants - {"read"})


def _changes(row: Row) -> str:
    return ", ".join(name for name in ("write", "create", "unlink") if name in row.grants)


def _severity(scope: Scope, row: Row, transient: bool) -> Severity | None:
    if transient:
        return Severity.MEDIUM
    return Severity.MEDIUM if _narrowed(scope, row) else None


def _narrowed(scope: Scope, row: Row) -> bool:
    """Whether a record rule leaves the row's group only some records."""
    for placed in loaded(scope.addon, "ir.rule"):
        groups = column(placed.record, "groups")
        domain = placed.record.value("domain_force")
        if groups is None or domain is None or target(placed.record, placed.addon) != row.target:
            continue
        if row.group in refs(groups, placed.addon) and not always_true(domain):
            return True
    return False


RULE = Rule(
    severity=Severity.CRITICAL,
    block=Block.SECURITY,
    minutes=30,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
)
