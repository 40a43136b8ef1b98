"""Joins the facts of all addons, and answers what one addon can see of the others.

A lookup goes through a ``Scope``: the addon itself and the closure of its ``depends``, in the order in which
Odoo loads them. Addons that are not in the set come from the core index of the series, if there is one;
what is in neither is ``missing`` and makes answers uncertain. An addon sees the core of its own series.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Protocol

from odoo_debt_lint.addons.addon import AddonFacts, PlacedRecord, PlacedView
from odoo_debt_lint.addons.lineage import Lineage, Lines, Part
from odoo_debt_lint.core.methods import Packed
from odoo_debt_lint.facts import MarkFact, MethodFact
from odoo_debt_lint.memo import Memo
from odoo_debt_lint.settings import Settings

__all__ = ["AddonFacts", "Core", "Index", "Part", "PlacedRecord", "PlacedView", "Scope"]
DEFAULTS = Settings()
_UNREAD = frozenset(("newer-python", "hidden", "unreadable", "too-large", "timeout", "crash"))


class Core(Protocol):
    """Where addons come from that are not in the set: an index of Odoo of one series."""

    @property
    def series(self) -> str: ...

    @property
    def absent(self) -> frozenset[str]:
        """Addons which Odoo has in this series and the index has not: never say they do not exist."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """All addons of the index."""
        ...

    def depends(self, name: str) -> tuple[str, ...] | None:
        """What a core addon depends on, without reading it; None for an addon that is not there."""
        ...

    def addon(self, name: str) -> AddonFacts | None:
        """The facts of a core addon, read when first asked for."""
        ...

    def holding(self, text: str) -> tuple[str, ...]:
        """The core addons whose entry holds a text, without reading more of them."""
        ...

    def definers(self, model: str) -> tuple[str, ...]:
        """The core addons that bring a model into being, without reading them."""
        ...

    @property
    def methods(self) -> Packed | None:
        """The methods of all addons by name; None where only reading them can tell."""
        ...

    def orm_method(self, name: str) -> MethodFact | None:
        """A method of ``BaseModel`` itself, with its parameters in this series."""
        ...

    def forget(self) -> None:
        """Lets go of the addons that have been read."""
        ...


class Index(Memo):
    """All addons of the run, and the cores behind them by series.

    In ``addons``, of several folders of one name the last counts; ``all`` has them all. What rules work out
    once for all addons is kept by ``once``; ``here`` keeps what holds for those of one series, and whatever
    holds addons of a core.
    """

    def __init__(
        self,
        addons: Iterable[AddonFacts],
        cores: Mapping[str, Core] | None = None,
        settings: Settings = DEFAULTS,
    ) -> None:
        super().__init__()
        self.settings = settings
        self.here = Memo()
        self.all = list(addons)
        self.addons = {addon.name: addon for addon in self.all}
        self.cores: Mapping[str, Core] = cores or {}
        self.lines: Lines = {}
        self._by_series = {(addon.series, addon.name): addon for addon in self.all}
        self._closures: dict[tuple[str, str, str], tuple[tuple[str, ...], frozenset[str]]] = {}
        self._turned_to: str | None = None

    def turn_to(self, series: str) -> None:
        """Says of which series the next addons are: what was worked out for those of another goes."""
        if self._turned_to not in (None, series):
            self.here.forget()
            self.lines.clear()
            for core in self.cores.values():
                core.forget()
            gc.collect()  # trees and scopes hold each other
        self._turned_to = series

    def addon(self, name: str, series: str = "") -> AddonFacts | None:
        """An addon as one of ``series`` sees it: of the set, else of that core, else of the set in another
        series (half-migrated sets are common)."""
        known = self._by_series.get((series, name))
        if known is not None:
            return known
        core = self.cores.get(series)
        found = core.addon(name) if core is not None else None
        return found or self.addons.get(name)

    def depends(self, name: str, series: str) -> tuple[str, ...] | None:
        """What an addon depends on, ``base`` at least; None when it is found nowhere."""
        known = self._by_series.get((series, name))
        core = self.cores.get(series)
        depends = core.depends(name) if known is None and core is not None else None
        if depends is None:
            known = known or self.addons.get(name)
            if known is None:
                return None
            depends = known.manifest.items("depends")
        return depends or (("base",) if name != "base" else ())

    def closure(self, name: str, series: str | None = None) -> tuple[tuple[str, ...], frozenset[str]]:
        """Names of the addon and all it depends on, dependencies first, and the names found nowhere."""
        own = self.addons.get(name)
        wanted = series if series is not None else own.series if own is not None else ""
        return self._closure(self.addon(name, wanted), name, wanted)

    def closure_of(self, addon: AddonFacts) -> tuple[tuple[str, ...], frozenset[str]]:
        """The closure of one addon of the set, also where others have its name."""
        return self._closure(addon, addon.name, addon.series)

    def _closure(
        self, addon: AddonFacts | None, name: str, series: str
    ) -> tuple[tuple[str, ...], frozenset[str]]:
        key = (series, name, addon.path if addon is not None else "")
        if key not in self._closures:
            order: list[str] = []
            missing: set[str] = set()
            self._visit(name, addon, series, order, missing)
            self._closures[key] = (tuple(order), frozenset(missing))
        return self._closures[key]

    def _visit(
        self, name: str, addon: AddonFacts | None, series: str, order: list[str], missing: set[str]
    ) -> None:
        stack: list[tuple[str, Iterator[str]]] = []
        seen: set[str] = set()

        def enter(item: str, depends: tuple[str, ...] | None) -> None:
            seen.add(item)
            if depends is None:
                missing.add(item)
            else:
                stack.append((item, iter(sorted(depends))))

        own = addon.manifest.items("depends") if addon is not None else ()
        known = self.depends(name, series) if addon is None or addon.core else None
        enter(name, known or own or (("base",) if name != "base" else ()))
        while stack:
            current, children = stack[-1]
            child = next((item for item in children if item not in seen), None)
            if child is None:
                order.append(current)
                stack.pop()
            else:
                enter(child, self.depends(child, series))

    def scope(self, addon: str | AddonFacts) -> Scope:
        """The index as this addon sees it."""
        return Scope(self, self.addons[addon] if isinstance(addon, str) else addon)


class Scope(Memo):
    """The index through the eyes of one addon, which sees its dependencies and what is ``beside`` them;
    ``once`` keeps what several rules need of it."""

    def __init__(self, index: Index, addon: AddonFacts, beside: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.index, self.addon = index, addon
        order, self.missing = index.closure_of(addon)
        self.order = (*order[:-1], *beside, *order[-1:])
        self._position = {name: number for number, name in enumerate(self.order)}
        self._parts: dict[str, list[Part]] = {}
        self._lineage = Lineage(self.parts, index.lines)
        self._reached: dict[int, tuple[Part, ...]] = {}

    def forget(self) -> None:
        """Lets go of what was worked out for the addon: it holds the scope, and would stay for long."""
        super().forget()
        self._parts.clear()
        self._reached.clear()

    @property
    def core(self) -> Core | None:
        """The index of Odoo's core in the addon's series; None when there is none."""
        return self.index.cores.get(self.addon.series)

    def orm_method(self, name: str) -> MethodFact | None:
        """A method of ``BaseModel`` in the addon's series; None too when the core is not known."""
        core = self.core
        return core.orm_method(name) if core is not None else None

    def visible(self, name: str) -> AddonFacts | None:
        """An addon of the closure."""
        if name == self.addon.name:
            return self.addon
        return self.index.addon(name, self.addon.series) if name in self._position else None

    @property
    def settings(self) -> Settings:
        """Limits which the user may set; rules read them here and never while reading a file, so that what
        is cached does not depend on them."""
        return self.index.settings

    @property
    def complete(self) -> bool:
        """Whether every addon of the closure is known."""
        return not self.missing

    @cached_property
    def unread(self) -> bool:
        """Whether the closure has Python code which Odoo can read and we could not."""
        return any(
            problem.kind in _UNREAD and problem.path.endswith(".py")
            for addon in self.addons
            if not addon.core
            for result in addon.files
            for problem in result.problems
        )

    @property
    def upstream(self) -> bool:
        """Whether the addon is one of Odoo's own: what it overrides and who calls it is Odoo's affair."""
        return self.core is not None and self.core.depends(self.addon.name) is not None

    @cached_property
    def addons(self) -> list[AddonFacts]:
        """The closure in load order, this addon last."""
        found = (self.visible(name) for name in self.order)
        return [addon for addon in found if addon is not None]

    def parts(self, model: str) -> list[Part]:
        """All classes that define or extend a model, in load order."""
        if model not in self._parts:
            self._parts[model] = [part for addon in self.addons for part in addon.parts.get(model, ())]
        return self._parts[model]

    def defines(self, model: str) -> bool:
        """Whether some class brings the model into being."""
        return any(part.klass.defines or not part.klass.inherit for part in self.parts(model))

    def ancestors(self, part: Part) -> tuple[Part, ...]:
        """Every class whose methods ``super()`` reaches from ``part``: earlier classes of the same model,
        its mixins, and theirs, nearest first; last the extensions of ``base``, which every model has."""
        known = self._reached.get(id(part.klass))
        if known is None:
            known = self._reached[id(part.klass)] = self._lineage.behind(part)
        return known

    @property
    def followed(self) -> bool:
        """Whether anybody has asked for what ``super()`` reaches."""
        return bool(self._reached)

    def marks(self, rule: str) -> Iterator[tuple[str, MarkFact]]:
        """(path, mark) of everything which the rule noted in this addon's files."""
        for result in self.addon.files:
            for mark in result.marks:
                if mark.rule == rule:
                    yield result.path, mark

    def method(self, part: Part, name: str) -> tuple[Part, MethodFact] | None:
        """The nearest method of that name which ``super()`` would reach."""
        for ancestor in self.ancestors(part):
            found = ancestor.methods.get(name)
            if found is not None:
                return ancestor, found
        return None

    def records(self, xmlid: str) -> list[PlacedRecord]:
        """What the closure declares under an XML id; usually its own addon does, others may add to it."""
        return [placed for addon in self.addons for placed in addon.records.get(xmlid, ())]

    def view(self, xmlid: str) -> PlacedView | None:
        """A view of the closure."""
        name = xmlid.partition(".")[0]
        addon = self.visible(name)
        found = addon.views.get(xmlid) if addon is not None else None
        if found is not None:
            return found
        return next((item.views[xmlid] for item in self.addons if xmlid in item.views), None)
