"""Inheriting view whose expression finds more than one node.

## What it does
Reports specs that match several nodes of the combined parent view; also the short form
`<field name="x" position="after">` where the parent has the field in several places.

## Why is this bad
Odoo takes the first node and says nothing. Which one is first changes when any other view moves things.

## How to fix
Say which one is meant: `//page[@name='lines']//field[@name='x']`, `//field[@name='line_ids']/tree/field`.

## Not reported
What is fragile by its form already: positions, labels, classes compared as text, bare tags.
"""

from __future__ import annotations

from odoo_debt_lint.checks.views._specs import TAG, by_form, hit
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    for item in by_form(scope, ""):
        if item.matches is not None and item.matches > 1:
            yield hit(item, f"{item.how} matches {item.matches} nodes and Odoo takes the first")


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.MIGRATION,
    minutes=15,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
    tags=(TAG,),
)
