"""The model of the audit: what the HTML and the Markdown report say, before it is laid out.

An audit orders what a run found by what it means and by what to do first. It adds no judgement of its own to
the findings: every sum in it is one of the minutes of the report's findings.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from odoo_debt_lint.debt import EFFORT_PER_ADDON, TEST_FACTOR, Debt, effort_range
from odoo_debt_lint.finding import Finding, Severity
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.report.risks import ORDER, Theme, theme_of
from odoo_debt_lint.rule import Block, Rule

BLOCKS = (
    Block.SECURITY,
    Block.BACKUPS,
    Block.PERFORMANCE,
    Block.CODE,
    Block.INFRASTRUCTURE,
    Block.OBSERVABILITY,
    Block.MIGRATION,
)
HORIZONS = ("now", "next", "medium")
RISK = {Severity.LOW: 1, Severity.MEDIUM: 3, Severity.HIGH: 9, Severity.CRITICAL: 27}
"""Risk points of a finding; each severity is three times the one below."""
_URGENT = (Block.SECURITY, Block.BACKUPS)
_MAX_RISKS = 5


@dataclass(frozen=True, slots=True)
class Cover:
    """What the one who hands out the report says on its cover; ``day`` is empty for equal bytes every day."""

    title: str = ""
    client: str = ""
    hourly_rate: float | None = None
    currency: str = "EUR"
    lang: str = "en"
    day: str = ""


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
        return _most(Counter(finding.addon for finding in self.findings))


@dataclass(frozen=True, slots=True)
class Section:
    """A block of the report; ``rules`` is how many rules of the block took part in the run."""

    block: Block
    topics: tuple[Topic, ...]
    rules: int

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
        return _most(Counter(finding.addon for finding in self.findings))


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


@dataclass(frozen=True, slots=True)
class Accepted:
    """Findings of a rule that comments in the code accept."""

    rule: str
    count: int
    minutes: int
    reasons: list[tuple[str, int]]


def risk_of(findings: Iterable[Finding]) -> int:
    return sum(RISK[finding.severity] for finding in findings)


def severities(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Findings of each severity, the worst first."""
    count = Counter(finding.severity for finding in findings)
    return {severity: count[severity] for severity in sorted(Severity, reverse=True)}


def with_tests(minutes: int) -> float:
    """Hours for minutes of debt, tests included."""
    return minutes * TEST_FACTOR / 60


def _most(count: Counter[str]) -> list[tuple[str, int]]:
    return sorted(count.items(), key=lambda item: (-item[1], item[0]))


def _worst_first(finding: Finding) -> tuple[int, int, object]:
    return (-finding.severity, -finding.confidence, finding.sort_key)


class Audit:
    """What the writers lay out."""

    def __init__(self, report: Report, cover: Cover | None = None) -> None:
        self.report = report
        self.cover = cover or Cover()

    @cached_property
    def topics(self) -> list[Topic]:
        """All rules that found something, most risk first."""
        return self._topics(self.report.findings)

    def _topics(self, findings: Iterable[Finding]) -> list[Topic]:
        by_rule: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            by_rule[finding.rule].append(finding)
        topics = (
            Topic(name, self.report.rules.get(name), tuple(sorted(items, key=_worst_first)))
            for name, items in by_rule.items()
        )
        return sorted(topics, key=lambda topic: (-topic.worst, -topic.risk, topic.name))

    @cached_property
    def sections(self) -> list[Section]:
        """All blocks, those without findings too: that nothing was found is a result."""
        ran = Counter(rule.block for rule in self.report.rules.values())
        return [
            Section(block, tuple(topic for topic in self.topics if topic.block is block), ran[block])
            for block in BLOCKS
        ]

    @cached_property
    def risks(self) -> list[Risk]:
        """The gravest dangers, at most five; only what is high or critical is one."""
        found: dict[Theme, list[Finding]] = defaultdict(list)
        for topic in self.topics:
            for finding in topic.findings:
                if finding.severity >= Severity.HIGH:
                    found[theme_of(topic.name, topic.block)].append(finding)
        risks = [Risk(theme, tuple(items)) for theme, items in found.items()]
        risks.sort(key=lambda risk: (-risk.worst, ORDER.index(risk.theme)))
        return risks[:_MAX_RISKS]

    @cached_property
    def plan(self) -> list[Horizon]:
        """The three horizons; inside of each the steps that remove most risk per hour come first."""
        left = list(self.report.findings)
        horizons, number = [], 0
        debt = self.report.debt
        for name in HORIZONS:
            steps = []
            mine = [finding for finding in left if self._horizon(finding) == name]
            for topic in sorted(self._topics(mine), key=_by_risk_per_hour):
                done = set(map(id, topic.findings))
                left = [finding for finding in left if id(finding) not in done]
                debt = self._debt_with(left)
                number += 1
                steps.append(Step(number, name, topic, debt))
            horizons.append(Horizon(name, tuple(steps), debt))
        return horizons

    def _horizon(self, finding: Finding) -> str:
        rule = self.report.rules.get(finding.rule)
        urgent = rule is not None and rule.block in _URGENT
        if finding.severity is Severity.CRITICAL or (urgent and finding.severity is Severity.HIGH):
            return "now"
        if finding.severity is Severity.HIGH or (urgent and finding.severity is Severity.MEDIUM):
            return "next"
        return "medium"

    def _debt_with(self, findings: Sequence[Finding]) -> Debt:
        """The debt of the whole when only these findings are left."""
        rules = self.report.rules
        security = [
            finding.severity
            for finding in findings
            if finding.rule in rules and rules[finding.rule].block is Block.SECURITY
        ]
        return replace(
            self.report.debt,
            minutes=sum(finding.minutes for finding in findings),
            findings=len(findings),
            worst=max((finding.severity for finding in findings), default=None),
            worst_security=max(security, default=None),
        )

    @cached_property
    def effort(self) -> Effort:
        return Effort(self.report.debt.minutes, sum(1 for addon in self.report.addons if addon.debt.minutes))

    @cached_property
    def accepted(self) -> list[Accepted]:
        """Findings accepted by comments, by rule, most minutes first."""
        rows = []
        for topic in self._topics(self.report.suppressed):
            reasons = Counter(finding.suppressed.strip(" -") for finding in topic.findings)
            rows.append(Accepted(topic.name, len(topic.findings), topic.minutes, _most(reasons)))
        return sorted(rows, key=lambda row: (-row.minutes, -row.count, row.rule))


def _by_risk_per_hour(topic: Topic) -> tuple[float, str]:
    return (-topic.risk / max(topic.minutes, 1), topic.name)
