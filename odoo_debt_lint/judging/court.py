"""Runs the index rules over one addon after the other, in a large run in several processes.

In several processes the rules are parted, too: those that combine views work out other things than the rest,
and what two processes need both of them work out. Addons come series by series, so that what is known of one
series of Odoo can be let go of before the next.

A rule that raises costs its findings in one addon, and so does one that takes too long or kills its process:
the addon is judged again without it. The outcome is the same for any number of processes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any

import msgspec

from odoo_debt_lint.catalogue import loaded
from odoo_debt_lint.dispatch import crash, failure, finding_of
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.finding import FIRST_LINE, Finding, Location, Problem
from odoo_debt_lint.index import Index, Scope
from odoo_debt_lint.inventory.depth import Depth, depth_of
from odoo_debt_lint.judging.kept import Kept, Said
from odoo_debt_lint.migration.stage import migration_findings, plan_of
from odoo_debt_lint.reading.limits import Timeout, time_limit
from odoo_debt_lint.registry import handlers
from odoo_debt_lint.rule import Hit, OnAddon, Rule

ADDON_SECONDS = 60
"""Time after which the rule at work on an addon is given up."""
_MIGRATION = 0
"""The number of the engine of migrations, which comes before all rules."""
_OF_VIEWS = frozenset({"views", "references"})
"""Families whose rules take about as long as all others together, and share what they look at."""
_OF_LOADED = frozenset({"inheritance", "migration", "references"})
"""Families whose rules tell what loaded code does. Of a module that nothing imports it is not so, and that it
is dead is a finding of its own."""
_OF_TEXT = frozenset({"hardcoded-environment", "hardcoded-record-id"})
"""Rules of these families about what stands in a file, whoever runs it."""


class Task(msgspec.Struct, frozen=True, array_like=True, order=True):
    """One addon and some of the rules, by their numbers."""

    series: str
    desk: int
    addon: int


class Judged(msgspec.Struct, frozen=True, array_like=True):
    """Findings of index rules, the rules that crashed, and what was learned on the way: the depth of addons
    by path."""

    findings: list[Finding]
    problems: list[Problem]
    depths: dict[str, Depth] = {}


class Court:
    """The index rules of a run and all addons, in a fixed order. ``at`` holds the number of the rule at work,
    for whoever has to know what a process died of, ``kept`` is what need not be asked again."""

    def __init__(self, index: Index, rules: list[Rule], kept: Kept | None = None) -> None:
        self.index, self.kept = index, kept or {}
        self.addons = sorted(index.all, key=lambda item: (item.name, item.path))
        self.plan = plan_of(rules, index)
        joining = [rule for rule in rules if any(isinstance(item, OnAddon) for item in rule.listeners)]
        ready = (loaded([rule])[0] if self._is_asked(rule) else rule for rule in joining)
        self.listeners: list[tuple[Rule, Any]] = handlers(ready).addons
        self.sights = [rule.sight for rule, _ in self.listeners]
        self.said: dict[str, list[Finding]] = {}
        """What was said of each addon, by its path, once all is joined."""
        self.desks: list[Sequence[int]] = [range(len(self.listeners) + 1)]
        """The numbers of the rules that work together."""
        self.at: Any = bytearray(4)

    def _is_asked(self, rule: Rule) -> bool:
        """Whether there is an addon of which it is not known what a rule says."""
        sight = rule.sight
        return any((addon.path, sight) not in self.kept for addon in self.addons)

    def judged(self) -> Judged:
        """What all rules say of all addons."""
        return self.joined({task: self.part(task) for task in self.tasks()})

    def joined(self, parts: Mapping[Task, Judged]) -> Judged:
        """What was said of all tasks, in the order of addons and rules."""
        number = {rule.name: number for number, (rule, _) in enumerate(self.listeners, 1)}
        findings: list[Finding] = []
        problems: list[Problem] = []
        kept: dict[str, list[Said]] = {}
        for (path, _), said in self.kept.items():
            kept.setdefault(path, []).append(said)
        depths: dict[str, Depth] = {}
        for place, group in groupby(sorted(parts, key=lambda task: task.addon), lambda task: task.addon):
            path = self.addons[place].path
            known = kept.get(path, [])
            judged = [parts[task] for task in group]
            of_addon = [finding for said in known for finding in said.findings]
            of_addon += [finding for part in judged for finding in part.findings]
            of_addon.sort(key=lambda finding: number.get(finding.rule, _MIGRATION))
            self.said[path] = of_addon
            findings += of_addon
            problems += [problem for part in judged for problem in part.problems]
            depths.update((path, said.depth) for said in known if said.depth is not None)
            depths.update(item for part in judged for item in part.depths.items())
        return Judged(findings, problems, depths)

    def tasks(self) -> list[Task]:
        """All there is to do, in an order in which little is worked out twice."""
        return sorted(
            Task(addon.series, desk, number)
            for number, addon in enumerate(self.addons)
            for desk in range(len(self.desks))
        )

    def split_rules(self) -> None:
        """Makes two tasks of an addon, for processes that are to work out different things."""
        views = [number for number, (rule, _) in enumerate(self.listeners, 1) if rule.family in _OF_VIEWS]
        others = [number for number in range(len(self.listeners) + 1) if number not in views]
        self.desks = [others, views] if views else [others]

    def part(self, task: Task, without: Collection[int] = ()) -> Judged:
        """What the rules of a task say, ``without`` some by their numbers."""
        self.index.turn_to(task.series)
        addon = self.addons[task.addon]
        rules = (rule for rule in self.desks[task.desk] if not self._is_known(rule, addon.path))
        scope = self.index.scope(addon)
        try:
            return self._said(task, [rule for rule in rules if rule not in without], scope)
        finally:
            scope.forget()

    def _said(self, task: Task, rules: Sequence[int], scope: Scope) -> Judged:
        judged = Judged([], [])
        self._now(rules[0] if rules else _MIGRATION)
        todo = iter(rules)
        while True:
            before = len(judged.findings)
            try:
                with time_limit(ADDON_SECONDS):
                    for rule in todo:
                        before = len(judged.findings)
                        self._now(rule)
                        self._run(rule, scope, judged)
                break
            except Timeout:
                del judged.findings[before:]
                judged.problems.append(self.lost(task, "timeout"))
        if _MIGRATION in rules:
            _learn(scope, judged)
        return judged

    def _is_known(self, rule: int, path: str) -> bool:
        """Whether what a rule says of an addon has been kept."""
        return rule != _MIGRATION and (path, self.sights[rule - 1]) in self.kept

    def _now(self, rule: int) -> None:
        self.at[:4] = rule.to_bytes(4, "little")

    def _run(self, number: int, scope: Scope, judged: Judged) -> None:
        """Collects what one rule says; an exception costs the rest of it."""
        if number == _MIGRATION:
            judged.findings.extend(self._migration(scope, judged))
            return
        rule, check = self.listeners[number - 1]
        if not rule.holds_for(scope.addon.series):
            return
        try:
            judged.findings.extend(_found(rule, check, scope))
        except UsageError:
            raise
        except Exception as error:
            judged.problems.append(crash(scope.addon.path, rule, error))

    def _migration(self, scope: Scope, judged: Judged) -> list[Finding]:
        """What facts of migration say of an addon; an error costs their findings only."""
        try:
            found = migration_findings(scope, self.plan)
            return [finding for finding in found if not _is_dead(scope, finding.location.path)]
        except Exception as error:
            judged.problems.append(Problem("internal-error", scope.addon.path, failure("migration", error)))
            return []

    def lost(self, task: Task, kind: str) -> Problem:
        """The problem of the rule at work on an addon, which is given up or has killed its process."""
        rule = int.from_bytes(self.at[:4], "little")
        who = "migration" if rule == _MIGRATION else f"rule {self.listeners[rule - 1][0].name}"
        path = self.addons[task.addon].path
        if kind == "timeout":
            return Problem(kind, path, f"{who} given up after {ADDON_SECONDS} s")
        return Problem("internal-error", path, f"{who} crashed: its process died")


def _learn(scope: Scope, judged: Judged) -> None:
    """Notes what the inventory would have to work out once more. What fails here fails there and is told."""
    if scope.followed:
        with suppress(Exception, Timeout), time_limit(ADDON_SECONDS):
            judged.depths[scope.addon.path] = depth_of(scope)


def _found(rule: Rule, check: Any, scope: Scope) -> Iterator[Finding]:
    for hit in check(scope):
        place = _place(hit, scope)
        of_loaded = rule.family in _OF_LOADED and rule.name not in _OF_TEXT
        if not of_loaded or not _is_dead(scope, place.path):
            yield finding_of(rule, hit, place, scope.addon.name)


def _is_dead(scope: Scope, path: str) -> bool:
    """Whether a module is never loaded."""
    if not path.endswith(".py"):
        return False
    from odoo_debt_lint.checks.structure._imports import dead

    return path in dead(scope)


def _place(hit: Hit, scope: Scope) -> Location:
    """Where an index rule reports: at a location, else at the top of the manifest."""
    return hit.where if isinstance(hit.where, Location) else Location(scope.addon.manifest.path, FIRST_LINE)
