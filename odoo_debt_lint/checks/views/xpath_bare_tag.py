"""Inheriting view that looks for a tag alone.

## What it does
Reports expressions and short forms made of tags only: `//group`, `//notebook`, `<header position="inside">`.
It is medium when the parent view has several such nodes and low as long as there is one.

## Why is this bad
Odoo takes the first node of that tag. When another addon or the next version adds one before it, the change
lands there without any message.

## How to fix
Anchor on a node with a name or an id: `//group[@name='extra']`, `//field[@name='state']/..`.

## Not reported
The root as `/form` or `.`, and tags below or above a named node: `//field[@name='line_ids']/tree`.
"""

from __future__ import annotations

from odoo_debt_lint.checks.views._specs import TAG, by_form, hit
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    for item in by_form(scope, "tag"):
        if item.matches is not None and item.matches > 1:
            text = f"{item.how} matches {item.matches} nodes and Odoo takes the first: name the one you mean"
            yield hit(item, text, Severity.MEDIUM)
        else:
            yield hit(item, f"{item.how} has neither name nor id: the first node of that tag is taken")


RULE = Rule(
    severity=Severity.LOW,
    block=Block.MIGRATION,
    minutes=10,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
    tags=(TAG,),
)
