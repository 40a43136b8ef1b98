"""Finds in the facts of an addon what facts of migration say of manifests and files."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator

from odoo_debt_lint.finding import FIRST_LINE, Location, Span
from odoo_debt_lint.index import AddonFacts, Scope
from odoo_debt_lint.migration.plan import Tables, Wanted

Found = tuple[Wanted, Location]
_VERSION = re.compile(r"\d+\.\d+(\.\d+)?(\.\d+\.\d+)?")


def manifest_places(scope: Scope, tables: Tables) -> Iterator[Found]:
    """Hits in one addon outside of its code: each with its place."""
    addon = scope.addon
    for look in (_keys, _missing, _bundles, _depends, _checks):
        for wanted, span in look(addon, tables):
            yield wanted, Location(addon.manifest.path, span)
    yield from _files(addon, tables)


def _keys(addon: AddonFacts, tables: Tables) -> Iterator[tuple[Wanted, Span]]:
    for wanted in tables.each("manifest-key"):
        if wanted.match.value in addon.manifest.keys:
            yield wanted, addon.manifest.keys[wanted.match.value]


def _missing(addon: AddonFacts, tables: Tables) -> Iterator[tuple[Wanted, Span]]:
    for wanted in tables.each("manifest-missing"):
        if wanted.match.value not in addon.manifest.keys and not addon.manifest.problem:
            yield wanted, FIRST_LINE


def _bundles(addon: AddonFacts, tables: Tables) -> Iterator[tuple[Wanted, Span]]:
    table, met = tables.kind("asset-bundle"), set()
    for bundle, _, span in addon.manifest.assets:
        for wanted in table.get(bundle, ()):
            if bundle not in met:
                met.add(bundle)
                yield wanted, span


def _depends(addon: AddonFacts, tables: Tables) -> Iterator[tuple[Wanted, Span]]:
    for name, span in addon.manifest.lists.get("depends", ()):
        for wanted in tables.kind("depends").get(name, ()):
            yield wanted, span


def _checks(addon: AddonFacts, tables: Tables) -> Iterator[tuple[Wanted, Span]]:
    keys = addon.manifest.keys
    for wanted in tables.each("manifest-check"):
        if wanted.match.value == "version" and addon.manifest.version:
            if not _VERSION.fullmatch(addon.manifest.version):
                yield wanted, keys.get("version", FIRST_LINE)
        elif wanted.match.value == "openerp":
            if addon.manifest.path.endswith("__openerp__.py"):
                yield wanted, FIRST_LINE
        elif wanted.match.value == "summary" and "summary" in addon.manifest.multiline:
            yield wanted, keys["summary"]


def _files(addon: AddonFacts, tables: Tables) -> Iterator[Found]:
    for wanted in tables.each("file"):
        for name in sorted(addon.names):
            if fnmatch.fnmatch(name, wanted.match.value):
                yield (
                    wanted,
                    Location(f"{addon.path}/{name}" if addon.path not in ("", ".") else name, FIRST_LINE),
                )
