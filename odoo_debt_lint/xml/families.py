"""Which views exist, which inherit which, and in which order Odoo applies them.

One ``Registry`` serves all addons of a series: addons are entered once, in any order; what an addon sees is a
selection by its dependency closure, made by ``Families``.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from odoo_debt_lint.core.addons import core_addons
from odoo_debt_lint.core.entries import CoreAddon
from odoo_debt_lint.facts import STATIC, FileResult, ViewFact
from odoo_debt_lint.index import AddonFacts, Index, Scope
from odoo_debt_lint.xml.browser import served, short
from odoo_debt_lint.xml.entries import Entry, Shelf, merged

_LISTS = ("init_xml", "data", "update_xml", "demo", "demo_xml")


def loaded(addon: AddonFacts) -> list[FileResult]:
    """Data files and templates of the browser which the addon's manifest lists, in the order of loading."""
    known = {result.path: result for result in addon.files if result.data is not None}
    listed = [item for name in _LISTS for item in addon.manifest.items(name)]
    paths = dict.fromkeys(posixpath.normpath(f"{addon.path}/{item}") for item in listed)
    browser = served(addon, [path for path, result in known.items() if result.role == "static"])
    return [known[path] for path in (*paths, *browser) if path in known]


def inheriting(scope: Scope) -> Iterator[tuple[FileResult, ViewFact]]:
    """The addon's templates of the browser that inherit from another (``t-inherit``)."""
    for result in loaded(scope.addon):
        if result.data is not None and result.role == "static":
            for view in result.data.views:
                if view.inherit and (view.specs or view.mode):
                    yield result, view


class Registry:
    """All views of the run by id and by parent. An addon's ``home`` is its number: names may come twice."""

    def __init__(self, index: Index) -> None:
        self.by_id: dict[str, list[Entry]] = {}
        self.children: dict[str, set[str]] = {}
        self.addons: dict[int, AddonFacts] = {}
        self.own: dict[int, list[Entry]] = {}
        self.trees: dict[Any, Any] = {}
        self._shelf = Shelf()
        self.changed: set[str] = set()
        """Templates which ``t-extend`` changes, by the names it gives."""
        self._browser = False
        """Whether templates of the browser are asked for: only then those of Odoo itself are read."""
        self._joined: dict[tuple[str, tuple[int, ...]], Entry] = {}
        for addon in index.all:
            self.enter(addon)

    def enter(self, addon: AddonFacts) -> None:
        """Takes the views of an addon, once."""
        home = id(addon)
        if home in self.own:
            return
        self.addons[home] = addon
        self.own[home] = []
        self._take(addon, _views(addon))
        if self._browser:
            self._take(addon, _templates(addon))

    def _take(self, addon: AddonFacts, views: Iterable[tuple[str, ViewFact]]) -> None:
        home = id(addon)
        entries: dict[str, Entry] = {}
        for path, view in views:
            if not view.xmlid.rpartition(".")[2]:
                view = msgspec.structs.replace(view, xmlid=f"{addon.name}.#{len(entries)}")
            entry = Entry(addon.name, home, path, view, len(entries), self._shelf)
            if view.record == "static" and view.inherit and not view.arch and not view.mode:
                self.changed.add(view.inherit)
            before = entries.get(view.xmlid)
            entries[view.xmlid] = merged(before, entry) if before is not None else entry
        self.own[home] += entries.values()
        for xmlid, entry in entries.items():
            self.by_id.setdefault(xmlid, []).append(entry)
            if entry.view.inherit:
                self.children.setdefault(entry.view.inherit, set()).add(xmlid)

    def joined(self, xmlid: str, rank: dict[int, int]) -> Entry | None:
        """The view as the addons of ``rank`` make it together."""
        if not self._browser and xmlid.endswith(STATIC):
            self._browser = True
            for addon in self.addons.values():
                self._take(addon, _templates(addon))
        entries = [entry for entry in self.by_id.get(xmlid, ()) if entry.home in rank]
        if len(entries) < 2:
            return entries[0] if entries else None
        owner = xmlid.partition(".")[0]
        entries.sort(key=lambda entry: (entry.addon != owner, rank[entry.home]))
        key = (xmlid, tuple(entry.home for entry in entries))
        if key not in self._joined:
            whole = entries[0]
            for entry in entries[1:]:
                whole = merged(whole, entry)
            self._joined[key] = whole
        return self._joined[key]


def _templates(addon: AddonFacts) -> Iterable[tuple[str, ViewFact]]:
    """The browser's templates of an addon of Odoo itself; those of other addons are among their views."""
    return [("", view) for view in addon.templates] if isinstance(addon, CoreAddon) else ()


def _views(addon: AddonFacts) -> Iterator[tuple[str, ViewFact]]:
    if addon.core:
        yield from ((placed.path, placed.view) for placed in addon.views.values())
        return
    for result in loaded(addon):
        if result.data is not None:
            yield from ((result.path, view) for view in result.data.views)


def mixed(scope: Scope) -> bool:
    """Whether the closure holds an addon of another series, for want of the right one: it tells nothing."""
    return any(addon.series not in ("", scope.addon.series) for addon in scope.addons)


def families(scope: Scope) -> Families:
    """What the scope's addon sees, made once for all rules."""
    return scope.once("xml.families", lambda: Families(scope))


