"""Inheriting view that anchors on a field which a later series has no more, or several times.

## What it does
Looks at `//field[@name='x']` and `<field name="x" position="...">` on views of Odoo's own addons: the field
is there once in the addon's series, but in a later one the same view has lost it or shows it several times.
The first such series is named.

## Why is this bad
At the upgrade the view no longer loads, or the change lands at another place without any message.

## How to fix
Anchor on a node that all of them have: a named page or group, or a field next to it.

## Not reported
Fields that another addon than the view's own put there, series from which on the view is gone altogether,
series without an index, and with `--to` what breaks on the way there (`xpath-breaks-in-target`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from odoo_debt_lint.checks.migration._ahead import ahead
from odoo_debt_lint.checks.migration._broken import breaking
from odoo_debt_lint.checks.views._ahead import later, later_tree
from odoo_debt_lint.checks.views._specs import TAG, hit, located
from odoo_debt_lint.finding import Span
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hits, OnAddon, Rule, Severity
from odoo_debt_lint.xml.seen import Seen

_FIELD = re.compile(r"//field\[@name=['\"]([\w.]+)['\"]\]")


def check(scope: Scope) -> Hits:
    if not later(scope):
        return
    broken = _broken(scope)
    for item, name in _anchors(scope):
        change = "" if (item.path, item.spec.span) in broken else _change(scope, item.view.inherit, name)
        if change:
            yield hit(item, f"{item.how}: {item.view.inherit} of {change}")


def _change(scope: Scope, parent: str, name: str) -> str:
    """The first series in which a view has the field no more or several times, and which of them."""
    for core in later(scope):
        tree = later_tree(scope, core, parent)
        if tree is None:
            break
        count = sum(1 for node in tree.iter("field") if node.get("name") == name)
        if count != 1:
            return f"{core.series} " + (f"has it {count} times" if count else "does not have it any more")
    return ""


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
    listeners=(OnAddon(check, bodies="none", data="closure"),),
    tags=(TAG,),
)
