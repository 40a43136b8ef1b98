"""Record that overwrites the arch of another addon's view.

## What it does
Reports a `<record>` or `<template>` with the XML id of another addon's view and an arch of its own.

## Why is this bad
The original view is gone for good: uninstalling does not bring it back, every update of the other addon
overwrites the change, and the two fight at each upgrade.

## How to fix
Extend the view: a record with an id of your own and `inherit_id`.

## Not reported
Records which only change other fields (`active`, `priority`), and ids which the other addon does not have.
"""

from __future__ import annotations

from odoo_debt_lint.core.addons import core_addons
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    for result in scope.addon.files:
        if result.data is None or result.role not in ("data", "demo"):
            continue
        for view in result.data.views:
            owner = view.xmlid.partition(".")[0]
            if view.arch and owner != scope.addon.name and _exists(scope, owner, view.xmlid):
                yield Hit(
                    Location(result.path, view.span),
                    f"overwrites the view {view.xmlid} of {owner}: extend it with inherit_id",
                    entity=view.xmlid,
                )


def _exists(scope: Scope, owner: str, xmlid: str) -> bool:
    """Whether the view is there to be overwritten; of an unseen addon that is in ``depends`` or of Odoo's own
    that is believed."""
    addon = scope.index.addon(owner, scope.addon.series)
    if addon is None:
        return owner in scope.missing or owner in core_addons(scope.addon.series)
    return xmlid in addon.views


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.MIGRATION,
    minutes=60,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
)
