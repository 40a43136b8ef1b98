"""Inheriting view that walks from the root through layout nodes.

## What it does
Reports XPath expressions which start at the root and pass layout nodes that nothing names:
`/form/sheet/group[2]/field[@name='x']`. Odoo looks for a path without `/` in the root as well:
`sheet/group[2]` is the same.

## Why is this bad
Layout is what changes most between versions: a group more, a sheet less, and the view no longer loads.

## How to fix
Look for the node by its name from anywhere: `//field[@name='x']`. Where several nodes have the name, begin
with a named one: `//page[@name='lines']//field[@name='x']`.

## Not reported
The root itself (`/form`), its direct children (`/tree/field[@name='x']`), and paths whose steps have names.
"""

from __future__ import annotations

from odoo_debt_lint.checks.views._specs import TAG, form_hits
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    yield from form_hits(scope, "absolute", "{} depends on every layout node from the root on")


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.MIGRATION,
    minutes=20,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
    tags=(TAG,),
)
