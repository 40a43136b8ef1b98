"""What the override rules share: which methods of an addon override something, and what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from odoo_debt_lint.core.orm import HOOKS, ORM_METHODS
from odoo_debt_lint.facts import MethodFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Part, Scope

PLAIN = frozenset({"pass", "raise", "return"})
"""Bodies of methods that are made to be replaced."""


@dataclass(frozen=True, slots=True)
class Override:
    """A method of the addon that overrides one. ``parent`` is None for a method of ``BaseModel`` itself."""

    part: Part
    method: MethodFact
    parent: tuple[Part, MethodFact] | None

    @property
    def orm(self) -> bool:
        return self.method.name in ORM_METHODS

    @property
    def location(self) -> Location:
        """The ``def`` line."""
        return Location(self.part.path, self.method.span)

    @property
    def entity(self) -> str:
        return f"{self.part.klass.name}.{self.method.name}"

    @property
    def origin(self) -> str:
        """What is overridden, in words: ``sale.order.action_confirm of sale``."""
        if self.parent is None:
            return f"the ORM's {self.method.name}()"
        part, method = self.parent
        return f"{part.klass.model}.{method.name}() of {part.addon}"

    @property
    def related(self) -> tuple[Location, ...]:
        if self.parent is None or not self.parent[0].path:
            return ()
        part, method = self.parent
        return (Location(part.path, method.span, "overridden here"),)


def overrides(scope: Scope) -> Iterator[Override]:
    """Every method of the addon's models that overrides a method which is no empty hook."""
    for parts in scope.addon.parts.values():
        for part in parts:
            for method in part.klass.methods:
                found = override(scope, part, method)
                if found is not None:
                    yield found


def override(scope: Scope, part: Part, method: MethodFact) -> Override | None:
    """The override which a method is, or None for a first definition."""
    if method.name.startswith("__") or method.decorated("staticmethod", "property"):
        return None
    parent = scope.method(part, method.name)
    if parent is not None:
        return Override(part, method, parent)
    if method.name in ORM_METHODS and method.name not in HOOKS:
        return Override(part, method, None)
    return None


def field_methods(part: Part) -> frozenset[str]:
    """Methods which the class's own fields use: replacing them is what declaring a field is for."""
    names: set[str] = set()
    for field in part.klass.fields:
        for key in ("compute", "inverse", "search", "default", "group_expand"):
            value = field.kwargs.get(key)
            if isinstance(value, str):
                names.add(value)
    return frozenset(names)
