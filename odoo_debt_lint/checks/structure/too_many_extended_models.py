"""Addon that extends very many models of others.

## What it does
Counts the models of other addons which an addon extends with `_inherit`, and reports more than
`max-extended-models` (default 10).

## Why is this bad
Every extended model is a place where an upgrade of Odoo may break the addon, and all of them have to be
checked before any of its parts can move on. Such an addon usually does several jobs.

## How to fix
Split it by subject, so that each part depends on what it needs and can be migrated alone.

## Not reported
Models which the addon itself defines; mixins that its own models inherit; addons that are not installable.
"""

from __future__ import annotations

from odoo_debt_lint.checks.structure._places import first_line
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    limit = scope.settings.max_extended_models
    addon = scope.addon
    extended = sorted(
        model for model, parts in addon.parts.items() if not any(part.klass.defines for part in parts)
    )
    if len(extended) > limit and addon.manifest.installable:
        shown = ", ".join(extended[:5])
        yield Hit(
            first_line(scope),
            f"extends {len(extended)} models of other addons (limit {limit}): {shown}, …",
            minutes=15 * (len(extended) - limit),
        )


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=15,
    offset=60,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
    tags=("upgrade",),
)
