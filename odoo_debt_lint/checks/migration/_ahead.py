"""The two ends of a migration as the rules that compare them see them: Odoo before it, and Odoo after it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from odoo_debt_lint.index import Scope
from odoo_debt_lint.migration.resolve import Resolver, resolver
from odoo_debt_lint.migration.told import Told
from odoo_debt_lint.migration.world import World, between, world
from odoo_debt_lint.rule import series_number

_ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class Ahead:
    """``source`` is Odoo in the series from which the addon comes, ``target`` where it is to go. ``told`` is
    what the facts already say of the way."""

    scope: Scope
    source: World
    target: World
    known: Resolver
    told: Told

    @property
    def to(self) -> str:
        return self.target.series

    def gone(self, owners: Iterable[str]) -> bool:
        """Whether what these addons of Odoo had would be seen in the target, if it were still there."""
        return all(self.target.knows(owner) for owner in owners)

    def lacks(self, models: Iterable[str]) -> bool:
        """Whether the target has some of these models of Odoo no more: that is what has to be told."""
        return any(self.source.has_model(model) and not self.target.has_model(model) for model in models)

    def steps(self) -> Iterator[World]:
        """Odoo after each step of the way, as far as there are indexes."""
        for series in between(self.source.series, self.to):
            step = world(self.scope.index, series)
            if step is not None:
                yield step

    def went(self, there: Callable[[World], bool]) -> str:
        """The first series on the way that does not have it any more."""
        return next((step.series for step in self.steps() if not there(step)), self.to)

    def lost_model(self, model: str) -> bool:
        """Whether Odoo had a model and has it no more, and no fact tells so."""
        if not self.source.has_model(model) or self.target.has_model(model) or self.known.brings(model):
            return False
        definers = [part.addon for part in self.source.parts[model] if part.klass.defines]
        return self.gone(definers) and not self.told.model(model)


def ahead(scope: Scope) -> Ahead | None:
    """The migration which is asked for; None where there is none, or an index is missing. Without an index of
    the target it leads to the last series on the way that has one: what is gone there stays gone."""
    to, start = scope.settings.to, scope.settings.from_series or scope.addon.series
    if not to or not start or scope.upstream or series_number(to) <= series_number(start):
        return None
    source = world(scope.index, start)
    steps = (world(scope.index, series) for series in reversed(list(between(start, to))))
    target = next((step for step in steps if step is not None), None)
    if source is None or target is None:
        return None
    told = scope.index.once(("migration.told", start), lambda: Told(start, target.series))
    return Ahead(scope, source, target, resolver(scope, start), told)


def like(name: str, names: Iterable[str]) -> str:
    """The most similar of some names, in words to be put behind a message; empty where none is similar."""
    known = sorted(set(names) - {name})
    near = next((item for item in known if item in (f"{name}_id", f"{name}_ids", f"{name}s", f"_{name}")), "")
    if not near:
        near = next(iter(difflib.get_close_matches(name, known, 1, _ALIKE)), "")
    return f"; new there is {near}" if near else ""
