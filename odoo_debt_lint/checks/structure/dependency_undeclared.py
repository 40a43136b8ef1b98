"""Import of a package which the manifest does not declare.

## What it does
Reports imports of third-party packages that are in no `external_dependencies` of the addon or of an addon
it depends on. Import names are mapped to the names of distributions (`import ldap` is `python-ldap`).

## Why is this bad
The addon installs on the developer's machine and fails on the next server, where nobody knew of the
package.

## How to fix
Add it under `"external_dependencies": {"python": [...]}`; Odoo then says what is missing before it
installs.

## Not reported
Python's own modules, packages that Odoo itself requires in that series, tests, scripts, modules of the
addon, programs in a folder of their own which the addon never imports, `TYPE_CHECKING` blocks. An import
guarded by `try … except ImportError` has low confidence: it may be optional. Where the guard only logs,
nothing stands in for the package, and it is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from odoo_debt_lint.checks.structure._imports import files_by_name, imported, reached
from odoo_debt_lint.core.addons import core_addons
from odoo_debt_lint.data.packages import BROUGHT, STANDARD, comes_with_odoo, distributions, normalised
from odoo_debt_lint.facts import FileResult, ImportFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import AddonFacts, Scope
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnAddon, Rule, Severity, series_number

_USUAL = frozenset(
    (
        "models model wizard wizards controllers controller report reports tools utils lib libs services "
        "components hooks populate"
    ).split()
)
"""Folders for Odoo, even where their import has been forgotten."""
_HELPERS = frozenset("tools utils lib libs services".split())
"""Those in which programs lie too: without an ``__init__.py`` nothing in them is for Odoo."""


def check(scope: Scope) -> Hits:
    manifest = scope.addon.manifest
    if manifest.problem or not manifest.installable:
        return
    declared = declared_packages(scope)
    seen: set[str] = set()
    for path, item, module in foreign_imports(scope):
        if module in seen or _provided(module, declared, series_number(scope.addon.series)):
            continue
        seen.add(module)
        yield Hit(
            Location(path, item.span),
            f"{module} is imported, and {distributions(module)[0]} is not in external_dependencies",
            confidence=_confidence(scope, item, module),
        )


def _confidence(scope: Scope, item: ImportFact, module: str) -> Confidence:
    """Optional imports are unsure; with an unknown addon below, that one may declare the package, most of all
    one that is called like it."""
    unknown = scope.missing - core_addons(scope.addon.series)
    named = any(module.lower() in name.split("_") for name in unknown)
    if named or module in scope.index.addons or (item.guarded and (unknown or not item.needed)):
        return Confidence.LOW
    return Confidence.MEDIUM if unknown or item.guarded else Confidence.HIGH


def foreign_imports(scope: Scope) -> Iterator[tuple[str, ImportFact, str]]:
    """(path, import, top-level module) of what is neither Python's, Odoo's nor the addon's.

    Plain imports come first, then the guarded ones.
    """
    found = []
    files = files_by_name(scope.addon)
    programs: frozenset[str] | None = None
    for inside, result in files.items():
        if result.python is None or result.role not in ("code", "hook"):
            continue
        for item in result.python.imports:
            module = item.target.partition(".")[0]
            if item.level or not module or module in STANDARD:
                continue
            if programs is None:
                programs = _programs(scope.addon, files)
            if inside.partition("/")[0] in programs:
                break
            if not any(other in files for other in imported(scope.addon, item, inside)):
                found.append((result.path, item, module))
    return iter(sorted(found, key=lambda entry: (entry[1].guarded, entry[0], entry[1].span)))


def _programs(addon: AddonFacts, files: Mapping[str, FileResult]) -> frozenset[str]:
    """Folders that hold a program of their own, such as a bridge to devices: nothing of them is ever loaded
    by Odoo, and their packages are installed where they run."""
    loaded = reached(addon, ["__init__.py"])
    if len(loaded) < 2:
        return frozenset()
    folders = {name.partition("/")[0] for name in files if "/" in name}
    usual = {name for name in _USUAL if name not in _HELPERS or f"{name}/__init__.py" in files}
    return frozenset(folders - {name.partition("/")[0] for name in loaded} - usual)


def declared_packages(scope: Scope) -> set[str]:
    """Distributions, normalised, that the addon or one below it declares."""
    names = {normalised(name) for addon in scope.addons for name in addon.manifest.items("python")}
    return names | {normalised(name) for name in scope.addon.manifest.items("python")}


def _provided(module: str, declared: set[str], series: float) -> bool:
    """Whether the manifest or Odoo brings a module; declared names may be imports or distributions."""
    own = normalised(module)
    if own.replace("-", "") in {name.replace("-", "") for name in declared}:
        return True
    wanted = {own, *distributions(module)}
    if wanted & declared or any(comes_with_odoo(name, series) for name in wanted):
        return True
    if any(own in BROUGHT.get(name, ()) for name in declared):
        return True
    tail = {
        f"python-{own}",
        f"py{own}",
        f"{own}-python",
        f"python3-{own}",
        f"{own}-py",
        f"py-{own}",
        f"{own}2",
        f"{own}3",
    }
    return bool(tail & declared) or any(name.startswith(f"{own}-") for name in declared)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=10,
    listeners=(OnAddon(check, bodies="closure", data="closure"),),
    tags=("manifest", "dependencies"),
)
