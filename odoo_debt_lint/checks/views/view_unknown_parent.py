"""View that inherits one which does not exist.

## What it does
Reports an `inherit_id`, or the `t-inherit` of a template of the browser, that no addon of the dependency
closure defines.

## Why is this bad
Odoo stops the installation: "External ID not found in the system".

## How to fix
Correct the id. Views are renamed and split between versions: look for the one which holds the node now.

## Not reported
Files which the manifest does not list; ids of addons that are neither in the set nor in the index of Odoo's
own addons. A view of an addon which is known but missing in `depends` is a
`reference-to-undeclared-dependency`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from odoo_debt_lint.facts import STATIC, DataFacts, ViewFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity
from odoo_debt_lint.xml.families import families, inheriting, loaded, mixed


def check(scope: Scope) -> Hits:
    if mixed(scope):
        return
    yield from _templates(scope)
    for path, data, view in _extensions(scope):
        if _nowhere(scope, view.inherit):
            yield Hit(
                Location(path, data.parent_span(view)),
                f"inherits {view.inherit}, which no addon in the depends of {scope.addon.name} defines",
                entity=view.xmlid,
            )


def _templates(scope: Scope) -> Hits:
    """Templates of the browser whose parent's addon is known and has none of that name."""
    known = families(scope)
    for result, view in inheriting(scope):
        name = view.inherit.removesuffix(STATIC)
        module = name.partition(".")[0]
        owner = scope.visible(module)
        if owner is None or owner.series not in ("", scope.addon.series) or not known.all_known(module):
            continue
        # a template in no bundle of the manifest may be in one that a record makes
        if known.view(view.inherit) is None and scope.view(view.inherit) is None:
            text = f"inherits {name}, which no addon in the depends of {scope.addon.name} defines"
            yield Hit(Location(result.path, view.span), text, entity=view.xmlid)


def _extensions(scope: Scope) -> Iterator[tuple[str, DataFacts, ViewFact]]:
    for result in loaded(scope.addon):
        if result.data is not None and result.role != "static":
            for view in result.data.views:
                if view.inherit:
                    yield result.path, result.data, view


def _nowhere(scope: Scope, xmlid: str) -> bool:
    """Whether the id is surely defined nowhere: not in the closure, and not outside of it either."""
    if scope.view(xmlid) is not None or any(_declares(addon.records, xmlid) for addon in scope.addons):
        return False
    name = xmlid.partition(".")[0]
    owner = scope.index.addon(name, scope.addon.series)
    if owner is None:
        return scope.complete and (scope.core is None or name not in scope.core.absent)
    if owner.series not in ("", scope.addon.series):
        return False
    return xmlid not in owner.views and not _declares(owner.records, xmlid)


def _declares(records: Mapping[str, object], xmlid: str) -> bool:
    """Records of models that inherit from views (website pages) bring a view along."""
    return xmlid in records or xmlid.removesuffix("_ir_ui_view") in records


RULE = Rule(
    severity=Severity.CRITICAL,
    block=Block.CODE,
    minutes=45,
    listeners=(OnAddon(check, bodies="none"),),
)
