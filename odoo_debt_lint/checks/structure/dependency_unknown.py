"""Dependency that is neither in the set nor an addon of Odoo.

## What it does
Looks up every item of `depends` among the given addons and in the list of community and enterprise addons
of the addon's series.

## Why is this bad
Odoo refuses to install an addon with a dependency it does not find. At the next migration nobody knows
where the missing addon came from.

## How to fix
Correct the name, port or replace an addon that Odoo no longer has, or give the folder with the missing
addons to this tool too.

## Not reported
Addons of a series whose list of addons is not known, and addons that are not installable.
"""

from __future__ import annotations

from odoo_debt_lint.checks.structure._places import in_manifest
from odoo_debt_lint.core.addons import core_addons, nearest, series_with
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    addon = scope.addon
    known = core_addons(addon.series)
    if not known or not addon.manifest.installable:
        return
    for name, span in addon.manifest.lists.get("depends", ()):
        if name in known or name in scope.index.addons or scope.index.addon(name, addon.series) is not None:
            continue
        story, sure = _story(name, addon.series)
        yield Hit(
            in_manifest(scope, span),
            f"depends on {name}, which {story}",
            confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
        )


def _story(name: str, series: str) -> tuple[str, bool]:
    """What is known of a name that is not there, and whether it surely is a mistake."""
    elsewhere = series_with(name)
    if elsewhere:
        return f"Odoo {series} does not have (it is in {', '.join(elsewhere)})", True
    near = nearest(name, series)
    if near and not name.startswith(near):
        return f"does not exist in Odoo {series}; did you mean {near}?", True
    return f"is neither among the given addons nor in Odoo {series}", False


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=30,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
    tags=("manifest", "dependencies"),
)
