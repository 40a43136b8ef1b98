"""Views of Odoo itself in the series after the addon's own: what will an anchor find there?"""

from __future__ import annotations

from typing import Any

from odoo_debt_lint.core.choose import shipped
from odoo_debt_lint.facts import ManifestFact
from odoo_debt_lint.finding import FIRST_LINE
from odoo_debt_lint.index import AddonFacts, Core, Index, Scope
from odoo_debt_lint.xml.combine import combined


def later(scope: Scope) -> list[Core]:
    """The indexes of the series after the addon's own, the nearest first."""
    known: dict[str, list[Core]] = scope.index.shared.setdefault("views.later", {})
    series = scope.addon.series
    if series not in known:
        number, found = series.partition(".")[0], []
        while number.isdigit():
            number = str(int(number) + 1)
            core = scope.index.cores.get(f"{number}.0") or shipped(f"{number}.0")
            if core is None:
                break
            found.append(core)
        known[series] = found
    return known[series]


def later_tree(scope: Scope, core: Core, xmlid: str) -> Any:
    """The combined parent in a later series, as its own addon builds it; None when it is not there."""
    trees: dict[tuple[str, str], Any] = scope.index.passing.setdefault("views.ahead", {})
    key = (core.series, xmlid)
    if key not in trees:
        owner = xmlid.partition(".")[0]
        known = core.depends(owner) is not None
        trees[key] = combined(_scope(scope, core, owner), xmlid) if known else None
    return trees[key]


def _scope(scope: Scope, core: Core, owner: str) -> Scope:
    """What an addon that depends on ``owner`` alone would see in the other series."""
    scopes: dict[tuple[str, str], Scope] = scope.index.passing.setdefault("views.scopes", {})
    key = (core.series, owner)
    if key not in scopes:
        indexes: dict[str, Index] = scope.index.passing.setdefault("views.indexes", {})
        index = indexes.setdefault(core.series, Index([], {core.series: core}))
        manifest = ManifestFact("", lists={"depends": ((owner, FIRST_LINE),)})
        # closures are kept by path: that of another owner must not be taken for it
        scopes[key] = index.scope(AddonFacts("", owner, core.series, manifest))
    return scopes[key]
