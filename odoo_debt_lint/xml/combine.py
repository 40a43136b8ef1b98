"""Combines the views which an addon extends, and tells what became of each of its specs."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from odoo_debt_lint.core.arch import judgeable
from odoo_debt_lint.index import Scope
from odoo_debt_lint.xml.arch import Application, TooLarge
from odoo_debt_lint.xml.entries import Entry
from odoo_debt_lint.xml.families import families, loaded
from odoo_debt_lint.xml.judge import Judge, values_inside, wanted
from odoo_debt_lint.xml.seen import Seen
from odoo_debt_lint.xml.views import spec_expression

MAX_TREES = 128
"""Combined trees that are kept for the addons to come."""
THEME = "theme_"
"""How Odoo tells by its name that an addon is a theme."""


def seen(scope: Scope) -> list[Seen]:
    """All specs of the addon's data files, judged once for all rules."""
    return scope.once("xml.seen", lambda: _Run(scope).seen() if _has_specs(scope) else [])


def _has_specs(scope: Scope) -> bool:
    return any(view.specs for item in scope.addon.files if item.data for view in item.data.views)


def combined(scope: Scope, xmlid: str) -> Any:
    """The arch of a view and all that extends its family, as the scope's addon sees it; None where that
    cannot be told."""
    run = _Run(scope)
    entry = run.families.view(xmlid)
    root = run.families.root(entry) if entry is not None else None
    if root is None or not run.families.certain(root):
        return None
    try:
        return Combination(run, root).whole()
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
            Combination(self, root).judge()
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


class Combination:
    """One family: the root, and its extensions up to the last one of the addon at hand."""

    def __init__(self, run: _Run, root: Entry) -> None:
        self.run, self.root, self.families = run, root, run.families
        self.addon, self.home = run.scope.addon.name, id(run.scope.addon)
        self.bare = False
        self.tainted = False
        """A view of Odoo's own, or one without an arch, did not fit: not all is known."""
        self.lost_names: set[str] = set()
        """What specs that found nothing would have put in."""
        self.failed = False
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
        return None if self.tainted or self.failed else tree

    def _own(self, entry: Entry) -> bool:
        return entry.home == self.home

    def _applied(self, tree: Any, entry: Entry) -> Any:
        """The tree with one more view applied, judged if it is the addon's own."""
        self.applied.add(entry.view.xmlid)
        if not self._own(entry) or entry.tree is None:
            return self._foreign(tree, entry)
        work = Application(tree, entry.tree, entry.source, self.bare)
        judge = Judge(self, entry, work)
        tree = work.run(judge.before)
        judge.finish()
        return tree

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
            outer = self.tainted, self.bare, self.failed, self.lost_names
            self.tainted, self.bare, self.failed, self.lost_names = False, root.view.bare, False, set()
            if root.view.inherit:
                tree = self._foreign(self._parent_tree(root), root)
            else:
                tree = copy.deepcopy(root.tree)
            for entry in entries:
                tree = self._foreign(tree, entry)
            if len(trees) >= MAX_TREES:
                trees.pop(next(iter(trees)))
            trees[key] = tree, self.tainted, self.bare, self.failed, frozenset(self.lost_names)
            self.tainted, self.bare, self.failed, self.lost_names = outer
        tree, tainted, bare, failed, lost = trees[key]
        self.tainted |= tainted
        self.bare |= bare
        self.failed |= failed
        self.lost_names |= lost
        self.applied.update(entry.view.xmlid for entry in entries)
        return copy.deepcopy(tree)

    def _foreign(self, tree: Any, entry: Entry) -> Any:
        """The tree with a view of another addon applied. One of Odoo's own fits, or we do not know all; what
        does not fit in one of the set is told there."""
        if entry.tree is None:
            # a template without a body, an option of the website editor, changes nothing
            self.tainted |= bool(entry.view.arch) or entry.view.record != "template"
            return tree
        work = Application(tree, entry.tree, entry.source, self.bare)
        tree = work.run()
        self.bare |= entry.view.bare
        self.failed |= bool(work.failed)
        core = self.families.is_core(entry)
        for spec in work.failed:
            expr = spec_expression(spec)
            # what the index does not hold, and what stands on that, is no sign of more
            explained = not judgeable(expr) or wanted(expr) & self.lost_names
            self.tainted |= core and not explained
            self.lost_names |= values_inside(spec)
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
                entry
                for entry in everyone
                if entry.addon != self.addon and entry.tree is not None and not self._other_theme(entry.addon)
            ]
        return self.others

    def _other_theme(self, addon: str) -> bool:
        """Whether both are themes of which none needs the other: Odoo keeps their views apart and copies them
        to the websites that choose the theme, and a website has one."""
        if not (addon.startswith(THEME) and self.addon.startswith(THEME)) or addon in self.run.scope.order:
            return False
        scope = self.run.scope
        return self.addon not in scope.index.closure(addon, scope.addon.series)[0]
