"""All that Odoo's own addons of one series bring, whatever is installed: fields, methods, models, records.

What is in no addon of a series is gone from it. What one of them has is there, if with another dependency.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from odoo_debt_lint.core.addons import core_addons
from odoo_debt_lint.core.choose import shipped
from odoo_debt_lint.core.entries import CoreAddon
from odoo_debt_lint.facts import FieldFact, MethodFact
from odoo_debt_lint.index import Core, Index, Part, Scope
from odoo_debt_lint.rule import series_number
from odoo_debt_lint.xml.browser import short

MAGIC = frozenset(
    "id display_name create_date write_date create_uid write_uid __last_update active_test ids env".split()
)
Declared = tuple[str, FieldFact]
"""A field, and the addon that declares it."""


class ModelWorld:
    """A model with all that extends it and all it inherits. ``lineage`` are the models it is made of, itself
    first, ``parents`` those of them whose methods it has; ``fields`` and ``methods`` are in the order of
    loading, ``borrowed`` the fields that it has by delegation alone."""

    def __init__(self, lineage: tuple[str, ...], parents: tuple[str, ...]) -> None:
        self.lineage, self.parents = lineage, parents
        self.fields: dict[str, list[Declared]] = {}
        self.methods: dict[str, list[tuple[Part, MethodFact]]] = {}
        self.borrowed: set[str] = set()
        self.attributes: set[str] = set()


class World:
    """The addons of one series."""

    def __init__(self, core: Core) -> None:
        self.core, self.series = core, core.series
        self._models: dict[str, ModelWorld | None] = {}

    @cached_property
    def parts(self) -> dict[str, list[Part]]:
        """The classes of all models, addons in order of their dependencies."""
        table: dict[str, list[Part]] = {}
        for name in self._ordered():
            addon = self.core.addon(name)
            for model, parts in addon.parts.items() if addon is not None else ():
                table.setdefault(model, []).extend(parts)
        return table

    def _ordered(self) -> list[str]:
        depth: dict[str, int] = {}

        def place(name: str, path: frozenset[str]) -> int:
            if name not in depth:
                inner = [item for item in self.core.depends(name) or () if item not in path]
                depth[name] = 1 + max((place(item, path | {name}) for item in inner), default=0)
            return depth[name]

        return sorted(self.core.names, key=lambda name: (place(name, frozenset()), name))

    @cached_property
    def by_table(self) -> dict[str, str]:
        """Models by their names with underscores, as the ids of their records have them."""
        return {model.replace(".", "_"): model for model in self.parts}

    def has_model(self, model: str) -> bool:
        return any(part.klass.defines or not part.klass.inherit for part in self.parts.get(model, ()))

    def model(self, name: str) -> ModelWorld | None:
        """A model; None for one that no addon brings into being."""
        if name not in self._models:
            self._models[name] = self._collected(name) if self.has_model(name) else None
        return self._models[name]

    def _collected(self, name: str) -> ModelWorld:
        parents = self._line(name, False)
        found = ModelWorld(tuple(self._line(name, True)), tuple(parents))
        lent: dict[str, list[Declared]] = {}
        for model in reversed(found.lineage):
            declared = found.fields if model in parents else lent
            for part in self.parts.get(model, ()):
                for field in part.klass.fields:
                    declared.setdefault(field.name, []).append((part.addon, field))
                found.attributes.update(part.klass.unread, part.klass.attrs, part.klass.attr_spans)
                if model in parents:
                    for method in part.klass.methods:
                        found.methods.setdefault(method.name, []).append((part, method))
        found.borrowed = lent.keys() - found.fields.keys()
        found.fields = {**lent, **found.fields}
        return found

    def _line(self, name: str, delegated: bool) -> dict[str, None]:
        """What a model is made of, and what it delegates to: of that it has the fields, not the methods."""
        found: dict[str, None] = {}
        stack = ["base", name]
        while stack:
            model = stack.pop()
            if model in found:
                continue
            found[model] = None
            for part in self.parts.get(model, ()):
                stack += [parent for parent in part.klass.inherit if parent not in found]
                if delegated:
                    stack += part.klass.inherits
                    stack += [item.comodel for item in part.klass.fields if item.kwargs.get("delegate")]
        return found

    def has_field(self, model: str, name: str) -> bool:
        """Whether some addon gives the model a field, or something that may be one, of that name."""
        known = self.model(model)
        return known is not None and (name in known.fields or name in known.attributes or name in MAGIC)

    def has_method(self, model: str, name: str) -> bool:
        if self.core.orm_method(name) is not None:
            return True
        known = self.model(model)
        return known is not None and (name in known.methods or name in known.attributes)

    def has_record(self, xmlid: str) -> bool:
        """Whether the addon whose name the id bears declares it, or another one does under its name."""
        owner = self.core.addon(xmlid.partition(".")[0])
        if owner is not None and (xmlid in owner.records or xmlid in owner.views):
            return True
        return xmlid in self._foreign

    @cached_property
    def _foreign(self) -> frozenset[str]:
        """Records which addons declare under the names of others."""
        found: set[str] = set()
        for name in self.core.names:
            addon = self.core.addon(name)
            if addon is not None:
                prefix = f"{name}."
                found.update(xmlid for xmlid in addon.records if not xmlid.startswith(prefix))
                found.update(xmlid for xmlid in addon.views if not xmlid.startswith(prefix))
        return frozenset(found)

    @cached_property
    def templates(self) -> dict[str, str]:
        """The browser's templates, each with the addon that brings it; also by the names of ``t-extend``."""
        addons = [addon for name in self.core.names if isinstance(addon := self.core.addon(name), CoreAddon)]
        views = [(view, addon.name) for addon in addons for view in addon.templates]
        found = {view.xmlid: name for view, name in views if not view.inherit or view.mode == "primary"}
        return {**{short(xmlid): name for xmlid, name in found.items()}, **found}

    def knows(self, addon: str) -> bool:
        """Whether what an addon of Odoo had must be here, if it is still there: neither the addon is one that
        the index lacks, nor one of the Enterprise edition."""
        if addon in self.core.names:
            return True
        return addon not in self.core.absent and addon not in core_addons(self.series)


def world(index: Index, series: str) -> World | None:
    """All of a series, if there is an index of it."""
    return index.here.once(("migration.world", series), lambda: _world(index, series))


def _world(index: Index, series: str) -> World | None:
    core = index.cores.get(series) or shipped(series)
    return World(core) if core is not None else None


def between(start: str, to: str) -> Iterator[str]:
    """The series after ``start`` up to ``to``."""
    for number in range(int(series_number(start)) + 1, int(series_number(to)) + 1):
        yield f"{number}.0"


def model_of_record(scope: Scope, source: World | None, xmlid: str) -> str:
    """The model of a record or view, looked up in the addon whose name the id bears."""
    name = xmlid.partition(".")[0]
    addon = scope.visible(name) or (source.core.addon(name) if source is not None else None)
    if addon is None:
        return ""
    placed = next(iter(addon.records.get(xmlid, ())), None)
    if placed is not None:
        return placed.record.model
    return "ir.ui.view" if xmlid in addon.views else ""
