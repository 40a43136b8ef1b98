"""XPath into a view of Odoo's that finds nothing in the target series.

## What it does
With `--to`, applies the addon's inheriting views to Odoo's views of the series from which it comes and to
those of the target series, and reports each spec (`<xpath>` or short form) that finds a node of Odoo's in the
former and nothing in the latter. The message names the nearest anchor that both have. From 18.0 `tree` counts
as `list`.

## Why is this bad
Odoo refuses the view at the upgrade: "Element ... cannot be located in parent view", and the addon does not
load.

## How to fix
Anchor on the node which the message names, or on what took the place of the old one.

## Not reported
Anything without `--to`. Anchors which an addon of the set puts there, or an earlier spec that breaks itself.
Views that are gone as a whole (`inherits-removed-view`). Specs that find nothing today (`xpath-no-match`),
and those of which a rule of its own tells more (`oe_chatter`, settings, `kanban-box`).
"""

from __future__ import annotations

from odoo_debt_lint.checks.migration._ahead import ahead
from odoo_debt_lint.checks.migration._broken import breaking
from odoo_debt_lint.facts import STATIC
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    way = ahead(scope)
    if way is None:
        return
    for item, nearest in breaking(way):
        where = f"{item.how} finds nothing in {item.view.inherit.removesuffix(STATIC)} of {way.to}"
        yield Hit(Location(item.path, item.spec.span), where + nearest, entity=item.view.xmlid)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.MIGRATION,
    minutes=30,
    listeners=(OnAddon(check),),
    tags=("upgrade",),
)
