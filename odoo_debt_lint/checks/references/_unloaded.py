"""Ids which only a file declares that Odoo does not load: no list of the manifest names it, or only that of
the demo data."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from odoo_debt_lint.checks.references._xmlids import Mention, placed
from odoo_debt_lint.index import AddonFacts, Scope

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

_DEMO = ("demo", "demo_xml")
_NAMED = re.compile(r"[\"']([^\"'\n]*\.(?:xml|csv))[\"']")
_LOADING = frozenset({"convert_file", "convert_xml_import", "convert_csv_import"})
_ANY = "*"
"""Code loads files, and which ones is not known."""
_BY_CODE = "data/template/"
"""Odoo itself reads what is there."""


def named_files(file: PythonFile) -> Iterator[str]:
    """Data files which code names; it may load them."""
    if not _LOADING.isdisjoint(file.words):
        yield _ANY
    if ".xml" in file.text.text or ".csv" in file.text.text:
        for name in set(_NAMED.findall(file.text.text)):
            yield _ANY if "%" in name or "{" in name else posixpath.basename(name)


def unloaded(scope: Scope, mention: Mention, named: set[str]) -> str:
    """The file which alone declares an id of the addon, if it is not there for the one who mentions it."""
    addon = scope.addon
    if mention.module != addon.name or addon.manifest.problem or _ANY in named:
        return ""
    loaded, demo = scope.once("references.listed", lambda: _lists(addon))
    path = addon.inside(mention.location.path)
    if path in demo or path.endswith(".py"):  # methods that only demo data calls
        loaded = loaded | demo
    names = [addon.inside(item.path) for item in placed(addon, mention.xmlid)]
    if any(name in loaded or name.startswith(_BY_CODE) or name.endswith(".py") for name in names):
        return ""
    if any(posixpath.basename(name) in named for name in names if name not in demo):
        return ""
    elsewhere = any(mention.xmlid in other.records for other in scope.addons if other is not addon)
    return names[0] if names and not elsewhere else ""


def _lists(addon: AddonFacts) -> tuple[set[str], set[str]]:
    """The files which the manifest lists, and those of the demo data."""
    lists = addon.manifest.lists
    return _listed(addon, [key for key in lists if key not in _DEMO]), _listed(addon, _DEMO)


def _listed(addon: AddonFacts, keys: Iterable[str]) -> set[str]:
    return {posixpath.normpath(name) for key in keys for name in addon.manifest.items(key)}
