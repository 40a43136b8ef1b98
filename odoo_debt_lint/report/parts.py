"""What an audit consists of: plain data and sums over findings. ``audit.py`` puts it together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from odoo_debt_lint.finding import Finding, Severity
from odoo_debt_lint.outcome.debt import EFFORT_PER_ADDON, TEST_FACTOR, Debt, effort_range
from odoo_debt_lint.report.blocks import BlockReport
from odoo_debt_lint.report.risks import Theme
from odoo_debt_lint.rule import Block, Rule

HORIZONS = ("now", "next", "medium")
RISK = {Severity.LOW: 1, Severity.MEDIUM: 3, Severity.HIGH: 9, Severity.CRITICAL: 27}
"""Risk points of a finding; each severity is three times the one below."""


@dataclass(frozen=True, slots=True)
class Topic:
    """All findings of one rule, the worst first."""

    name: str
    rule: Rule | None
    findings: tuple[Finding, ...]

    @property
    def block(self) -> Block:
        return self.rule.block if self.rule else Block.CODE

    @property
    def summary(self) -> str:
        return self.rule.summary if self.rule else self.name

    @property
    def worst(self) -> Severity:
        return max(finding.severity for finding in self.findings)

    @property
    def minutes(self) -> int:
        return sum(finding.minutes for finding in self.findings)

    @property
    def risk(self) -> int:
        return risk_of(self.findings)

    @property
    def addons(self) -> list[tuple[str, int]]:
        """Addons by number of findings."""
        return most_first(Counter(finding.addon for finding in self.findings))


@dataclass(frozen=True, slots=True)
class Section:
    """A block of the report with what was found in it."""

    result: BlockReport
    topics: tuple[Topic, ...]

    @property
    def block(self) -> Block:
        return self.result.block

    @property
    def debt(self) -> Debt:
        return self.result.debt

    @property
    def rules(self) -> int:
        """How many of its rules had something to judge."""
        return self.result.rules

    @property
    def without_files(self) -> bool:
        return self.result.without_files

    @property
    def findings(self) -> list[Finding]:
        return [finding for topic in self.topics for finding in topic.findings]

    @property
    def minutes(self) -> int:
        return sum(topic.minutes for topic in self.topics)

    @property
    def by_severity(self) -> dict[Severity, int]:
        return severities(self.findings)


@dataclass(frozen=True, slots=True)
class Risk:
    """A danger in words that need no technical knowledge, with what it rests on."""

    theme: Theme
    findings: tuple[Finding, ...]

    @property
    def worst(self) -> Severity:
        return max(finding.severity for finding in self.findings)

    @property
    def addons(self) -> list[tuple[str, int]]:
        return most_first(Counter(finding.addon for finding in self.findings))


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of work: the findings of a rule that belong to one horizon. ``after`` is the debt once this
    step and all before it are done."""

    number: int
    horizon: str
    topic: Topic
    after: Debt

    @property
    def hours(self) -> float:
        """With tests, without what each addon costs on top."""
        return with_tests(self.topic.minutes)


@dataclass(frozen=True, slots=True)
class Horizon:
    """The steps of one stretch of time."""

    name: str
    steps: tuple[Step, ...]
    after: Debt

    @property
    def minutes(self) -> int:
        return sum(step.topic.minutes for step in self.steps)

    @property
    def findings(self) -> int:
        return sum(len(step.topic.findings) for step in self.steps)

    @property
    def hours(self) -> float:
        return with_tests(self.minutes)


@dataclass(frozen=True, slots=True)
class Effort:
    """From the bare minutes of debt to hours with a range; the parts add up to ``expected``."""

    minutes: int
    addons: int

    @property
    def repair(self) -> float:
        return self.minutes / 60

    @property
    def opening(self) -> float:
        """To get into each addon, to install and to release it."""
        return EFFORT_PER_ADDON * self.addons / 60

    @property
    def tests(self) -> float:
        return (self.repair + self.opening) * (TEST_FACTOR - 1)

    @property
    def range(self) -> tuple[float, float, float]:
        """Expected, low and high."""
        return effort_range(self.minutes, self.addons)


def risk_of(findings: Iterable[Finding]) -> int:
    return sum(RISK[finding.severity] for finding in findings)


def severities(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Findings of each severity, the worst first."""
    count = Counter(finding.severity for finding in findings)
    return {severity: count[severity] for severity in sorted(Severity, reverse=True)}


def with_tests(minutes: int) -> float:
    """Hours for minutes of debt, tests included."""
    return minutes * TEST_FACTOR / 60


def most_first(count: Counter[str]) -> list[tuple[str, int]]:
    return sorted(count.items(), key=lambda item: (-item[1], item[0]))
