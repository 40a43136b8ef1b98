"""The score card of the infrastructure: points out of 100, each of them explained by findings.

An area begins with all of its points. A finding takes a share of them by its severity, and each further one
of the same rule half of what the one before took: ten services without a limit are worse than one, but one
mistake. No area falls below 0. Of what no file says anything is not assessed; the total counts the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from odoo_debt_lint.finding import Finding, Severity
from odoo_debt_lint.infrastructure.areas import AREAS, FAMILY, WHOLE, Area, area_of
from odoo_debt_lint.infrastructure.facts import Infrastructure
from odoo_debt_lint.rule import Rule

SHARES = {Severity.CRITICAL: 50, Severity.HIGH: 25, Severity.MEDIUM: 8, Severity.LOW: 3}
"""Percent of an area's points that the first finding of a rule takes."""


class Deduction(msgspec.Struct, frozen=True):
    """What one finding takes, in hundredths of a point."""

    finding: Finding
    cents: int

    @property
    def points(self) -> float:
        return self.cents / 100


class AreaScore(msgspec.Struct, frozen=True):
    """``files`` are those on which the score rests; ``rules`` is how many rules judged them."""

    area: Area
    files: tuple[str, ...]
    rules: int
    deductions: tuple[Deduction, ...] = ()

    @property
    def assessed(self) -> bool:
        return bool(self.files and self.rules)

    @property
    def cents(self) -> int:
        return self.area.points * 100 - sum(item.cents for item in self.deductions)

    @property
    def points(self) -> float:
        return self.cents / 100


class ScoreCard(msgspec.Struct, frozen=True):
    """``outside`` are findings of areas that are not assessed: they count as debt, but not here."""

    areas: tuple[AreaScore, ...]
    outside: tuple[Finding, ...] = ()

    @property
    def assessed(self) -> tuple[AreaScore, ...]:
        return tuple(area for area in self.areas if area.assessed)

    @property
    def most(self) -> int:
        """The points of the assessed areas."""
        return sum(item.area.points for item in self.assessed)

    @property
    def points(self) -> float:
        return sum(item.cents for item in self.assessed) / 100

    @property
    def score(self) -> int | None:
        """Out of 100, scaled to the assessed areas; 100 only when nothing was taken."""
        return sum(item.cents for item in self.assessed) // self.most if self.most else None


def card_of(facts: Infrastructure, findings: Iterable[Finding], rules: Mapping[str, Rule]) -> ScoreCard:
    """The card; ``findings`` are those of the whole run."""
    judging = Counter(area_of(rule) for rule in rules.values())
    by_area: dict[str, list[Finding]] = {area.key: [] for area in AREAS}
    for finding in findings:
        rule = rules.get(finding.rule)
        if rule is not None and rule.family == FAMILY:
            by_area[area_of(rule)].append(finding)
    areas, outside = [], []
    for area in AREAS:
        files, found = facts.files_of(area), by_area[area.key]
        if files and judging[area.key]:
            areas.append(AreaScore(area, files, judging[area.key], _deductions(area, found)))
        else:
            areas.append(AreaScore(area, files, judging[area.key]))
            outside += found
    return ScoreCard(tuple(areas), tuple(outside))


def _deductions(area: Area, findings: Iterable[Finding]) -> tuple[Deduction, ...]:
    """The worst first; what is left when the points are used up takes nothing more."""
    left, seen, taken = area.points * 100, Counter[str](), []
    for finding in sorted(findings, key=lambda item: (item.rule not in WHOLE, -item.severity, item.sort_key)):
        share = 100 if finding.rule in WHOLE else SHARES[finding.severity]
        cents = min(area.points * share >> seen[finding.rule], left)
        seen[finding.rule] += 1
        left -= cents
        taken.append(Deduction(finding, cents))
    return tuple(taken)
