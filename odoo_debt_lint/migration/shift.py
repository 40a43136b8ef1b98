"""The set of addons as it would stand on Odoo of another series, unchanged: what would its views find there?

Dependencies that are renamed or merged are followed as far as the facts tell; those that are nowhere are left
out, so that something can be said at all: Odoo's views are the same without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import msgspec

from odoo_debt_lint.addons.addon import AddonFacts, PlacedView
from odoo_debt_lint.facts import FileResult, ManifestFact, ViewFact
from odoo_debt_lint.finding import FIRST_LINE, Span
from odoo_debt_lint.index import Core, Index, Scope
from odoo_debt_lint.migration.facts import all_facts
from odoo_debt_lint.migration.world import world
from odoo_debt_lint.rule import series_number

_LISTS = 18
"""The series in which ``<tree>`` became ``<list>``."""
_TAG = re.compile(r"(</?)tree\b")
_EXPR = re.compile(r"(\bexpr\s*=\s*)(\"[^\"]*\"|'[^']*')")
_STEP = re.compile(r"(?<![\w@'\".-])tree(?![\w='\"-])")


def shifted(scope: Scope, series: str) -> Scope | None:
    """The scope's addon on Odoo of a series; None without an index of it."""
    key = ("migration.shifted", scope.addon.series, series)
    index = scope.index.here.once(key, lambda: _index(scope, series))
    own = [item for item in index.all if item.path == scope.addon.path] if index is not None else []
    return index.scope(own[0]) if index is not None and own else None


def _index(scope: Scope, series: str) -> Index | None:
    odoo = world(scope.index, series)
    if odoo is None:
        return None
    lists = series_number(scope.addon.series) < _LISTS <= series_number(series)
    addons = [addon for addon in scope.index.all if addon.series == scope.addon.series]
    names = {addon.name for addon in addons}
    clones = [_clone(addon, series, odoo.core, names, lists) for addon in addons]
    return Index(clones, {series: odoo.core}, scope.index.settings)


def _clone(addon: AddonFacts, series: str, core: Core, names: set[str], lists: bool) -> AddonFacts:
    depends = tuple(dict.fromkeys(_depends(addon, core, names)))
    manifest = msgspec.structs.replace(
        addon.manifest,
        lists={**addon.manifest.lists, "depends": tuple((name, FIRST_LINE) for name in depends)},
    )
    clone = replace(addon, series=series, manifest=manifest)
    if lists:
        clone.files = [_with_lists(result) for result in addon.files]
        clone.views = {
            view.xmlid: PlacedView(addon.name, result.path, view)
            for result in clone.files
            if result.data is not None and result.role not in ("test", "migration")
            for view in result.data.views
        }
    return clone


def _depends(addon: AddonFacts, core: Core, names: set[str]) -> Iterator[str]:
    """What is left of the dependencies, and the addons of Odoo whose views are extended."""
    successors = _successors()
    for name in addon.manifest.items("depends"):
        if name in names or core.depends(name) is not None:
            yield name
        elif core.depends(successors.get(name, "")) is not None:
            yield successors[name]
    for placed in addon.views.values():
        owner = placed.view.inherit.partition(".")[0]
        if owner not in names and core.depends(owner) is not None:
            yield owner


def _successors() -> dict[str, str]:
    """Addons that took over from others, as far as the facts name them plainly."""
    return {
        match.value: fact.moved or fact.replacement.split(" ")[0]
        for fact in all_facts()
        for match in fact.match
        if match.match == "depends"
    }


def _with_lists(result: FileResult) -> FileResult:
    if result.data is None or not any("tree" in view.arch for view in result.data.views):
        return result
    views = tuple(_renamed(view) for view in result.data.views)
    return msgspec.structs.replace(result, data=msgspec.structs.replace(result.data, views=views))


def _renamed(view: ViewFact) -> ViewFact:
    if "tree" not in view.arch:
        return view
    arch = _TAG.sub(r"\1list", view.arch)
    arch = _EXPR.sub(lambda item: item[1] + item[2][0] + with_lists(item[2][1:-1]) + item[2][-1], arch)
    return msgspec.structs.replace(view, arch=arch)


def with_lists(expr: str) -> str:
    """An XPath with ``list`` for ``tree``."""
    return _STEP.sub("list", expr)


def plain(scope: Scope) -> Scope:
    """What an addon with the same dependencies and no views would see of Odoo alone."""
    index, series, core = scope.index, scope.addon.series, scope.core
    names = tuple(name for name in scope.order if core is not None and core.depends(name) is not None)
    return index.here.once(("migration.plain", series, names), lambda: _plain(index, series, names))


def _plain(index: Index, series: str, names: tuple[str, ...]) -> Scope:
    depends: tuple[tuple[str, Span], ...] = tuple((name, FIRST_LINE) for name in names)
    manifest = ManifestFact("", lists={"depends": depends})
    return Index([], index.cores).scope(AddonFacts("", "", series, manifest))
