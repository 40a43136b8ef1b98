"""Inheriting view that anchors on a field which the next series has no more, or several times.

## What it does
Looks at `//field[@name='x']` and `<field name="x" position="...">` on views of Odoo's own addons: the field
is there once in the addon's series, but in the next one the same view has lost it or shows it several times.

## Why is this bad
At the upgrade the view no longer loads, or the change lands at another place without any message.

## How to fix
Anchor on a node that both series have: a named page or group, or a field next to it.

## Not reported
Fields that another addon than the view's own put there, views which the next series does not have at all,
series without an index, and with `--to` what breaks on the way there (`xpath-breaks-in-target`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from odoo_debt_lint.checks.migration._ahead import ahead
from odoo_debt_lint.checks.migration._broken import breaking
from odoo_debt_lint.checks.views._ahead import next_core, next_series, next_tree
from odoo_debt_lint.checks.views._specs import TAG, hit, located
from odoo_debt_lint.finding import Span
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hits, OnAddon, Rule, Severity
from odoo_debt_lint.xml.seen import Seen

_FIELD = re.compile(r"//field\[@name=['\"]([\w.]+)['\"]\]")


def check(scope: Scope) -> Hits:
    if next_core(scope) is None:
        return
    broken = _broken(scope)
    for item, name in _anchors(scope):
        if (item.path, item.spec.span) in broken:
            continue
        tree = next_tree(scope, item.view.inherit)
        if tree is None:
            continue
        count = sum(1 for node in tree.iter("field") if node.get("name") == name)
        if count != 1:
            series = next_series(scope.addon.series)
            what = f"has it {count} times" if count else "does not have it any more"
            yield hit(item, f"{item.how}: {item.view.inherit} of {series} {what}")


def _broken(scope: Scope) -> set[tuple[str, Span]]:
    """Specs of which the migration that is asked for tells more."""
    way = ahead(scope)
    return {(item.path, item.spec.span) for item, _ in breaking(way)} if way is not None else set()


def _anchors(scope: Scope) -> Iterator[tuple[Seen, str]]:
    """Specs that find one field of the parent's own addon in a view of Odoo's, and its name."""
    for item in located(scope):
        match = _FIELD.fullmatch(item.spec.expr)
        owner = item.view.inherit.partition(".")[0]
        known = scope.visible(owner) if match and item.matches == 1 else None
        if match and known is not None and known.core and item.owner == owner:
            yield item, match[1]


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.MIGRATION,
    minutes=15,
    listeners=(OnAddon(check),),
    tags=(TAG,),
)
