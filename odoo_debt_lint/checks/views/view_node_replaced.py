"""Inheriting view that replaces or removes a node of another addon.

## What it does
Reports `position="replace"` on a node which another addon put into the view. It is high when other addons or
Odoo's own views anchor in that node, and low when the same field is put back.

## Why is this bad
Whatever the other addon does with the node at the next version is lost, and every view that anchors on it no
longer loads.

## How to fix
Change attributes (`position="attributes"` with `invisible`), add before or after, or keep the node with `$0`
inside the replacement.

## Not reported
Replacements that hold `$0`, nodes of the addon's own views, and copies (`mode="primary"`).
"""

from __future__ import annotations

from odoo_debt_lint.checks.views._specs import TAG, located, others_said
from odoo_debt_lint.facts import STATIC
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity
from odoo_debt_lint.xml.seen import Seen


def check(scope: Scope) -> Hits:
    for item in located(scope):
        if item.spec.position == "replace" and item.spec.keeps != "$0" and _foreign(item, scope.addon.name):
            # a template of the browser is better known than the addon that has it
            parent = item.view.inherit
            whose = parent.removesuffix(STATIC) if parent.endswith(STATIC) else item.owner or parent
            yield Hit(
                Location(item.path, item.spec.span),
                f"{item.how} {_what(item)} of {whose}{others_said(item.dependents)}",
                severity=_severity(item),
                related=tuple(other.location for other in item.dependents[:5] if other.location),
                entity=item.view.xmlid,
            )


def _foreign(item: Seen, addon: str) -> bool:
    """Whether the node belongs to another addon, in a view that is not the addon's own copy."""
    if item.view.mode == "primary":
        return False
    if item.matches is None:
        return item.view.inherit.partition(".")[0] != addon
    own_copy = item.root is not None and item.root.xmlid.partition(".")[0] == addon
    return item.owner != addon and not own_copy


def _what(item: Seen) -> str:
    return {
        "same": "replaces and puts back a node",
        "removed": "removes a node",
        "inner": "replaces what is inside a node",
    }.get(item.spec.keeps, "replaces a node")


def _severity(item: Seen) -> Severity:
    back = item.spec.keeps == "same"
    # who anchors on the field itself finds the one that was put back
    if any(other.inside for other in item.dependents) or (item.dependents and not back):
        return Severity.HIGH
    return Severity.LOW if back else Severity.MEDIUM


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.MIGRATION,
    minutes=30,
    listeners=(OnAddon(check, bodies="none"),),
    tags=(TAG,),
)
