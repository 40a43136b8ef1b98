"""Fields and methods that an addon's views name, each with the model to which it belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from odoo_debt_lint.checks.orm._fields import ModelFields, model_fields
from odoo_debt_lint.checks.views._mentions import mentions
from odoo_debt_lint.facts import ViewFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.xml.combine import seen
from odoo_debt_lint.xml.entries import Entry
from odoo_debt_lint.xml.families import families
from odoo_debt_lint.xml.seen import Seen
from odoo_debt_lint.xml.views import located, naming

TYPES = frozenset(
    "form tree list kanban search calendar graph pivot activity gantt cohort map grid hierarchy".split()
)
"""Views whose elements name fields of a model."""

_FIELDS = {
    "field": ("name",),
    "groupby": ("name",),
    "progressbar": ("field",),
    "calendar": ("date_start", "date_stop", "date_delay", "color", "all_day"),
    "gantt": ("date_start", "date_stop"),
    "kanban": ("default_group_by",),
}
"""The attributes that name fields, by the element."""
_PLACED = ("inside", "before", "after", "replace", "attributes")
_BUTTON = re.compile(r"(?:^|/)button(?:\[[^/]*\])*$")
_NAME = re.compile(r"[A-Za-z_]\w*")
_STEP = re.compile(r"[:.,]")


@dataclass(frozen=True, slots=True)
class Use:
    """What a view names of a model: a field, or the method of a button (``is_method``). ``aside``: a domain,
    an order or an expression speaks of it, no element shows it."""

    location: Location
    view: ViewFact
    is_method: bool
    name: str
    model: str
    aside: bool = False


def uses(scope: Scope) -> list[Use]:
    """What the addon's active views use of models that are known, found once for both rules."""
    return scope.once("views.uses", lambda: list(_uses(scope)))


def _uses(scope: Scope) -> Iterator[Use]:
    known = model_fields(scope)
    if not known.certain or scope.unread or _broken(scope):
        return
    half = _half_known(scope)
    judged: dict[tuple[str, str], list[Seen]] = {}
    for item in seen(scope):
        if item.matches and item.kind in TYPES and item.spec.position in _PLACED:
            judged.setdefault((item.path, item.view.xmlid), []).append(item)
    for entry in families(scope).registry.own[id(scope.addon)]:
        items = judged.get((entry.path, entry.view.xmlid), [])
        if entry.tree is not None and entry.view.active and (entry.view.places or items):
            yield from (use for use in _View(known, entry).uses(items) if use.model not in half)


def _broken(scope: Scope) -> bool:
    """Whether Python code of the closure does not parse: what it should declare is not known."""
    files = (result for addon in scope.addons if not addon.core for result in addon.files)
    return any(problem.kind == "syntax" for result in files for problem in result.problems)


def _half_known(scope: Scope) -> set[str]:
    """Models that a class extends which is made of another Python class than Odoo's own bases."""
    parts = (part for addon in scope.addons if not addon.core for part in addon.classes())
    return {name for part in parts if not part.klass.is_model for name in part.klass.inherit}


class _View:
    """One view of the addon."""

    def __init__(self, known: ModelFields, entry: Entry) -> None:
        self.known, self.entry = known, entry
        self.series = known.scope.addon.series
        self.numbers = {element: number for number, element in enumerate(naming(entry.tree))}

    def uses(self, items: list[Seen]) -> Iterator[Use]:
        view, tree = self.entry.view, self.entry.tree
        if len(self.numbers) != len(view.places):
            return
        if not view.inherit:
            if tree.tag in TYPES:
                yield from self._named(tree, view.model, "")
                yield from self._walk(tree, view.model, "")
            return
        specs = list(located([tree]))
        for item in items:
            number = next((n for n, spec in enumerate(view.specs) if spec is item.spec), -1)
            if 0 <= number < len(specs) and item.spec.position == "attributes":
                yield from self._changed(specs[number], item)
            elif 0 <= number < len(specs):
                yield from self._walk(specs[number], *self._models(item))

    def _changed(self, spec: Any, item: Seen) -> Iterator[Use]:
        """What ``<attribute>`` elements give a node: the method of a button, and expressions."""
        given = {
            child.get("name") or "": (child.text or child.get("add") or "").strip()
            for child in spec.iterchildren("attribute")
        }
        model, outer = self._models(item)
        if not model or self.known.of(model) is None:
            return
        place, name = Location(self.entry.path, item.spec.span), given.get("name", "")
        if _NAME.fullmatch(name) and given.get("type", "object") == "object":
            if _BUTTON.search(item.spec.expr):
                yield Use(place, self.entry.view, True, name, model)
        given.pop("domain", None)  # of which model depends on the node
        yield from self._mentioned(place, "", given, model, model, outer)

    def _models(self, item: Seen) -> tuple[str, str]:
        """The model of the place at which a spec puts its content, and that of the record around."""
        model, outer = item.view.model or (item.root.model if item.root is not None else ""), ""
        for name in item.trail:
            model, outer = self.known.comodel(model, name) or "" if model else "", model
        return model, outer

    def _walk(self, parent: Any, model: str, outer: str) -> Iterator[Use]:
        """All uses below an element; nothing where the model is not known."""
        if not model:
            return
        for child in parent:
            name = child.get("name") or ""
            if child.tag == parent.tag == "field" and not parent.get("position"):
                continue  # no sub-view around: Odoo shows nothing of it
            if not child.get("position"):
                yield from self._named(child, model, outer)
            inner, around = model, outer
            if child.tag in ("field", "groupby") and len(child) and not child.get("position"):
                inner, around = self.known.comodel(model, name) or "", model
            yield from self._walk(child, inner, around)

    def _named(self, element: Any, model: str, outer: str) -> Iterator[Use]:
        """What one element names."""
        if element not in self.numbers:
            return
        place = Location(self.entry.path, self.entry.view.places[self.numbers[element]])
        behind = self.known.comodel(model, element.get("name") or "") if element.get("domain") else None
        yield from self._mentioned(place, element.tag, element.attrib, model, behind, outer)
        if element.tag in ("button", "a"):
            if element.get("type") == "object" and not element.get("special"):
                yield from self._use(element, True, element.get("name") or "", model)
            return
        for attribute in _FIELDS.get(element.tag, ()):
            name = element.get(attribute) or ""
            if attribute != "name":  # of ``date:month`` and of a path the first step counts
                name = _STEP.split(name, maxsplit=1)[0]
            yield from self._use(element, False, name, model)

    def _mentioned(
        self,
        place: Location,
        tag: str,
        attributes: Mapping[str, str],
        model: str,
        behind: str | None,
        outer: str,
    ) -> Iterator[Use]:
        """The fields which are not there and of which domains, orders and expressions of an element speak;
        ``behind`` is the model to which its field leads, ``outer`` that of the record around."""
        for mention in mentions(tag, attributes, self.series):
            whose = behind if mention.behind else outer if mention.above else model
            unknown = self.known.unknown_in(whose, mention.path) if whose else None
            if unknown is not None:
                yield Use(place, self.entry.view, False, unknown[1], unknown[0], aside=True)

    def _use(self, element: Any, is_method: bool, name: str, model: str) -> Iterator[Use]:
        if _NAME.fullmatch(name) and self.known.of(model) is not None:
            span = self.entry.view.places[self.numbers[element]]
            yield Use(Location(self.entry.path, span), self.entry.view, is_method, name, model)