def registry(scope: Scope) -> Registry:
    """The registry for the addons of a series. All that any of them sees is in it from the start: what is
    said of one does not depend on which ones were judged before."""
    index, series = scope.index, scope.addon.series
    found = index.here.once(("xml.registry", series), lambda: _registry(index, series))
    for addon in scope.addons:  # of a scope that is made up
        found.enter(addon)
    return found


def _registry(index: Index, series: str) -> Registry:
    made = Registry(index)
    for addon in sorted(index.all, key=lambda item: (item.name, item.path)):
        for item in index.scope(addon).addons if addon.series == series else ():
            made.enter(item)
    return made


class Families:
    """The views which one addon sees, in families: a primary view and all that extend it."""

    def __init__(self, scope: Scope) -> None:
        self.index, self.missing, self.series = scope.index, scope.missing, scope.addon.series
        self.registry = registry(scope)
        self.rank = _rank(scope)
        self.mixed = mixed(scope)
        self._missing: dict[str, bool] = {}
        self._everyone: dict[int, int] = {}

    def is_core(self, entry: Entry) -> bool:
        """Whether an addon of Odoo's own declares the view."""
        return self.registry.addons[entry.home].core

    def view(self, xmlid: str) -> Entry | None:
        return self.registry.joined(xmlid, self.rank)

    def root(self, entry: Entry) -> Entry | None:
        """The primary view whose family the view belongs to; None when the chain is not known."""
        for _ in range(50):
            if entry.primary:
                return entry
            parent = self.view(entry.view.inherit)
            if parent is None:
                return None
            entry = parent
        return None

    def certain(self, root: Entry) -> bool:
        """Whether every addon is known that could extend the family."""
        entry: Entry | None = root
        for _ in range(50):
            if entry is None or self.mixed or self._is_changed(entry.view):
                return False
            if not entry.view.inherit:
                return self.all_known(entry.addon) and entry.tree is not None
            parent = self.view(entry.view.inherit)
            entry = self.root(parent) if parent is not None else None
        return False

    def _is_changed(self, view: ViewFact) -> bool:
        """Whether a template of the browser is changed in the way that is not known."""
        names = {view.xmlid, short(view.xmlid)} if view.record == "static" else ()
        return not self.registry.changed.isdisjoint(names)

    def all_known(self, addon: str) -> bool:
        """Whether no unseen addon can extend views of this one: those below it cannot, nor those of Odoo
        itself where it is none of them."""
        if addon not in self._missing:
            unseen = self.missing - self.index.closure(addon, self.series)[1]
            if unseen:
                ours = core_addons(self.series)
                unseen = unseen - ours if addon not in ours else unseen
            self._missing[addon] = not unseen
        return self._missing[addon]

    def extensions(self, root: Entry) -> list[Entry]:
        """All views that extend the family, as they are applied: by priority and age, each followed by what
        extends it."""
        found: list[Entry] = []
        stack = self._children(root)[::-1]
        seen = {root.view.xmlid}
        while stack:
            entry = stack.pop()
            if entry.view.xmlid not in seen:
                seen.add(entry.view.xmlid)
                found.append(entry)
                stack += self._children(entry)[::-1]
        return found

    def _children(self, parent: Entry) -> list[Entry]:
        found = [
            entry
            for xmlid in self.registry.children.get(parent.view.xmlid, ())
            if (entry := self.view(xmlid)) is not None
            and entry.view.inherit == parent.view.xmlid
            and not entry.primary
            and entry.view.active
            and same_model(entry, parent)
        ]
        return sorted(found, key=lambda entry: (entry.view.priority, self.rank[entry.home], entry.number))

    def others(self, root: Entry) -> list[Entry]:
        """Extensions of the family by any addon of the series that is known, in the closure or not."""
        if not self._everyone:
            homes = [
                home
                for home, addon in self.registry.addons.items()
                if addon.series == self.series and self.index.addon(addon.name, self.series) is addon
            ]
            self._everyone = {home: place for place, home in enumerate(homes)}
        found: list[Entry] = []
        stack, seen = [root.view.xmlid], {root.view.xmlid}
        while stack:
            for xmlid in sorted(self.registry.children.get(stack.pop(), ())):
                entry = self.registry.joined(xmlid, self._everyone)
                if xmlid not in seen and entry is not None and not entry.primary and entry.view.active:
                    seen.add(xmlid)
                    found.append(entry)
                    stack.append(xmlid)
        return found


def same_model(entry: Entry, parent: Entry) -> bool:
    return not entry.view.model or not parent.view.model or entry.view.model == parent.view.model


def _rank(scope: Scope) -> dict[int, int]:
    """Place of each addon of the closure in Odoo's order of loading: by depth, then by name."""
    depth: dict[str, int] = {}
    for addon in scope.addons:
        depends = scope.index.depends(addon.name, scope.addon.series) if addon.core else _depends(addon)
        known = [depth[name] for name in depends or () if name in depth]
        depth[addon.name] = max(known, default=-1) + 1
    ordered = sorted(scope.addons, key=lambda addon: (depth[addon.name], addon.name))
    return {id(addon): place for place, addon in enumerate(ordered)}


def _depends(addon: AddonFacts) -> Iterable[str]:
    return addon.manifest.items("depends") or (() if addon.name == "base" else ("base",))
