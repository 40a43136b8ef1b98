"""Collects the inventory from the index: facts only, no file is opened again."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Mapping

import msgspec

from odoo_debt_lint.index import AddonFacts, Index
from odoo_debt_lint.inventory.classify import Origin, classify, odoo_folders
from odoo_debt_lint.inventory.depth import Depth, depth_of

LANGUAGES = {".py": "python", ".xml": "xml", ".js": "javascript", ".css": "css", ".scss": "scss"}
_TEST = "test_"


class Entry(msgspec.Struct, frozen=True):
    """One addon. ``lines`` are by language after Odoo's cloc, ``test_lines`` are beside them;
    ``touched`` is a Unix time or 0; ``dependents`` are the addons of the set that need this one, at any
    depth."""

    name: str
    path: str
    series: str
    version: str
    author: str
    license: str
    origin: Origin
    lines: Mapping[str, int]
    test_lines: int
    test_methods: int
    defined: tuple[str, ...]
    extended: tuple[str, ...]
    core_fields: int
    core_overrides: int
    views_inherited: int
    routes: int
    touched: int
    depends: tuple[str, ...]
    dependents: tuple[str, ...]
    packages: tuple[str, ...]

    @property
    def loc(self) -> int:
        return sum(self.lines.values())

    @property
    def test_ratio(self) -> float:
        """Lines of tests per line of Python."""
        return self.test_lines / max(self.lines.get("python", 0), 1)


class Inventory(msgspec.Struct, frozen=True):
    """All addons by path, and how many addons extend each model that none of them defines."""

    entries: tuple[Entry, ...] = ()
    heat: tuple[tuple[str, int, tuple[str, ...]], ...] = ()

    @property
    def classes(self) -> dict[str, int]:
        """Addons by class."""
        return dict(sorted(Counter(entry.origin.kind for entry in self.entries).items()))


def inventory_of(
    index: Index, own_authors: tuple[str, ...], depths: Mapping[str, Depth] | None = None
) -> Inventory:
    """The inventory of all addons of the set; ``depths`` are those that are known, by path."""
    known = depths or {}
    dependents = _dependents(index)
    addons = sorted(index.all, key=lambda addon: addon.path)
    odoo = odoo_folders(addons)
    entries = tuple(
        _entry(
            addon,
            classify(addon, own_authors, posixpath.dirname(addon.path) in odoo),
            known.get(addon.path) or depth_of(index.scope(addon)),
            dependents[addon.name],
        )
        for addon in addons
    )
    owned = {model for entry in entries for model in entry.defined}
    extenders: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        for model in entry.extended:
            if model not in owned:
                extenders[model].append(entry.name)
    heat = sorted(((model, len(names), tuple(names)) for model, names in extenders.items()), key=_hottest)
    return Inventory(entries, tuple(heat))


def _hottest(row: tuple[str, int, tuple[str, ...]]) -> tuple[int, str]:
    return (-row[1], row[0])


def _dependents(index: Index) -> dict[str, set[str]]:
    """For each addon of the set, those of the set that cannot be installed without it."""
    direct: dict[str, set[str]] = defaultdict(set)
    for addon in index.all:
        for name in addon.manifest.items("depends"):
            direct[name].add(addon.name)
    result: dict[str, set[str]] = defaultdict(set)
    for addon in index.all:
        stack = list(direct[addon.name])
        while stack:
            name = stack.pop()
            if name not in result[addon.name] and name != addon.name:
                result[addon.name].add(name)
                stack.extend(direct[name])
    return result


def _entry(addon: AddonFacts, origin: Origin, depth: Depth, dependents: set[str]) -> Entry:
    manifest = addon.manifest
    defined = {model for model, parts in addon.parts.items() if any(part.klass.defines for part in parts)}
    extended = set(addon.parts) - defined
    tests = [result for result in addon.files if result.role == "test" and result.python is not None]
    return Entry(
        name=addon.name,
        path=addon.path,
        series=addon.series,
        version=manifest.version,
        author=manifest.author,
        license=manifest.license,
        origin=origin,
        lines=_lines(addon),
        test_lines=sum(result.lines for result in tests),
        test_methods=sum(_test_methods(result.python.classes) for result in tests if result.python),
        defined=tuple(sorted(defined)),
        extended=tuple(sorted(extended)),
        core_fields=depth.fields,
        core_overrides=depth.overrides,
        views_inherited=sum(1 for placed in addon.views.values() if placed.view.inherit),
        routes=sum(method.route is not None for part in addon.classes() for method in part.klass.methods),
        touched=addon.touched,
        depends=manifest.items("depends"),
        dependents=tuple(sorted(dependents)),
        packages=manifest.items("python"),
    )


def _lines(addon: AddonFacts) -> dict[str, int]:
    lines: Counter[str] = Counter()
    for result in addon.counted:
        language = LANGUAGES.get(posixpath.splitext(result.path)[1].lower())
        if language and result.loc:
            lines[language] += result.loc
    return dict(sorted(lines.items()))


def _test_methods(classes: tuple[object, ...]) -> int:
    return sum(
        1 for klass in classes for method in getattr(klass, "methods", ()) if method.name.startswith(_TEST)
    )
