"""Turns findings into minutes, and minutes into density, ratio, grade and score.

All sums are of integer minutes per finding, so every way of adding them up gives the same total. The
model is versioned; a report names the version it was made with.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import msgspec

from odoo_debt_lint.finding import Confidence, Finding, Severity
from odoo_debt_lint.rule import Block, Rule, series_number

MODEL_VERSION = "2"
MINUTES_PER_LINE = 5.0
"""Calibrated: tests/benchmarks/calibration.csv and docs/calibration.md."""
REVIEW_MINUTES = 1
"""What a safely fixable finding costs: a look at the diff."""
MIN_LOC = 100
GRADES = (("A", 0.05), ("B", 0.10), ("C", 0.20), ("D", 0.50))
BANDS = {"A": (90, 100), "B": (80, 89), "C": (65, 79), "D": (35, 64), "E": (0, 34)}
"""The scores of each grade, both ends inclusive."""
UNCHARGED = frozenset({"internal-error"})
"""Rules whose findings are no fault of the addon."""
EFFORT_PER_ADDON = 30
TEST_FACTOR = 1.4


class Debt(msgspec.Struct, frozen=True):
    """Debt of an addon or of the whole: ``minutes``, lines of code, and what follows from them.

    ``ahead`` are those of the minutes which only the target of a migration makes necessary: work, but no
    flaw of today, so that density, ratio, grade and score are the same whatever the target."""

    minutes: int
    loc: int
    findings: int
    worst: Severity | None = None
    worst_security: Severity | None = None
    minutes_per_line: float = MINUTES_PER_LINE
    ahead: int = 0

    @property
    def today(self) -> int:
        """Minutes that are needed without any migration."""
        return self.minutes - self.ahead

    @property
    def density(self) -> float:
        """Minutes per 100 lines."""
        return self.today / max(self.loc, MIN_LOC) * 100

    @property
    def ratio(self) -> float:
        """Debt over the cost of writing the code, 0 to …"""
        return self.today / (max(self.loc, MIN_LOC) * self.minutes_per_line)

    @property
    def _cap(self) -> str:
        if self.worst is Severity.CRITICAL:
            return "D"
        return "C" if self.worst_security is not None and self.worst_security >= Severity.HIGH else "A"

    @property
    def grade(self) -> str:
        """A to E; a critical finding caps at D, a high security finding at C."""
        by_ratio = next((grade for grade, limit in GRADES if self.ratio <= limit), "E")
        return max(by_ratio, self._cap)

    @property
    def score(self) -> int:
        """0 to 100, falling with the ratio, always within the band of the grade: what a cap cuts off is
        spread over the band, so that addons of one grade can still be ordered."""
        points = _points(self.ratio)
        low, high = BANDS[self._cap]
        if points > low:
            points = low + (points - low) * (high - low) / (100 - low)
        return math.floor(points + 1e-9)

    @property
    def hours(self) -> float:
        return self.minutes / 60


_CURVE = ((0.0, 100.0), (0.05, 90.0), (0.10, 80.0), (0.20, 65.0), (0.50, 35.0), (2.0, 0.0))


def _points(ratio: float) -> float:
    for (left, high), (right, low) in zip(_CURVE, _CURVE[1:], strict=False):
        if ratio <= right:
            return high - (high - low) * (ratio - left) / (right - left)
    return 0.0


def counts(finding: Finding, asked: Confidence = Confidence.MEDIUM) -> bool:
    """Whether a finding is debt: neither accepted, nor below the confidence asked for, nor our own fault."""
    return not finding.suppressed and finding.confidence >= asked and finding.rule not in UNCHARGED


def with_minutes(
    findings: Iterable[Finding],
    rules: Mapping[str, Rule],
    asked: Confidence = Confidence.MEDIUM,
    addon_of: Callable[[Finding], str] = lambda finding: finding.addon,
) -> list[Finding]:
    """The findings with the minutes they cost: 0 for what is no debt, the rule's offset on the first one
    of an addon, one review minute where a safe fix exists. Expects the findings in their final order;
    ``addon_of`` tells addons apart that have the same name."""
    seen: set[tuple[str, str]] = set()
    result: list[Finding] = []
    for finding in findings:
        minutes = 0
        if counts(finding, asked):
            rule = rules.get(finding.rule)
            minutes = REVIEW_MINUTES if finding.fix is not None and finding.fix.safe else finding.minutes
            key = (addon_of(finding), finding.rule)
            if rule is not None and key not in seen:
                minutes += rule.offset
            seen.add(key)
        result.append(msgspec.structs.replace(finding, minutes=minutes))
    return result


class Tally:
    """Findings which come and go one by one, and their debt at any moment: a plan with hundreds of steps asks
    for it after each. ``series_of`` says of which series the addon of a finding is; without it nothing is
    ahead."""

    def __init__(self, rules: Mapping[str, Rule], series_of: Callable[[Finding], str] | None = None) -> None:
        self.rules, self.series_of = rules, series_of
        self.minutes = self.findings = self.ahead = 0
        self.severities: Counter[Severity] = Counter()
        self.security: Counter[Severity] = Counter()

    def count(self, finding: Finding, sign: int = 1) -> None:
        """A finding that comes, or goes with the sign -1."""
        rule = self.rules.get(finding.rule)
        self.findings += sign
        self.minutes += sign * finding.minutes
        if rule and rule.family == "migration" and self.series_of and is_ahead(rule, self.series_of(finding)):
            self.ahead += sign * finding.minutes
            return
        self.severities[finding.severity] += sign
        if rule and rule.block is Block.SECURITY:
            self.security[finding.severity] += sign

    def debt(self, loc: int, minutes_per_line: float) -> Debt:
        worst, security = (
            max((severity for severity, number in count.items() if number), default=None)
            for count in (self.severities, self.security)
        )
        return Debt(self.minutes, loc, self.findings, worst, security, minutes_per_line, self.ahead)


def debt_of(
    findings: Iterable[Finding],
    loc: int,
    rules: Mapping[str, Rule],
    minutes_per_line: float = MINUTES_PER_LINE,
    series_of: Callable[[Finding], str] | None = None,
) -> Debt:
    """The debt of findings which count and have their minutes."""
    tally = Tally(rules, series_of)
    for finding in findings:
        tally.count(finding)
    return tally.debt(loc, minutes_per_line)


def is_ahead(rule: Rule | None, series: str) -> bool:
    """Whether what a rule finds in an addon of the series is no flaw before the addon is migrated."""
    if rule is None or rule.family != "migration":
        return False
    if rule.fact is None:
        return True
    return bool(series) and series_number(rule.fact.series) > series_number(series)


def effort_range(minutes: int, addons: int) -> tuple[float, float, float]:
    """Hours expected, at best and at worst, to pay the debt with tests."""
    hours = (minutes + EFFORT_PER_ADDON * addons) * TEST_FACTOR / 60
    return hours, hours * 0.5, hours * 2


def merged(debts: Iterable[Debt]) -> Debt:
    """The total of several debts."""
    items = list(debts)
    worst = [item.worst for item in items if item.worst is not None]
    security = [item.worst_security for item in items if item.worst_security is not None]
    base = items[0] if items else Debt(0, 0, 0)
    return msgspec.structs.replace(
        base,
        minutes=sum(item.minutes for item in items),
        loc=sum(item.loc for item in items),
        findings=sum(item.findings for item in items),
        ahead=sum(item.ahead for item in items),
        worst=max(worst, default=None),
        worst_security=max(security, default=None),
    )
