"""Joins the facts of all addons, and answers what one addon can see of the others.

A lookup goes through a ``Scope``: the addon itself and the closure of its ``depends``, in the order in which
Odoo loads them. Addons that are not in the set come from the core index of the series, if there is one;
what is in neither is ``missing`` and makes answers uncertain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from odoo_debt_lint.facts import (
    ClassFact,
    FileResult,
    ManifestFact,
    MarkFact,
    MethodFact,
    RecordFact,
    ViewFact,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One class statement of a model and where it stands."""

    addon: str
    path: str
    klass: ClassFact


@dataclass(frozen=True, slots=True)
class PlacedView:
    """A view and where it stands."""

    addon: str
    path: str
    view: ViewFact


@dataclass(frozen=True, slots=True)
class PlacedRecord:
    """A record and where it stands."""

    addon: str
    path: str
    record: RecordFact


@dataclass(slots=True)
class AddonFacts:
    """Everything known of one addon. ``core`` addons are known by structure only."""

    name: str
    path: str
    series: str
    manifest: ManifestFact
    files: list[FileResult] = field(default_factory=list)
    series_source: str = "manifest"
    core: bool = False
    parts: dict[str, list[Part]] = field(default_factory=dict)
    views: dict[str, PlacedView] = field(default_factory=dict)
    records: dict[str, list[PlacedRecord]] = field(default_factory=dict)

    def fill(self) -> None:
        """Builds the lookups from the files."""
        for result in self.files:
            if result.role in ("test", "migration"):
                continue
            if result.python is not None:
                for klass in result.python.classes:
                    if klass.is_model:
                        part = Part(self.name, result.path, klass)
                        self.parts.setdefault(klass.model, []).append(part)
            if result.data is not None:
                for view in result.data.views:
                    self.views[view.xmlid] = PlacedView(self.name, result.path, view)
                for record in result.data.records:
                    placed = PlacedRecord(self.name, result.path, record)
                    self.records.setdefault(record.xmlid, []).append(placed)

    def classes(self, roles: Iterable[str] = ("code", "hook")) -> Iterator[Part]:
        """All classes of the addon's code, models or not."""
        for result in self.files:
            if result.python is not None and result.role in roles:
                for klass in result.python.classes:
                    yield Part(self.name, result.path, klass)

    @property
    def loc(self) -> int:
        return sum(result.loc for result in self.files)


class Core(Protocol):
    """Where addons come from that are not in the set: an index of Odoo of one series."""

    def addon(self, name: str) -> AddonFacts | None:
        """The facts of a core addon, read when first asked for."""
        ...


class Index:
    """All addons of the run by name, and the core behind them."""

    def __init__(self, addons: Iterable[AddonFacts], core: Core | None = None) -> None:
        self.addons = {addon.name: addon for addon in addons}
        self.core = core
        self._closures: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {}

    def addon(self, name: str) -> AddonFacts | None:
        """An addon of the set, else of the core."""
        known = self.addons.get(name)
        if known is None and self.core is not None:
            return self.core.addon(name)
        return known

    def closure(self, name: str) -> tuple[tuple[str, ...], frozenset[str]]:
        """Names of the addon and all it depends on, dependencies first, and the names found nowhere."""
        if name not in self._closures:
            order: list[str] = []
            missing: set[str] = set()
            self._visit(name, order, missing, set())
            self._closures[name] = (tuple(order), frozenset(missing))
        return self._closures[name]

    def _visit(self, name: str, order: list[str], missing: set[str], seen: set[str]) -> None:
        stack: list[tuple[str, Iterator[str]]] = []

        def enter(item: str) -> None:
            seen.add(item)
            addon = self.addon(item)
            if addon is None:
                missing.add(item)
                return
            depends = addon.manifest.items("depends")
            if not depends and item != "base":
                depends = ("base",)
            stack.append((item, iter(sorted(depends))))

        enter(name)
        while stack:
            current, children = stack[-1]
            child = next((item for item in children if item not in seen), None)
            if child is None:
                order.append(current)
                stack.pop()
            else:
                enter(child)

    def scope(self, name: str) -> Scope:
        """The index as this addon sees it."""
        return Scope(self, self.addons[name])


class Scope:
    """The index through the eyes of one addon."""

    def __init__(self, index: Index, addon: AddonFacts) -> None:
        self.index, self.addon = index, addon
        self.order, self.missing = index.closure(addon.name)

    @property
    def complete(self) -> bool:
        """Whether every addon of the closure is known."""
        return not self.missing

    @cached_property
    def addons(self) -> list[AddonFacts]:
        """The closure in load order, this addon last."""
        found = (self.index.addon(name) for name in self.order)
        return [addon for addon in found if addon is not None]

    def parts(self, model: str) -> list[Part]:
        """All classes that define or extend a model, in load order."""
        return [part for addon in self.addons for part in addon.parts.get(model, ())]

    def defines(self, model: str) -> bool:
        """Whether some class brings the model into being."""
        return any(part.klass.defines or not part.klass.inherit for part in self.parts(model))

    def ancestors(self, part: Part) -> Iterator[Part]:
        """Every class whose methods ``super()`` reaches from ``part``: earlier classes of the same model,
        its mixins, and theirs, nearest first."""
        seen: set[tuple[str, str, int]] = {self._key(part)}
        yield from self._ancestors(part, seen, 0)

    @staticmethod
    def _key(part: Part) -> tuple[str, str, int]:
        return (part.addon, part.path, part.klass.span.start_line)

    def _ancestors(self, part: Part, seen: set[tuple[str, str, int]], depth: int) -> Iterator[Part]:
        if depth > 20:
            return
        klass = part.klass
        same = [other for other in self.parts(klass.model) if other.klass.inherit or other.klass.named]
        for other in reversed(same):
            if self._key(other) not in seen and self._loaded_before(other, part):
                seen.add(self._key(other))
                yield other
                yield from self._mixins(other, seen, depth)
        yield from self._mixins(part, seen, depth)

    def _mixins(self, part: Part, seen: set[tuple[str, str, int]], depth: int) -> Iterator[Part]:
        for parent in part.klass.inherit:
            if parent == part.klass.model:
                continue
            for other in reversed(self.parts(parent)):
                if self._key(other) not in seen:
                    seen.add(self._key(other))
                    yield other
                    yield from self._ancestors(other, seen, depth + 1)

    def _loaded_before(self, other: Part, part: Part) -> bool:
        """Whether ``other`` lies behind ``part`` in the method resolution order."""
        if other.addon != part.addon:
            return self.order.index(other.addon) < self.order.index(part.addon)
        if other.klass.defines != part.klass.defines:
            return other.klass.defines
        if other.path == part.path:
            return other.klass.span < part.klass.span
        return False

    def marks(self, rule: str) -> Iterator[tuple[str, MarkFact]]:
        """(path, mark) of everything which the rule noted in this addon's files."""
        for result in self.addon.files:
            for mark in result.marks:
                if mark.rule == rule:
                    yield result.path, mark

    def method(self, part: Part, name: str) -> tuple[Part, MethodFact] | None:
        """The nearest method of that name which ``super()`` would reach."""
        for ancestor in self.ancestors(part):
            found = ancestor.klass.method(name)
            if found is not None:
                return ancestor, found
        return None

    def view(self, xmlid: str) -> PlacedView | None:
        """A view of the closure."""
        name = xmlid.partition(".")[0]
        addon = self.index.addon(name) if name in self.order else None
        found = addon.views.get(xmlid) if addon is not None else None
        if found is not None:
            return found
        return next((item.views[xmlid] for item in self.addons if xmlid in item.views), None)
