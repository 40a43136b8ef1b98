"""Finds in the facts of an addon what facts of migration say of manifests and files."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Collection, Iterator

from odoo_debt_lint.finding import FIRST_LINE, Location, Span
from odoo_debt_lint.index import AddonFacts, Scope
from odoo_debt_lint.migration.plan import Tables, Wanted

Found = tuple[Wanted, Location]
CURSORS = (["cr"], ["cursor"], ["_cr"])
"""What the first parameter of a hook was called as long as it was a cursor."""
_VERSION = re.compile(r"\d+\.\d+(\.\d+)?(\.\d+\.\d+)?")


def manifest_places(scope: Scope, tables: Tables) -> Iterator[Found]:
    """Hits in one addon outside of its code: each with its place."""
    addon = scope.addon
    for look in (_keys, _missing, _bundles, _depends, _checks):
        for wanted, span in look(addon, tables):
            yield wanted, Location(addon.manifest.path, span)
    yield from _files(addon, tables)
    yield from _hooks(addon, tables)


def _hooks(addon: AddonFacts, tables: Tables) -> Iterator[Found]:
    """Functions with a cursor that only the manifest tells to be hooks: what one file tells has the fix."""
    wanted = next(tables.each("hook"), None)
    if wanted is None or not addon.manifest.hooks:
        return
    known = tables.kind("hook")
    for result in addon.files:
        for function in result.python.functions if result.python is not None else ():
            names = [param.name for param in function.params]
            if function.name not in addon.manifest.hooks or names[:1] not in CURSORS:
                continue
            if not told_by_name(function.name, names, known):
                yield wanted, Location(result.path, function.span)


def told_by_name(name: str, parameters: list[str], known: Collection[str]) -> bool:
    """Whether a function is surely a hook with a cursor by what it is called and takes."""
    if parameters[:1] not in CURSORS or len(parameters) > 2 or parameters[1:] == ["version"]:
        return False
    return name in known or (name.endswith("_hook") and parameters == ["cr", "registry"])


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
