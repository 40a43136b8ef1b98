"""Everybody may read a model: its access row has no group.

## What it does
Reports a row of `ir.model.access` that grants reading and nothing else and has no group.

## Why is this bad
Without a group the row holds for everybody, for portal users and for the visitors of a website too. Names,
prices and settings that were meant for employees can be read through RPC.

## How to fix
Name the group: `base.group_user` for employees, `base.group_portal` or `base.group_public` where outsiders
are really meant.

## Not reported
Rows that grant nothing; rows of abstract models, which have no records; files which no manifest lists; rows
that also grant writing, which are `access-rule-public-write`; rows of `ir.access` (from 20.0), which without
a group restrict and grant nothing. Rows for the models of an addon of tests (`test_…`) have low confidence.
"""

from __future__ import annotations

from odoo_debt_lint.checks.access._rows import EVERYBODY, is_abstract, model_named, only_for_tests, rows
from odoo_debt_lint.checks.access.access_rule_public_write import opens_writing
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    for row in rows(scope, scope.addon):
        if row.group == EVERYBODY and not opens_writing(row) and not is_abstract(scope, row.target):
            yield Hit(
                row.location,
                f"everybody may {row.rights} {model_named(scope, row.target)}: the row has no group",
                confidence=Confidence.LOW if only_for_tests(scope, row) else None,
                entity=row.placed.record.xmlid,
            )


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=15,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
)
