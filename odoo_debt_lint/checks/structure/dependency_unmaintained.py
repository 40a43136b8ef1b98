"""Dependency that is dead, or that the target series no longer has.

## What it does
Reports Python packages which are known to be abandoned or renamed (a dated list that ships with the tool),
once per package: in `external_dependencies`, else at its first import. Where Odoo itself still requires the
package in that series, the severity is low. With a target series (`--series` apart from the addon's own),
it also reports addons in `depends` which Odoo has in the addon's series and not in the target.

## Why is this bad
Dead packages get no security fixes and sooner or later stop to work with the Python of the next Odoo.

## How to fix
Move to the successor which the message names.
"""

from __future__ import annotations

from odoo_debt_lint.checks.structure._places import in_manifest
from odoo_debt_lint.checks.structure.dependency_undeclared import declared_packages, foreign_imports
from odoo_debt_lint.core.addons import core_addons
from odoo_debt_lint.data.dead_packages import DEAD, Dead
from odoo_debt_lint.data.packages import comes_with_odoo, distributions, normalised
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity, series_number


def check(scope: Scope) -> Hits:
    addon = scope.addon
    if not addon.manifest.installable:
        return
    seen: set[str] = set()
    for name, span in addon.manifest.lists.get("python", ()):
        key = normalised(name)
        if key in DEAD and key not in seen:
            seen.add(key)
            yield _hit(in_manifest(scope, span), key, scope)
    for path, item, module in foreign_imports(scope):
        key = normalised(module)
        if key in DEAD and key not in seen:
            seen.add(key)
            if _is_successor(module, key, declared_packages(scope)):
                continue
            yield _hit(Location(path, item.span), key, scope)
    yield from _removed_addons(scope)


def _is_successor(module: str, dead: str, declared: set[str]) -> bool:
    """Whether another distribution is declared that brings a module of the same name: ``suds-community``,
    ``azure-storage-blob``."""
    others = declared - {dead}
    return any(name in distributions(module) or name.startswith(f"{dead}-") for name in others)


def _hit(place: Location, name: str, scope: Scope) -> Hit:
    dead: Dead = DEAD[name]
    shipped = comes_with_odoo(name, series_number(scope.addon.series))
    return Hit(
        place,
        f"{name} is no longer maintained (last release {dead.last}), use {dead.instead}; see {dead.source}",
        severity=Severity.LOW if shipped else None,
    )


def _removed_addons(scope: Scope) -> Hits:
    """Addons of Odoo that the target series no longer has."""
    target = str(getattr(scope.settings, "to", "") or "")
    now, later = core_addons(scope.addon.series), core_addons(target)
    if not later or series_number(target) <= series_number(scope.addon.series):
        return
    for name, span in scope.addon.manifest.lists.get("depends", ()):
        if name in now and name not in later and name not in scope.index.addons:
            yield Hit(in_manifest(scope, span), f"Odoo {target} no longer has the addon {name}", minutes=240)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=120,
    listeners=(OnAddon(check, bodies="closure", data="closure"),),
    tags=("dependencies",),
)
