"""Inheriting view that finds its node by position.

## What it does
Reports XPath expressions with a position in them: `[1]`, `last()`, `position()`, and the sibling and
following axes.

## Why is this bad
A position holds until somebody puts a node before it: another addon, the next minor version, a colleague.
The expression then still matches, and the change lands at the wrong place without any message.

## How to fix
Anchor on a node with a name: `//field[@name='partner_id']`, `//page[@name='invoicing']`, or from there with
`/..` and `/parent::group`. If the parent view is your own, give the node a name.

## Not reported
`[1]` on the ancestor axis picks the nearest ancestor, `//link[last()]` the end of an asset bundle:
both are of low confidence. A position in a path from the root is reported as an absolute path, one next to a
label as a label.
"""

from __future__ import annotations

from odoo_debt_lint.checks.views._specs import TAG, by_form, hit
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Confidence, Hits, OnAddon, Rule, Severity
from odoo_debt_lint.rule import Hit as _Hit
from odoo_debt_lint.xml.xpath_form import form


def check(scope: Scope) -> Hits:
    for item in by_form(scope, "position", "nearest"):
        found = hit(item, f"{item.how} counts nodes: what it finds changes with every node put before")
        nearest = form(item.spec.expr) == "nearest"
        yield _unsure(found) if nearest else found


def _unsure(found: _Hit) -> _Hit:
    return _Hit(found.where, found.message, confidence=Confidence.LOW, entity=found.entity)


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.MIGRATION,
    minutes=20,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
    tags=(TAG,),
)
