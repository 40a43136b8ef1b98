"""Addons that depend on each other in a circle.

## What it does
Follows `depends` through the given addons and reports, in every addon of a circle, the item which leads on
in it.

## Why is this bad
Odoo cannot order the addons: none of them is loaded, and nor is anything that depends on one of them.

## How to fix
Move what both sides need into an addon on which both depend, or what joins them into one that depends on
both.
"""

from __future__ import annotations

from odoo_debt_lint.checks.structure._places import in_manifest
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Index, Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    name = scope.addon.name
    for target, span in scope.addon.manifest.lists.get("depends", ()):
        way = _way(scope.index, target, name)
        if way is None:
            continue
        circle = " → ".join([name, *way])
        yield Hit(
            in_manifest(scope, span),
            f"{circle} is a circle of dependencies",
            related=tuple(_next(scope.index, way)),
        )
        return


def _way(index: Index, start: str, goal: str) -> list[str] | None:
    """The shortest way through the set from an addon to another, both included."""
    came: dict[str, str] = {start: ""}
    level = [start]
    while level:
        following: list[str] = []
        for name in level:
            if name == goal:
                return _walked(came, goal)
            addon = index.addons.get(name)
            for item in addon.manifest.items("depends") if addon is not None else ():
                if item not in came:
                    came[item] = name
                    following.append(item)
        level = following
    return None


def _walked(came: dict[str, str], goal: str) -> list[str]:
    way = [goal]
    while came[way[-1]]:
        way.append(came[way[-1]])
    return way[::-1]


def _next(index: Index, way: list[str]) -> list[Location]:
    """Where the other addons of the circle name their successor."""
    places = []
    for name, following in zip(way, way[1:], strict=False):
        manifest = index.addons[name].manifest
        for item, span in manifest.lists.get("depends", ()):
            if item == following:
                places.append(Location(manifest.path, span, f"{name} depends on {following}"))
    return places


RULE = Rule(
    severity=Severity.CRITICAL,
    block=Block.CODE,
    minutes=120,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
    tags=("dependencies",),
)
