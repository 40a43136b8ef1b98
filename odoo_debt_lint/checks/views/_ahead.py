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
    index, series = scope.index, scope.addon.series
    return index.once(("views.later", series), lambda: _later(index, series))


def _later(index: Index, series: str) -> list[Core]:
    number, found = series.partition(".")[0], []
    while number.isdigit():
        number = str(int(number) + 1)
        core = index.cores.get(f"{number}.0") or shipped(f"{number}.0")
        if core is None:
            break
        found.append(core)
    return found


def later_tree(scope: Scope, core: Core, xmlid: str) -> Any:
    """The combined parent in a later series, as its own addon builds it; None when it is not there."""
    owner = xmlid.partition(".")[0]
    if core.depends(owner) is None:
        return None
    key = ("views.ahead", core.series, xmlid)
    return scope.index.here.once(key, lambda: combined(_scope(scope.index, core, owner), xmlid))


def _scope(index: Index, core: Core, owner: str) -> Scope:
    """What an addon that depends on ``owner`` alone would see in the other series."""
    there = index.here.once(("views.index", core.series), lambda: Index([], {core.series: core}))
    manifest = ManifestFact("", lists={"depends": ((owner, FIRST_LINE),)})
    # closures are kept by path: that of another owner must not be taken for it
    addon = AddonFacts("", owner, core.series, manifest)
    return index.here.once(("views.scope", core.series, owner), lambda: there.scope(addon))
