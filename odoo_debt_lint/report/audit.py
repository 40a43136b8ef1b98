"""The model of the audit: what the HTML and the Markdown report say, before it is laid out.

An audit orders what a run found by what it means and by what to do first. It adds no judgement of its own to
the findings: every sum in it is one of the minutes of the report's findings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from odoo_debt_lint.finding import Finding, Severity
from odoo_debt_lint.outcome.debt import UNCHARGED
from odoo_debt_lint.report.blocks import blocks_of
from odoo_debt_lint.report.cover import Cover
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.report.parts import (
    HORIZONS,
    Effort,
    Horizon,
    Risk,
    Section,
    Step,
    Topic,
)
from odoo_debt_lint.report.risks import ORDER, Theme, theme_of
from odoo_debt_lint.rule import Block

_URGENT = (Block.SECURITY, Block.BACKUPS)
_MAX_RISKS = 5


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
        return [
            Section(result, tuple(topic for topic in self.topics if topic.block is result.block))
            for result in blocks_of(self.report)
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
        tally, report = self.report.tally(), self.report
        by_horizon: dict[str, list[Finding]] = defaultdict(list)
        for finding in report.findings:
            if finding.rule in UNCHARGED:
                tally.count(finding, -1)
            else:
                by_horizon[self._horizon(finding)].append(finding)
        horizons, number, debt = [], 0, report.debt
        for name in HORIZONS:
            steps = []
            for topic in sorted(self._topics(by_horizon[name]), key=_by_risk_per_hour):
                for finding in topic.findings:
                    tally.count(finding, -1)
                debt = tally.debt(report.debt.loc, report.debt.minutes_per_line)
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

    @cached_property
    def effort(self) -> Effort:
        return Effort(self.report.debt.minutes, sum(1 for addon in self.report.addons if addon.debt.minutes))


def _by_risk_per_hour(topic: Topic) -> tuple[float, str]:
    return (-topic.risk / max(topic.minutes, 1), topic.name)
