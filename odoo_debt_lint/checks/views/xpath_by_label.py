"""Inheriting view that finds its node by a label or a text.

## What it does
Reports expressions which read text made for people: `@string`, `@placeholder`, `@title` and the other
translated attributes, `text()`, `normalize-space()`, `contains(., 'x')`, `[span='x']`; also the short form
`<page string="Details" position="inside">`.

## Why is this bad
Labels are reworded in every version and translated in every database. Odoo refuses most of them as selectors
when the view is loaded.

## How to fix
Anchor on a name or an id: `//page[@name='details']`, or on a field near by: `//field[@name='x']/..`.
"""

from __future__ import annotations

from odoo_debt_lint.checks.views._specs import TAG, form_hits
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    yield from form_hits(scope, "label", "{} depends on a text which may be reworded or translated")


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.MIGRATION,
    minutes=20,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
    tags=(TAG,),
)
