"""Reference to a record of Odoo's that the target series does not have any more.

## What it does
With `--to`, looks up every XML id of Odoo's addons that the addon names (`env.ref`, groups, `ref`, `eval`,
`%(…)d`, menus, actions, csv columns) in the series from which it comes and in the target series, and reports
those which only the former has. The record of a model that is gone (`model_…`) is one of them.

## Why is this bad
A data file that names the record stops the upgrade; code raises as soon as the line runs.

## How to fix
Look up what the record is called now; the message names a new one of the same model with a similar name, if
there is one.

## Not reported
Anything without `--to`. Ids which the set declares itself, look-ups that can do without the record, ids which
Odoo makes itself, parents of views (`inherits-removed-view`), ids of addons that are not in the index of the
target (Enterprise), and those of which a rule of its own tells more (renamed and merged addons).
"""

from __future__ import annotations

from odoo_debt_lint.checks.migration._ahead import Ahead, ahead, like
from odoo_debt_lint.checks.references._xmlids import Mention, is_generated, mentions
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.migration.world import World
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    way = ahead(scope)
    if way is None:
        return
    parents = {placed.view.inherit for placed in scope.addon.views.values() if placed.view.inherit}
    lost: dict[Location, list[Mention]] = {}
    for mention in mentions(scope):
        if mention.optional or mention.kind == "inherit_id":
            continue
        if mention.kind == "ref" and mention.xmlid in parents:
            continue
        if _is_lost(way, mention):
            lost.setdefault(mention.location, []).append(mention)
    for location, found in lost.items():
        yield Hit(location, _message(way, found), entity=found[0].entity)


def _message(way: Ahead, found: list[Mention]) -> str:
    """What is gone at one place, and since when."""
    first = found[0]
    series = way.went(lambda odoo: _has(odoo, first.xmlid))
    names = list(dict.fromkeys(mention.xmlid for mention in found))
    if len(names) == 1:
        return f"{names[0]} is gone from {series}{_similar(way, first)}"
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more} are gone from {series}"


def _is_lost(way: Ahead, mention: Mention) -> bool:
    xmlid, module = mention.xmlid, mention.module
    model = _model(way.source, xmlid)
    if model:
        return way.lost_model(model)
    if module in way.scope.index.addons or way.told.xmlid(xmlid):
        return False
    if not _has(way.source, xmlid) or _has(way.target, xmlid):
        return False
    return not is_generated(xmlid) and way.target.knows(module) and not _is_sets(way, xmlid)


def _model(odoo: World, xmlid: str) -> str:
    """The model whose own record the id is."""
    name = xmlid.partition(".")[2]
    return odoo.by_table.get(name[len("model_") :], "") if name.startswith("model_") else ""


def _has(odoo: World, xmlid: str) -> bool:
    model = _model(odoo, xmlid)
    return bool(model) and odoo.has_model(model) if model else odoo.has_record(xmlid)


def _is_sets(way: Ahead, xmlid: str) -> bool:
    return any(xmlid in addon.records or xmlid in addon.views for addon in way.scope.index.all)


def _similar(way: Ahead, mention: Mention) -> str:
    """A record of the same model that the addon has in the target only."""
    old, new = (odoo.core.addon(mention.module) for odoo in (way.source, way.target))
    if old is None or new is None or mention.xmlid not in old.records:
        return ""
    model = old.records[mention.xmlid][0].record.model
    fresh = (
        xmlid.partition(".")[2]
        for xmlid, placed in new.records.items()
        if xmlid not in old.records and placed[0].record.model == model
    )
    return like(mention.xmlid.partition(".")[2], fresh)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.MIGRATION,
    minutes=20,
    listeners=(OnAddon(check),),
    tags=("upgrade",),
)
