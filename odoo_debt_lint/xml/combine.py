"""Combines the views which an addon extends, and tells what became of each of its specs."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from odoo_debt_lint.core.arch import judgeable
from odoo_debt_lint.facts import SpecFact, ViewFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.xml.arch import Application, Invalid, TooLarge, find, owner
from odoo_debt_lint.xml.families import Entry, families, loaded

MAX_TREES = 256
"""Combined trees that are kept for the addons to come."""

_TEST = re.compile(r"\[@([^]]*)\]")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


class Dependent(msgspec.Struct, frozen=True):
    """A spec of another addon that anchors on a replaced node, or inside of it."""

    addon: str
    xmlid: str
    location: Location | None
    inside: bool


class Seen(msgspec.Struct, frozen=True):
    """A spec of an addon and what became of it.

    ``matches`` is how many nodes it finds, None where that cannot be known. ``error`` tells what is wrong
    with the expression. ``owner`` is the addon that put the node there (empty: not known), ``dependents`` is
    who else needs it where it is replaced. ``root`` is the primary view of the family, ``kind`` the combined
    arch's root tag, and ``trail`` the fields in whose sub-views the spec puts its content, outermost first.
    """

    path: str
    view: ViewFact
    spec: SpecFact
    matches: int | None = None
    error: str = ""
    owner: str = ""
    dependents: tuple[Dependent, ...] = ()
    root: ViewFact | None = None
    kind: str = ""
    trail: tuple[str, ...] = ()

    @property
    def lost(self) -> bool:
        """Whether it surely finds nothing."""
        return self.matches == 0

    @property
    def how(self) -> str:
        """The spec as its author wrote it, in short."""
        if not self.spec.short:
            return self.spec.expr
        tests = _TEST.findall(self.spec.expr)
        return f"<{' '.join([self.spec.tag, *tests])}>"


def seen(scope: Scope) -> list[Seen]:
    """All specs of the addon's data files, judged once for all rules."""
    if "xml.seen" not in scope.memo:
        some = any(view.specs for item in scope.addon.files if item.data for view in item.data.views)
        scope.memo["xml.seen"] = _Run(scope).seen() if some else []
    found: list[Seen] = scope.memo["xml.seen"]
    return found


def combined(scope: Scope, xmlid: str) -> Any:
    """The arch of a view and all that extends its family, as the scope's addon sees it; None where that
    cannot be told."""
    run = _Run(scope)
    entry = run.families.view(xmlid)
    root = run.families.root(entry) if entry is not None else None
    if root is None or not run.families.certain(root):
        return None
    try:
        return _Combination(run, root).whole()
    except TooLarge:
        return None


