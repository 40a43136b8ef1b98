"""Two addons: one replaces or removes a node on which the other one anchors.

## What it does
Looks at addons of the set which do not depend on each other, and reports a replaced or removed node which a
view of the other addon needs.

## Why is this bad
Each addon works alone. Installed together, one of the two views no longer loads, or what it added is gone;
which one depends on the order of installation.

## How to fix
Keep the node: hide it by `position="attributes"`, or put it back with `$0`. Where that cannot be, make one
addon depend on the other and adapt its view.

## Not reported
Addons that know each other through `depends`; replacements after which the other one still finds its node,
also where the same view puts it back further down; what was put beside the node by a view of lower priority;
two themes: a website has one at a time.
"""

from __future__ import annotations

from odoo_debt_lint.checks.views._specs import located, others_said
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity
from odoo_debt_lint.xml.seen import Dependent


def check(scope: Scope) -> Hits:
    for item in located(scope):
        rivals = tuple(other for other in item.dependents if _strangers(scope, other))
        if rivals:
            yield Hit(
                Location(item.path, item.spec.span),
                f"{item.how} takes away a node{others_said(rivals)}",
                related=tuple(other.location for other in rivals[:5] if other.location),
                entity=item.view.xmlid,
            )


def _strangers(scope: Scope, other: Dependent) -> bool:
    """Whether the other addon is of the set and neither depends on the other."""
    addon = scope.index.addon(other.addon, scope.addon.series)
    if addon is None or addon.core or other.addon in scope.order:
        return False
    return scope.addon.name not in scope.index.closure(other.addon, scope.addon.series)[0]


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=60,
    listeners=(OnAddon(check, bodies="none"),),
)
