"""Methods of an addon that override one of Odoo's: what the rules on overrides share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from odoo_debt_lint.checks.migration._ahead import Ahead
from odoo_debt_lint.facts import MethodFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Part, Scope
from odoo_debt_lint.migration.world import World


class Overridden(NamedTuple):
    """A method of the addon and the models of Odoo in which its parents are: all of them, and those which the
    set names."""

    part: Part
    method: MethodFact
    parents: tuple[tuple[Part, MethodFact], ...]
    lineage: tuple[str, ...]
    stated: tuple[str, ...]
    orm: MethodFact | None

    @property
    def location(self) -> Location:
        """The ``def`` line."""
        return self.part.place(self.method)

    @property
    def entity(self) -> str:
        return self.part.entity(self.method)

    @property
    def calls_parent(self) -> bool:
        return any(call.method == self.method.name for call in self.method.supers)


def overridden(scope: Scope, way: Ahead) -> Iterator[Overridden]:
    """Methods that override one of Odoo's addons which this one depends on."""
    for model, parts in scope.addon.parts.items():
        models = (way.known.parents(model), way.known.stated(model))
        for part in parts:
            for method in part.klass.methods:
                found = _overridden(scope, way, part, method, *models)
                if found is not None:
                    yield found


def _overridden(
    scope: Scope,
    way: Ahead,
    part: Part,
    method: MethodFact,
    lineage: tuple[str, ...],
    stated: tuple[str, ...],
) -> Overridden | None:
    if method.name.startswith("__") or method.decorated("staticmethod", "property"):
        return None
    orm = way.source.core.orm_method(method.name)
    parents = tuple(
        (ancestor, found)
        for ancestor in scope.ancestors(part)
        if (found := ancestor.methods.get(method.name)) is not None
    )
    if parents and parents[-1][0].path:
        # the last that is reached, the first definition, is the set's own
        return None
    core = tuple(item for item in parents if not item[0].path)
    return Overridden(part, method, core, lineage, stated, orm) if core or orm is not None else None


def is_told(way: Ahead, item: Overridden) -> bool:
    """Whether a rule of its own reports the override or its call of the parent."""
    return way.told.method(item.lineage, item.method.name, item.calls_parent)


def there(world: World, item: Overridden) -> bool:
    """Whether the model, as it is made there, has the method."""
    return any(world.has_method(model, item.method.name) for model in (*item.stated, "base"))
