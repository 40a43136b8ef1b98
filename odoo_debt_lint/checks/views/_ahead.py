"""Views of Odoo itself in the series after the addon's own: what will an anchor find there?"""

from __future__ import annotations

from typing import Any

from odoo_debt_lint.core.choose import shipped
from odoo_debt_lint.facts import ManifestFact
from odoo_debt_lint.finding import FIRST_LINE
from odoo_debt_lint.index import AddonFacts, Core, Index, Scope
from odoo_debt_lint.xml.combine import combined


def next_series(series: str) -> str:
    """``16.0`` → ``17.0``."""
    number = series.partition(".")[0]
    return f"{int(number) + 1}.0" if number.isdigit() else ""


def next_core(scope: Scope) -> Core | None:
    """The index of the series after the addon's own, if there is one."""
    series = next_series(scope.addon.series)
    return scope.index.cores.get(series) or shipped(series)


def next_tree(scope: Scope, xmlid: str) -> Any:
    """The combined parent in the next series, as its own addon builds it; None when it is not there."""
    trees: dict[tuple[str, str], Any] = scope.index.shared.setdefault("views.ahead", {})
    key = (scope.addon.series, xmlid)
    if key not in trees:
        core, owner = next_core(scope), xmlid.partition(".")[0]
        known = core is not None and core.depends(owner) is not None
        trees[key] = combined(_scope(scope, core, owner), xmlid) if core is not None and known else None
    return trees[key]


def _scope(scope: Scope, core: Core, owner: str) -> Scope:
    """What an addon that depends on ``owner`` alone would see in the other series."""
    scopes: dict[tuple[str, str], Scope] = scope.index.shared.setdefault("views.scopes", {})
    key = (core.series, owner)
    if key not in scopes:
        indexes: dict[str, Index] = scope.index.shared.setdefault("views.indexes", {})
        index = indexes.setdefault(core.series, Index([], {core.series: core}))
        manifest = ManifestFact("", lists={"depends": ((owner, FIRST_LINE),)})
        # closures are kept by path: that of another owner must not be taken for it
        scopes[key] = index.scope(AddonFacts("", owner, core.series, manifest))
    return scopes[key]
