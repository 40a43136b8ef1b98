"""Watches an addon's views while they are applied: what each spec finds, and whom a replacement hurts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from odoo_debt_lint.core.arch import judgeable
from odoo_debt_lint.facts import SpecFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.xml.arch import Application, Invalid, TooLarge, find, owner
from odoo_debt_lint.xml.entries import Entry
from odoo_debt_lint.xml.families import same_model
from odoo_debt_lint.xml.seen import Dependent, Seen
from odoo_debt_lint.xml.views import located

if TYPE_CHECKING:
    from odoo_debt_lint.xml.combine import Combination

_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_WORD = re.compile(r"[\w-]+")
_MADE_BY_GROUPS = "base.user_groups_view"
"""The view that Odoo (up to 18.0) writes anew from the groups of the database, whenever these change."""
_GROUP_FIELD = re.compile(r"\b(?:in_group|sel_groups)_\d")
_NAMING = frozenset({"name", "id", "class", "string", "for"})
"""Attributes by which specs look for nodes, besides those of QWeb."""


class Judge:
    """Watches one view of the addon while it is applied."""

    def __init__(self, combination: Combination, entry: Entry, work: Application) -> None:
        self.combination, self.entry, self.work = combination, entry, work
        self.hanging: dict[int, list[tuple[Entry, int, Any, bool]]] = {}

    def before(self, number: int, spec: Any, found: list[Any] | Exception) -> None:
        """Counts matches; remembers who depends on a node that is about to go."""
        specs = self.entry.view.specs
        if not 0 <= number < len(specs):
            return
        fact = specs[number]
        root, tree = self.combination.root.view, self.work.root
        item = Seen(self.entry.path, self.entry.view, fact, root=root, kind=str(tree.tag))
        if isinstance(found, Invalid):
            item = msgspec.structs.replace(item, matches=0, error=str(found))
        elif isinstance(found, list):
            item = self._counted(item, spec, found)
            if found:
                trail = _trail(found[0], fact.position)
                item = msgspec.structs.replace(item, trail=trail, owner=self._owner(found[0]))
            if found and fact.position == "replace":
                self.hanging[number] = list(self._dependents(found[0], spec.get("mode") == "inner"))
        self._store(item)

    def finish(self) -> None:
        """Once the whole view is applied, which may put back what it took away: of those who depended on a
        replaced node, keeps who finds nothing any more."""
        for number in self.hanging:
            self._keep_lost(number)

    def _keep_lost(self, number: int) -> None:
        lost = []
        for entry, place, element, inside in self.hanging[number]:
            if self._is_before(entry) or _finds(self.work, element) is None:
                specs = entry.view.specs
                known = place < len(specs) and not entry.view.bare
                location = Location(entry.path, specs[place].span, entry.view.xmlid) if known else None
                lost.append(Dependent(entry.source, entry.view.xmlid, location, inside))
        if lost:
            fact = self.entry.view.specs[number]
            item = self.combination.run.judged[self._key(fact)]
            self._store(msgspec.structs.replace(item, dependents=tuple(lost)))

    def _counted(self, item: Seen, spec: Any, found: list[Any]) -> Seen:
        if self.work.bare and not judgeable(item.spec.expr):
            return item
        if not found:
            lost = wanted(item.spec.expr) & self.combination.lost_names
            made = self.entry.view.inherit == _MADE_BY_GROUPS or _GROUP_FIELD.search(item.spec.expr)
            unsure = self.combination.tainted or lost or made or self._taken(spec)
            self.combination.lost_names |= values_inside(spec)
            if unsure:
                return item
        return msgspec.structs.replace(item, matches=len(found))

    def _taken(self, spec: Any) -> bool:
        """Whether the node is there without the views that extend the root. Those of a browser's template may
        be for pages on which it is alone: that is told by bundles, which are not read."""
        root = self.combination.root
        if root.view.record != "static" or root.tree is None:
            return False
        try:
            return bool(find(root.tree, spec, self.work.bare))
        except (Invalid, TooLarge):
            return True

    def _owner(self, node: Any) -> str:
        return owner(node) or _base_owner(self.combination)

    def _dependents(self, node: Any, inner: bool) -> Iterator[tuple[Entry, int, Any, bool]]:
        for entry in self.combination.rivals():
            if not same_model(entry, self.entry):
                continue  # Odoo combines the views of each model apart
            before = self._is_before(entry)
            for number, element in _specs_of(entry):
                anchor = _finds(self.work, element)
                if anchor is None:
                    continue
                inside = anchor is not node and _within(anchor, node)
                at = anchor is node and not inner
                if before and at and element.get("position", "inside") not in ("inside", "attributes"):
                    continue
                if inside or at:
                    yield entry, number, element, inside

    def _is_before(self, entry: Entry) -> bool:
        """Whether the other view is applied first, whoever is installed first."""
        siblings = entry.view.inherit == self.entry.view.inherit
        return entry.view.xmlid in self.combination.applied or (
            siblings and entry.view.priority < self.entry.view.priority
        )

    def _key(self, fact: SpecFact) -> tuple[str, int, int]:
        return (self.entry.path, fact.span.start_line, fact.span.start_column)

    def _store(self, item: Seen) -> None:
        self.combination.run.judged[self._key(item.spec)] = item


def _trail(node: Any, position: str) -> tuple[str, ...]:
    """The fields around the place where a spec at ``node`` puts its content."""
    names = []
    place = node if position == "inside" else node.getparent()
    while place is not None:
        if place.tag in ("field", "groupby"):
            names.append(place.get("name") or "")
        place = place.getparent()
    return tuple(reversed(names))


def wanted(expr: str) -> set[str]:
    """The names and classes by which an expression looks for its node; its tags where it has none."""
    found = {first or second for first, second in _QUOTED.findall(expr)}
    return found or set(_WORD.findall(expr))


def _names(attribute: str) -> bool:
    return attribute in _NAMING or attribute.startswith("t-")


def values_inside(spec: Any) -> set[str]:
    """Tags, names, classes and the like of what a spec would have put in; who looks for them finds nothing
    for no fault of his own."""
    inside = [node for node in spec.iter() if node is not spec]
    values = [value for node in inside for name, value in node.items() if _names(str(name))]
    for node in inside:
        if node.tag == "attribute":
            values += [node.text or "", node.get("add") or ""]
    return {node.tag for node in inside}.union(values, *(value.split() for value in values))


def _base_owner(combination: Combination) -> str:
    """The addon of the view at the bottom of the chain."""
    entry = combination.root
    for _ in range(50):
        parent = combination.families.view(entry.view.inherit) if entry.view.inherit else None
        if parent is None:
            return entry.addon
        entry = parent
    return entry.addon


def _specs_of(entry: Entry) -> Iterator[tuple[int, Any]]:
    yield from enumerate(located([entry.tree]))


def _finds(work: Application, element: Any) -> Any:
    try:
        found = find(work.root, element, work.bare)
    except (Invalid, TooLarge):
        return None
    return found[0] if found else None


def _within(node: Any, other: Any) -> bool:
    while node is not None:
        if node is other:
            return True
        node = node.getparent()
    return False
