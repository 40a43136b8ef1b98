"""View that inherits one of Odoo's which the target series does not have any more.

## What it does
With `--to`, reports an `inherit_id` of a view or template, or a `t-inherit` of a template of the browser,
which names one that Odoo's addons have in the series from which the addon comes and not in the target series.

## Why is this bad
Odoo stops the upgrade of the addon: "External ID not found in the system". Without a template that it extends
the web client shows an error instead of the page.

## How to fix
Find the view which shows the same thing now. The message names the view of the same model and kind whose id
is most similar, if there is one.

## Not reported
Anything without `--to`. Views of the set's own addons, of addons that are not in the index of the target
(Enterprise), and those of which a rule of its own tells more (renamed and merged addons).
"""

from __future__ import annotations

from odoo_debt_lint.checks.migration._ahead import Ahead, ahead, like
from odoo_debt_lint.facts import STATIC
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.migration.world import World
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity
from odoo_debt_lint.xml.families import loaded


def check(scope: Scope) -> Hits:
    way = ahead(scope)
    if way is None:
        return
    for result in loaded(scope.addon):
        if result.data is None:
            continue
        for view in result.data.views:
            name = view.inherit
            if name and _is_lost(way, name):
                series = way.went(lambda odoo, name=name: _has(odoo, name))  # type: ignore[misc]
                yield Hit(
                    Location(result.path, result.data.parent_span(view)),
                    f"inherits {name.removesuffix(STATIC)}, which is gone from {series}{_similar(way, name)}",
                    entity=view.xmlid,
                )


def _is_lost(way: Ahead, xmlid: str) -> bool:
    if xmlid.endswith(STATIC):
        return _is_template_lost(way, xmlid)
    module = xmlid.partition(".")[0]
    if module in way.scope.index.addons or way.told.xmlid(xmlid) or way.told.template(xmlid):
        return False
    return _has(way.source, xmlid) and not _has(way.target, xmlid) and way.target.knows(module)


def _is_template_lost(way: Ahead, name: str) -> bool:
    """The name of a template of the browser need not begin with that of its addon."""
    owner = way.source.templates.get(name)
    if owner is None or way.told.template(name.removesuffix(STATIC)) or not way.target.knows(owner):
        return False
    ours = any(name in addon.views for addon in way.scope.index.all)
    return not ours and not _has(way.target, name)


def _has(odoo: World, xmlid: str) -> bool:
    """Records of models that inherit from views (website pages) bring a view along."""
    if xmlid.endswith(STATIC):
        return xmlid in odoo.templates
    return odoo.has_record(xmlid) or odoo.has_record(xmlid.removesuffix("_ir_ui_view"))


def _similar(way: Ahead, xmlid: str) -> str:
    """A view of the same model and kind in the same addon of the target."""
    if xmlid.endswith(STATIC):
        return like(xmlid.removesuffix(STATIC), (name.removesuffix(STATIC) for name in way.target.templates))
    module = xmlid.partition(".")[0]
    old, new = way.source.core.addon(module), way.target.core.addon(module)
    gone = old.views.get(xmlid) if old is not None else None
    if gone is None or new is None:
        return ""
    same = (
        name.partition(".")[2]
        for name, placed in new.views.items()
        if placed.view.model == gone.view.model and placed.view.type == gone.view.type
    )
    return like(xmlid.partition(".")[2], same).replace("new there is", "there is still")


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.MIGRATION,
    minutes=45,
    listeners=(OnAddon(check),),
    tags=("upgrade",),
)
