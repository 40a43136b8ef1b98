"""Matches facts of fields, models, methods and XML ids against the uses of an addon, by what they belong to.

A name alone is never enough: the model on which it is used has to be the fact's, and not be the set's own.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from typing import NamedTuple

from odoo_debt_lint.checks.references._xmlids import mentions
from odoo_debt_lint.facts import MethodFact, UseFact
from odoo_debt_lint.finding import Edit, Fix, Location, Span
from odoo_debt_lint.index import Part, Scope
from odoo_debt_lint.migration.plan import Tables, Wanted
from odoo_debt_lint.migration.resolve import Resolver, Step, resolver, steps

_REPORT_ARGUMENTS = 2
_GIVEN = frozenset({"domain", "compare", "values"})
"""Uses that tell of a field what it is compared with or set to."""


class Found(NamedTuple):
    """One place of a fact."""

    wanted: Wanted
    location: Location
    fix: Fix | None = None
    entity: str = ""


def context_places(scope: Scope, tables: Tables) -> Iterator[Found]:
    """Hits of contextual facts in one addon: what is ahead of it."""
    if not scope.settings.to:
        return
    context = _Context(scope, tables)
    met: set[tuple[str, Location]] = set()
    for found in context.places():
        key = (found.wanted.fact.id, found.location)
        if key not in met:
            met.add(key)
            yield found


class _Context:
    """One addon, and the matches by the names they look for."""

    def __init__(self, scope: Scope, tables: Tables) -> None:
        self.scope, self.tables = scope, tables
        self.start = scope.settings.from_series or scope.addon.series
        self.resolver: Resolver = resolver(scope, self.start)
        self.fields = _by_name(tables, "field")
        self.methods = _by_name(tables, "method")
        self.values = _by_name(tables, "domain-value")
        self.models = {item.match.value: item for item in tables.each("model") if item.ahead}

    def places(self) -> Iterator[Found]:
        yield from self._selections()
        if not (self.fields or self.methods or self.models or self.values):
            return
        for step in steps(self.scope, self.start):
            if not step.name:
                yield from self._model(step)
            elif step.use.kind == "call":
                yield from self._call(step)
            else:
                yield from self._field(step)
                yield from self._value(step)
        yield from self._definitions()
        yield from self._records()

    def _field(self, step: Step) -> Iterator[Found]:
        if step.own or (not step.odoo and self._judged(step.model)):
            return
        for wanted in self.fields.get(step.name, ()):
            if self._of(wanted, step):
                location = Location(step.path, step.use.span)
                yield Found(wanted, location, self._renamed(wanted, step), step.use.entity)

    def _judged(self, model: str) -> bool:
        """Whether Odoo's fields of a model are known."""
        source = self.resolver.source
        return self.resolver.sure and source is not None and source.model(model) is not None

    def _of(self, wanted: Wanted, step: Step) -> bool:
        """Whether the model of the match is that of the use."""
        model = wanted.match.value.rpartition(".")[0]
        if model != "*":
            return model in step.lineage
        owner = wanted.match.of
        return not owner or any(addon == owner for addon, _ in step.odoo)

    def _renamed(self, wanted: Wanted, step: Step) -> Fix | None:
        """The new name, where the place holds the old one exactly."""
        span, new = step.use.span, wanted.match.to
        exact = span.start_line == span.end_line and span.end_column - span.start_column == len(step.name)
        exact = exact and step.use.kind != "table"
        return self._fix(wanted, span) if new and exact else None

    def _fix(self, wanted: Wanted, span: Span) -> Fix:
        """The new name in place of the old one."""
        new = wanted.match.to
        return Fix(f"Rename to {new}", (Edit(span, new),), wanted.fact.autofix == "safe")

    def _value(self, step: Step) -> Iterator[Found]:
        for wanted in self.values.get(step.name, ()) if step.use.kind in _GIVEN and not step.own else ():
            given = step.use.value
            texts = [given] if isinstance(given, str) else given or ()
            if self._of(wanted, step) and set(texts) & set(wanted.match.values):
                yield Found(wanted, Location(step.path, step.use.span), None, step.use.entity)

    def _call(self, step: Step) -> Iterator[Found]:
        for wanted in self.methods.get(step.name, ()):
            match, given = wanted.match, step.use.value
            model = match.value.rpartition(".")[0]
            if step.own or self._set_defines(step.model, step.name):
                continue
            if model == "*":
                if step.name in self.resolver.own(step.model).instead:
                    continue
            elif model not in self.resolver.parents(step.model):
                continue
            if isinstance(given, int):
                if given < match.min_args or (match.check and given >= _REPORT_ARGUMENTS):
                    continue
            elif match.min_args or match.check:
                continue
            location = Location(step.path, step.use.span)
            yield Found(wanted, location, self._renamed(wanted, step), step.use.entity)

    def _set_defines(self, model: str, name: str) -> bool:
        """Whether the method is the set's own, and not only extended there."""
        known = self.resolver
        return known.sure and name in known.own(model).methods and not known.has_method(model, name)

    def _model(self, step: Step) -> Iterator[Found]:
        wanted = self.models.get(step.model)
        if wanted is None or self.resolver.brings(step.model):
            return
        if step.path.endswith(".xml") and step.model in self.tables.kind("record"):
            return  # the record itself is what another fact speaks of
        span, new = step.use.span, wanted.match.to
        exact = span.end_column - span.start_column == len(step.model) and step.use.kind != "table"
        fix = self._fix(wanted, span) if new and exact else None
        place = span
        if step.use.kind == "inherit":
            part = self._part(step)
            place = part.klass.span if part is not None else span
        yield Found(wanted, Location(step.path, place), fix, step.use.entity)

    def _part(self, step: Step) -> Part | None:
        parts = (part for parts in self.scope.addon.parts.values() for part in parts)
        return next((p for p in parts if p.path == step.path and p.klass.name == step.use.entity), None)

    def _definitions(self) -> Iterator[Found]:
        """Overrides of methods that facts speak of, and fields that are declared again."""
        for parts in self.scope.addon.parts.values():
            for part in parts:
                yield from self._declared(part)
                lineage = None
                for method in part.klass.methods:
                    for wanted in self.methods.get(method.name, ()):
                        if wanted.match.check or len(method.params) <= wanted.match.min_args:
                            continue
                        lineage = lineage or self.resolver.parents(part.klass.model)
                        model = wanted.match.value.rpartition(".")[0]
                        known = self.resolver.has_method(part.klass.model, method.name)
                        if model == "*" and self._is_another(part, method):
                            continue
                        if (model in lineage or (model == "*" and known)) and (
                            known or not self.resolver.sure
                        ):
                            location = Location(part.path, method.span)
                            yield Found(wanted, location, None, part.entity(method))

    def _is_another(self, part: Part, method: MethodFact) -> bool:
        """Whether a method without arguments only bears the name of one of the ORM's."""
        return len(method.params) < 2 and method.name in self.resolver.own(part.klass.model).instead

    def _selections(self) -> Iterator[Found]:
        """Options added to a selection which Odoo requires, without saying what becomes of their records."""
        known = self.tables.kind("check").get("selection-add-required", ())
        wanted = next((item for item in known if item.ahead), None)
        if wanted is None:
            return
        for part in (part for parts in self.scope.addon.parts.values() for part in parts):
            for field in part.klass.fields:
                given = {*field.kwargs, *field.dynamic}
                if "selection_add" not in given or given & {"ondelete", "required", "selection"}:
                    continue
                odoo = self.resolver.odoo(part.klass.model, field.name)
                if any(item.kwargs.get("required") for _, item in odoo):
                    yield Found(wanted, Location(part.path, field.span), None, part.entity(field))

    def _declared(self, part: Part) -> Iterator[Found]:
        model = part.klass.model
        for field in part.klass.fields:
            odoo = self.resolver.odoo(model, field.name) if field.name in self.fields else ()
            if not odoo or self.resolver.is_own(self.scope, model, field.name):
                continue
            use = UseFact(model, (field.name,), field.span)
            step = Step(use, part.path, model, field.name, False, odoo, self.resolver.lineage(model))
            for wanted in self.fields[field.name]:
                if self._of(wanted, step):
                    entity = part.entity(field)
                    yield Found(wanted, Location(part.path, field.span), None, entity)

    def _records(self) -> Iterator[Found]:
        """References to XML ids that facts speak of, or to models by their ids."""
        tables = {name.replace(".", "_"): item for name, item in self.models.items()}
        patterns = [
            (re.compile(fnmatch.translate(item.match.value)), item)
            for item in self.tables.each("xmlid")
            if item.ahead
        ]
        if not patterns and not tables:
            return
        for mention in mentions(self.scope):
            name = mention.xmlid.partition(".")[2]
            if name.startswith("model_") and name[6:] in tables:
                if not self.resolver.brings(tables[name[6:]].match.value):
                    yield Found(tables[name[6:]], mention.location, None, mention.entity)
                continue
            if mention.module in self.scope.index.addons:
                continue
            for pattern, wanted in patterns:
                if pattern.match(mention.xmlid):
                    yield Found(wanted, mention.location, None, mention.entity)


def _by_name(tables: Tables, kind: str) -> dict[str, list[Wanted]]:
    """Matches of ``model.name`` by the name."""
    found: dict[str, list[Wanted]] = {}
    for item in tables.each(kind):
        if item.ahead:
            found.setdefault(item.match.value.rpartition(".")[2], []).append(item)
    return found
