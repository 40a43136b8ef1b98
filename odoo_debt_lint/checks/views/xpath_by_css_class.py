"""Inheriting view that compares the class attribute as text.

## What it does
Reports `@class='...'`, `contains(@class, ...)` and the like, and short forms with a `class`.

## Why is this bad
`@class='a b'` breaks when a class is added or the order changes, and `contains(@class, 'col')` also finds
`o_column`. Classes are there for looks, and looks change.

## How to fix
Anchor on a name or an id. Where there is none, `hasclass('oe_title')` at least compares whole classes.

## Not reported
`hasclass()`.
"""

from __future__ import annotations

from odoo_debt_lint.checks.views._specs import TAG, form_hits
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    yield from form_hits(scope, "class", "{} compares the class attribute as text: use hasclass() or a name")


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.MIGRATION,
    minutes=10,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
    tags=(TAG,),
)
