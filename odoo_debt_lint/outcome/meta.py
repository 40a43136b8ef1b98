"""What a run says of itself: comments that accept nothing or give no reason, and rules that crashed.

These findings need to know all others, so they are made last and go through the same filter once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from odoo_debt_lint.addons.owner import innermost
from odoo_debt_lint.dispatch import finding_of
from odoo_debt_lint.facts import FileResult, SuppressionFact
from odoo_debt_lint.finding import FIRST_LINE, Finding, Location, Problem, Span
from odoo_debt_lint.index import AddonFacts, Index
from odoo_debt_lint.registry import Handlers, all_rules, handlers
from odoo_debt_lint.rule import Comment, OnAddon, OnInstance, Rule

_UNJUDGED = frozenset({"meta", "migration"})
BESIDE, ALONE = "deployment", "deployment, alone"
"""Roles of the results of files beside the addons, which are read anew in each run; ``ALONE``: without
those around them, so that rules which join files were silent."""
_CRASHED = re.compile(r"^rule (\S+) (?:crashed|given up)")


@dataclass(frozen=True)
class Meta:
    """The rules of the family meta, with what they need to know of the run."""

    rules: tuple[Rule, ...]
    index: Index

    def findings(
        self,
        used: Iterable[tuple[str, Span, str]],
        results: Mapping[str, FileResult],
        problems: Iterable[Problem],
    ) -> list[Finding]:
        """``used`` tells which comments accepted a finding of which rule."""
        known = list(problems)
        accepted: dict[tuple[str, Span], set[str]] = {}
        for path, span, rule in used:
            accepted.setdefault((path, span), set()).add(rule)
        crashed = frozenset(match[1] for item in known if (match := _CRASHED.match(item.message)))
        found = list(self._crashes(known))
        for addon in self.index.all if self._listeners.comments else ():
            judged = self._judged(addon) - crashed
            for result in addon.files:
                for fact in result.suppressions if result.path in results else ():
                    if fact.source == "own":
                        there = accepted.get((result.path, fact.span), set())
                        comment = _comment(fact, there, judged)
                        found += self._of_comment(addon.name, result.path, comment)
        broken = {problem.path for problem in known}
        beside = (item for item in results.values() if item.path not in broken)
        for result in beside if self._listeners.comments else ():
            found += self._beside(result, accepted, crashed)
        return found

    def _beside(
        self,
        result: FileResult,
        accepted: Mapping[tuple[str, Span], set[str]],
        crashed: frozenset[str],
    ) -> Iterator[Finding]:
        """What became of the comments in a file beside the addons."""
        if result.role not in (BESIDE, ALONE):
            return
        judged = self._without(OnInstance if result.role == ALONE else None) - crashed
        for fact in result.suppressions:
            comment = _comment(fact, accepted.get((result.path, fact.span), set()), judged)
            yield from self._of_comment("", result.path, comment)

    @cached_property
    def _listeners(self) -> Handlers:
        return handlers(self.rules)

    def _of_comment(self, addon: str, path: str, comment: Comment) -> Iterator[Finding]:
        place = Location(path, comment.fact.span)
        for rule, check in self._listeners.comments:
            for hit in check(comment):
                yield finding_of(rule, hit, place, addon)

    def _crashes(self, problems: list[Problem]) -> Iterator[Finding]:
        addons = {addon.path: addon for addon in self.index.all}
        for rule, check in self._listeners.problems.get("internal-error", ()):
            for problem in problems:
                if problem.kind == "internal-error":
                    whole = addons.get(problem.path)  # of an index rule, which is about no file
                    path = whole.manifest.path if whole is not None else problem.path
                    addon = addons.get(innermost(path, addons) or "")
                    place = Location(path, FIRST_LINE)
                    for hit in check(problem):
                        yield finding_of(rule, hit, place, addon.name if addon is not None else "")

    def _judged(self, addon: AddonFacts) -> frozenset[str]:
        """Rules that knew all they need: an index rule may be silent only because an addon is missing."""
        return self._all if self.index.scope(addon).complete else self._alone

    @cached_property
    def _alone(self) -> frozenset[str]:
        """Rules that need not know other addons."""
        return self._without(OnAddon)

    @cached_property
    def _all(self) -> frozenset[str]:
        return self._without(None)

    def _without(self, kind: type[OnAddon | OnInstance] | None) -> frozenset[str]:
        """Names of the rules that do not listen to something."""
        return frozenset(
            rule.name
            for rule in self.rules
            if kind is None or not any(isinstance(listener, kind) for listener in rule.listeners)
        )


def _comment(fact: SuppressionFact, accepted: set[str], judged: frozenset[str]) -> Comment:
    """What became of a comment. Rules about comments themselves are not judged: they come last; nor are those
    of migrations: which of them look at a file depends on the series for which somebody asks."""
    rules = all_rules()
    idle = tuple(
        name
        for name in fact.rules
        if name in judged and name not in accepted and rules[name].family not in _UNJUDGED
    )
    unknown = []
    for name in fact.rules:
        # rules of other engines have a dot in their names, and are not known when they do not run
        if name not in rules and name not in accepted and "." not in name:
            import difflib  # only a mistake needs it

            near = difflib.get_close_matches(name, rules, 1, 0.75)
            unknown.append((name, near[0] if near else ""))
    needed = (
        set(fact.rules)
        if fact.rules
        else {name for name, rule in rules.items() if rule.family not in _UNJUDGED}
    )
    useless = not accepted and (set(idle) == needed if fact.rules else needed <= judged)
    return Comment(fact, useless, idle, tuple(unknown))
