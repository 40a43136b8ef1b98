"""Whose an addon is: Odoo Community or Enterprise, OCA, own, or a third party's; always with the reason."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from manifestoo_core.core_addons import is_core_ce_addon, is_core_ee_addon
from manifestoo_core.odoo_series import OdooSeries

from odoo_debt_lint.index import AddonFacts

_MANY = 12
_OCA = re.compile(r"\bOCA\b|odoo community association", re.I)
_ODOO = re.compile(r"\bodoo\b(?!.*community association)|\bopenerp\b", re.I)


class Origin(NamedTuple):
    """The class of an addon and why."""

    kind: str
    reason: str


def classify(addon: AddonFacts, own_authors: tuple[str, ...], among_odoo: bool = False) -> Origin:
    """The class of an addon by its name, licence and author.

    ``among_odoo``: it stands in a folder of Odoo's own addons, some of which partners wrote.
    """
    manifest = addon.manifest
    author = manifest.author.strip()
    series = _series(addon.series)
    foreign = bool(author) and not _ODOO.search(author) and not among_odoo
    if series is not None and not foreign:
        if is_core_ce_addon(addon.name, series):
            return Origin("Odoo CE", f"on the list of Community addons of {series.value}")
        if is_core_ee_addon(addon.name, series):
            return Origin("Odoo EE", f"on the list of Enterprise addons of {series.value}")
    if manifest.license.upper().startswith("OEEL"):
        return Origin("Odoo EE", f"licence {manifest.license}")
    mine = next((name for name in own_authors if name.lower() in author.lower()), None)
    if mine is not None:
        return Origin("own", f"author {mine}")
    if _OCA.search(author):
        return Origin("OCA", "author names the Odoo Community Association")
    return Origin("third party", f"author {author}" if author else "no author in the manifest")


def odoo_folders(addons: Iterable[AddonFacts]) -> frozenset[str]:
    """Folders that hold Odoo's own addons: a dozen on its list, by its own hand."""
    count: Counter[str] = Counter()
    for addon in addons:
        if classify(addon, ()).kind == "Odoo CE":
            count[posixpath.dirname(addon.path)] += 1
    return frozenset(folder for folder, number in count.items() if number >= _MANY)


def _series(series: str) -> OdooSeries | None:
    try:
        return OdooSeries(series)
    except ValueError:
        return None