class _Run:
    """The families of one addon, one after the other."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.families = scope, families(scope)
        self.judged: dict[tuple[str, int, int], Seen] = {}

    def seen(self) -> list[Seen]:
        own = self.families.registry.own[id(self.scope.addon)]
        roots: dict[str, Entry] = {}
        for entry in own:
            if entry.view.specs and entry.view.active:
                root = self.families.root(entry)
                if root is not None and self.families.certain(root):
                    roots[root.view.xmlid] = root
        for root in roots.values():
            _Combination(self, root).judge()
        return list(self._all())

    def _all(self) -> Iterator[Seen]:
        """Every spec in the order of files; those that no combination reached are not known."""
        listed = {result.path for result in loaded(self.scope.addon)}
        for result in self.scope.addon.files:
            if result.data is None or result.role not in ("data", "demo", "static"):
                continue
            for view in result.data.views:
                for spec in view.specs:
                    key = (result.path, spec.span.start_line, spec.span.start_column)
                    found = self.judged.get(key) if result.path in listed else None
                    yield found or Seen(result.path, view, spec)


class _Combination:
    """One family: the root, and its extensions up to the last one of the addon at hand."""

    def __init__(self, run: _Run, root: Entry) -> None:
        self.run, self.root, self.families = run, root, run.families
        self.addon, self.home = run.scope.addon.name, id(run.scope.addon)
        self.bare = False
        self.tainted = False
        self.lost_names: set[str] = set()
        self.others: list[Entry] | None = None
        self.applied: set[str] = set()

    def judge(self) -> None:
        entries = self.families.extensions(self.root)
        last = max((number for number, entry in enumerate(entries) if self._own(entry)), default=-1)
        first = next((number for number, entry in enumerate(entries) if self._own(entry)), 0)
        try:
            if self._own(self.root) and self.root.view.inherit:
                tree = self._applied(self._parent_tree(self.root), self.root)
                first = 0
            else:
                tree = self._tree(self.root, entries[:first])
            for entry in entries[first : last + 1]:
                tree = self._applied(tree, entry)
            for entry in self._strays(entries):
                self._applied(self._tree(self.root, entries), entry)
        except TooLarge:
            return

    def _strays(self, entries: list[Entry]) -> list[Entry]:
        """Views of the addon which extend one of another model: applied only where they are named, last."""
        known = {entry.view.xmlid for entry in entries} | {self.root.view.xmlid}
        return [
            entry
            for entry in self.families.registry.own[self.home]
            if entry.view.inherit in known
            and entry.view.xmlid not in known
            and entry.view.active
            and not entry.primary
        ]

    def whole(self) -> Any:
        """The root with all its extensions, and whether everything fitted."""
        tree = self._tree(self.root, self.families.extensions(self.root))
        return None if self.tainted else tree

    def _own(self, entry: Entry) -> bool:
        return entry.home == self.home

    def _applied(self, tree: Any, entry: Entry) -> Any:
        """The tree with one more view applied, judged if it is the addon's own."""
        self.applied.add(entry.view.xmlid)
        if not self._own(entry) or entry.tree is None:
            return self._foreign(tree, entry)
        work = Application(tree, entry.tree, entry.source, self.bare)
        judge = _Judge(self, entry, work)
        return work.run(judge.before, judge.after)

    def _parent_tree(self, entry: Entry) -> Any:
        parent = self.families.view(entry.view.inherit)
        root = self.families.root(parent) if parent is not None else None
        if root is None:
            raise TooLarge("chain is not known")
        return self._tree(root, self.families.extensions(root))

    def _tree(self, root: Entry, entries: list[Entry]) -> Any:
        """A copy of the tree of a root with some extensions, computed once for all addons."""
        trees = self.families.registry.trees
        key = self._key(root, entries)
        if key not in trees:
            outer = self.tainted, self.bare
            self.tainted, self.bare = False, root.view.bare
            if root.view.inherit:
                tree = self._foreign(self._parent_tree(root), root)
            else:
                tree = copy.deepcopy(root.tree)
            for entry in entries:
                tree = self._foreign(tree, entry)
            if len(trees) >= MAX_TREES:
                trees.pop(next(iter(trees)))
            trees[key] = tree, self.tainted, self.bare
            self.tainted, self.bare = outer
        tree, tainted, bare = trees[key]
        self.tainted |= tainted
        self.bare |= bare
        self.applied.update(entry.view.xmlid for entry in entries)
        return copy.deepcopy(tree)

    def _foreign(self, tree: Any, entry: Entry) -> Any:
        """The tree with a view of another addon applied. It fits, or we do not know all."""
        if entry.tree is None:
            self.tainted = True
            return tree
        work = Application(tree, entry.tree, entry.source, self.bare)
        tree = work.run()
        self.bare |= entry.view.bare
        self.tainted |= work.failed
        return tree

    def _key(self, root: Entry, entries: list[Entry]) -> Any:
        """What a tree is made of: the views, and those of the family it is derived from."""
        below: Any = None
        if root.view.inherit:
            parent = self.families.view(root.view.inherit)
            base = self.families.root(parent) if parent is not None else None
            below = self._key(base, self.families.extensions(base)) if base is not None else None
        return (id(root), below, tuple(id(entry) for entry in entries))

    def rivals(self) -> list[Entry]:
        """Views of other addons which extend the family."""
        if self.others is None:
            everyone = self.families.others(self.root)
            self.others = [
                entry for entry in everyone if entry.addon != self.addon and entry.tree is not None
            ]
        return self.others


class _Judge:
    """Watches one view of the addon while it is applied."""

    def __init__(self, combination: _Combination, entry: Entry, work: Application) -> None:
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

    def after(self, number: int) -> None:
        """Of those who depended on a replaced node, keeps who finds nothing any more."""
        if number not in self.hanging:
            return
        lost = []
        for entry, place, element, inside in self.hanging[number]:
            before = entry.view.xmlid in self.combination.applied
            if before or _finds(self.work, element) is None:
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
            wanted = {first or second for first, second in _QUOTED.findall(item.spec.expr)}
            unsure = self.combination.tainted or wanted & self.combination.lost_names
            self.combination.lost_names |= _names_inside(spec)
            if unsure:
                return item
        return msgspec.structs.replace(item, matches=len(found))

    def _owner(self, node: Any) -> str:
        return owner(node) or _base_owner(self.combination)

    def _dependents(self, node: Any, inner: bool) -> Iterator[tuple[Entry, int, Any, bool]]:
        for entry in self.combination.rivals():
            before = entry.view.xmlid in self.combination.applied
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


def _names_inside(spec: Any) -> set[str]:
    """Names of what a spec would have put in; who looks for them finds nothing for no fault of his own."""
    return {value for node in spec.iter() if node is not spec and (value := node.get("name"))}


def _base_owner(combination: _Combination) -> str:
    """The addon of the view at the bottom of the chain."""
    entry = combination.root
    for _ in range(50):
        parent = combination.families.view(entry.view.inherit) if entry.view.inherit else None
        if parent is None:
            return entry.addon
        entry = parent
    return entry.addon


def _specs_of(entry: Entry) -> Iterator[tuple[int, Any]]:
    from odoo_debt_lint.xml.views import located

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
