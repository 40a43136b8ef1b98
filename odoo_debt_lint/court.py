"""Runs the index rules over one addon after the other, in a large run in several processes.

A rule that raises costs its findings in one addon, and so does one that takes too long or kills its process:
the addon is judged again without it. The outcome is the same for any number of processes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from odoo_debt_lint.catalogue import loaded
from odoo_debt_lint.dispatch import crash, failure, finding_of
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.finding import FIRST_LINE, Finding, Location, Problem
from odoo_debt_lint.index import Index, Scope
from odoo_debt_lint.limits import Timeout, time_limit
from odoo_debt_lint.migration.stage import migration_findings, plan_of
from odoo_debt_lint.registry import handlers
from odoo_debt_lint.rule import Hit, OnAddon, Rule

ADDON_SECONDS = 60
"""Time after which the rule at work on an addon is given up."""
_MIGRATION = 0
"""The number of the engine of migrations, which comes before all rules."""


class Judged(msgspec.Struct, frozen=True, array_like=True):
    """Findings of index rules, and the rules that crashed."""

    findings: list[Finding]
    problems: list[Problem]


class Court:
    """The index rules of a run and all addons, in a fixed order. ``at`` holds the number of the rule at work,
    for whoever has to know what a process died of."""

    def __init__(self, index: Index, rules: list[Rule]) -> None:
        self.index = index
        self.addons = sorted(index.all, key=lambda item: (item.name, item.path))
        self.plan = plan_of(rules, index)
        joining = loaded(rule for rule in rules if any(isinstance(item, OnAddon) for item in rule.listeners))
        self.listeners: list[tuple[Rule, Any]] = handlers(joining).addons
        self.at: Any = bytearray(4)

    def judged(self, processes: int) -> Judged:
        """What all rules say of all addons."""
        if processes > 1:
            from odoo_debt_lint.clerks import shared_out

            parts = shared_out(self, processes)
        else:
            parts = [self.addon(number) for number in range(len(self.addons))]
        return Judged(
            [finding for part in parts for finding in part.findings],
            [problem for part in parts for problem in part.problems],
        )

    def addon(self, number: int, without: Collection[int] = ()) -> Judged:
        """What the rules say of an addon, ``without`` some by their numbers."""
        self._now(_MIGRATION)
        judged = Judged([], [])
        scope = self.index.scope(self.addons[number])
        todo = iter([rule for rule in range(len(self.listeners) + 1) if rule not in without])
        while True:
            before = len(judged.findings)
            try:
                with time_limit(ADDON_SECONDS):
                    for rule in todo:
                        before = len(judged.findings)
                        self._now(rule)
                        self._run(rule, scope, judged)
                return judged
            except Timeout:
                del judged.findings[before:]
                judged.problems.append(self.lost(number, "timeout"))

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
            return list(migration_findings(scope, self.plan))
        except Exception as error:
            judged.problems.append(Problem("internal-error", scope.addon.path, failure("migration", error)))
            return []

    def lost(self, number: int, kind: str) -> Problem:
        """The problem of the rule at work on an addon, which is given up or has killed its process."""
        rule = int.from_bytes(self.at[:4], "little")
        who = "migration" if rule == _MIGRATION else f"rule {self.listeners[rule - 1][0].name}"
        path = self.addons[number].path
        if kind == "timeout":
            return Problem(kind, path, f"{who} given up after {ADDON_SECONDS} s")
        return Problem("internal-error", path, f"{who} crashed: its process died")


def _found(rule: Rule, check: Any, scope: Scope) -> Iterator[Finding]:
    for hit in check(scope):
        yield finding_of(rule, hit, _place(hit, scope), scope.addon.name)


def _place(hit: Hit, scope: Scope) -> Location:
    """Where an index rule reports: at a location, else at the top of the manifest."""
    return hit.where if isinstance(hit.where, Location) else Location(scope.addon.manifest.path, FIRST_LINE)
