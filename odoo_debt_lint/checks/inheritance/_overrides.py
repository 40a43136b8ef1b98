"""What the override rules share: which methods of an addon override something, and what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from odoo_debt_lint.core.base_model import base_method, elsewhen
from odoo_debt_lint.core.orm import HOOKS, ORM_METHODS, TRUE, WITHOUT_RESULT
from odoo_debt_lint.facts import ClassFact, MethodFact, SuperFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Part, Scope
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.rule import series_number

PLAIN = frozenset({"pass", "raise", "raises", "return"})
"""Bodies of methods that are made to be replaced."""

BUSINESS = re.compile(r"^(action_|button_|_action_|_post\b|post$|_button_)")
DEFAULT_METHOD = re.compile(r"^(_default_|_get_default_|default_(?!get$)|_get_.*_default$)")


@dataclass(frozen=True, slots=True)
class Override:
    """A method of the addon that overrides one. ``parent`` is None for a method of ``BaseModel`` itself."""

    scope: Scope
    part: Part
    method: MethodFact
    parent: tuple[Part, MethodFact] | None

    @property
    def name(self) -> str:
        return self.method.name

    @property
    def orm(self) -> bool:
        return self.method.name in ORM_METHODS

    @property
    def business(self) -> bool:
        return BUSINESS.match(self.method.name) is not None

    @property
    def calls(self) -> list[SuperFact]:
        """The calls of the overridden method itself."""
        return [call for call in self.method.supers if call.method in (self.method.name, "*")]

    @property
    def location(self) -> Location:
        """The ``def`` line."""
        return self.part.place(self.method)

    @property
    def entity(self) -> str:
        return self.part.entity(self.method)

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

    @property
    def fills_in(self) -> bool:
        """Whether it is a private step of a mixin of the same addon: whoever wrote one wrote both."""
        if self.orm or self.business or not self.name.startswith("_") or self.parent is None:
            return False
        part, _ = self.parent
        own = part.addon == self.part.addon and part.klass.model != self.part.klass.model
        return own and part.klass.kind == "abstract"

    def parents(self) -> Iterator[MethodFact]:
        """All methods of that name which ``super()`` leads to, nearest first, ``BaseModel``'s last."""
        for ancestor in self.scope.ancestors(self.part):
            found = ancestor.methods.get(self.name)
            if found is not None:
                yield found
        base = orm_method(self.scope, self.name)
        if base is not None:
            yield base

    @property
    def parent_result(self) -> str:
        """What a call of the parent amounts to: nothing (empty), ``constant`` or ``value``."""
        if self.name in WITHOUT_RESULT:
            return ""
        if self.orm:
            return "constant" if self.name in TRUE else "value"
        for method in self.parents():
            result = method.result or ("value" if method.returns else "")
            if result != "super":
                return result
        return ""


def orm_method(scope: Scope, name: str) -> MethodFact | None:
    """The method of ``BaseModel`` in the addon's series, from the core index or the table."""
    found = scope.orm_method(name)
    if found is not None:
        return found
    series = int(series_number(scope.addon.series))
    return base_method(name, min(max(series, 14), 19) if series else 0)


def overrides(scope: Scope) -> list[Override]:
    """Every method of the addon's models that overrides one."""
    return scope.once("overrides", lambda: list(_overrides(scope)))


def _overrides(scope: Scope) -> Iterator[Override]:
    for parts in scope.addon.parts.values():
        for part in parts:
            for method in part.klass.methods:
                found = override(scope, part, method)
                if found is not None:
                    yield found


def overriding_properties(scope: Scope) -> Iterator[Override]:
    """Properties of the addon's models that override a property: they have no parameters and call nothing."""
    for parts in scope.addon.parts.values():
        for part in parts:
            for method in part.klass.methods:
                parent = scope.method(part, method.name) if method.decorated("property") else None
                if parent is not None and parent[1].decorated("property"):
                    yield Override(scope, part, method, parent)


def methods_of_models(file: PythonFile) -> Iterator[tuple[ClassFact, MethodFact]]:
    """The methods of a file that can be overrides."""
    for klass in file.facts.classes:
        if klass.is_model:
            yield from ((klass, method) for method in klass.methods)


def override(scope: Scope, part: Part, method: MethodFact) -> Override | None:
    """The override which a method is, or None for a first definition."""
    if method.name.startswith("__") or method.decorated("staticmethod", "property"):
        return None
    parent = scope.method(part, method.name)
    if parent is not None:
        return Override(scope, part, method, parent)
    if method.name not in ORM_METHODS or method.name in HOOKS:
        return None
    # what the addons base and web add to every model is a parent of its own where they are known
    missing = scope.complete or elsewhen(method.name, int(series_number(scope.addon.series)))
    known = not missing or orm_method(scope, method.name) is not None
    return Override(scope, part, method, None) if known else None


def field_methods(part: Part) -> frozenset[str]:
    """Methods which the class's own fields use: replacing them is what declaring a field is for."""
    names: set[str] = set()
    for field in part.klass.fields:
        for key in ("compute", "inverse", "search", "default", "group_expand", "selection"):
            value = field.kwargs.get(key)
            if isinstance(value, str):
                names.add(value)
        if "default" in field.dynamic:
            # default=_default_x and default=lambda self: self._default_x()
            names.update(method for method in part.methods if DEFAULT_METHOD.match(method))
    return frozenset(names)


def of_own_field(item: Override) -> bool:
    """Whether the method serves a field which the same class declares again."""
    return item.name in field_methods(item.part)
