"""The audit as one HTML file which needs nothing else: no network, no fonts, no libraries.

Every text that comes from the linted code goes through the template engine's escaping.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cached_property
from html import escape
from itertools import accumulate
from typing import Any

from odoo_debt_lint import __version__
from odoo_debt_lint.finding import Finding, Severity
from odoo_debt_lint.inventory.render import day
from odoo_debt_lint.outcome.debt import MODEL_VERSION
from odoo_debt_lint.report import infrastructure, svg
from odoo_debt_lint.report.audit import Audit
from odoo_debt_lint.report.cover import Cover
from odoo_debt_lint.report.evidence import Evidence, Line, masked
from odoo_debt_lint.report.figures import Figures
from odoo_debt_lint.report.metrics import Metric, metrics_of
from odoo_debt_lint.report.model import AddonReport, Report
from odoo_debt_lint.report.pages import policy, rendered
from odoo_debt_lint.report.parts import Topic
from odoo_debt_lint.report.prose import chapter, pieces, words

ROOM = 13_000_000
"""Bytes that findings listed one by one may take, so that the page stays below 15 MB: about 20,000 of them.
What is more is counted by addon."""
LEAST = 5
"""Findings that the page lists of one rule in any case."""
PRINTED = 8
"""Findings of one rule that go to paper (the style sheet has the same number)."""


def as_html(report: Report, cover: Cover | None = None) -> str:
    """The audit as a page; equal input gives equal bytes."""
    page = Page(Audit(report, cover))
    return rendered("report.html.j2", page, page.show.text)


class Page:
    """What the template asks for."""

    version, model_version, printed = __version__, MODEL_VERSION, PRINTED
    severities = sorted(Severity, reverse=True)
    pieces: Callable[..., Any] = staticmethod(pieces)
    words: Callable[..., Any] = staticmethod(words)
    chapter: Callable[..., Any] = staticmethod(chapter)
    masked: Callable[..., Any] = staticmethod(masked)
    day: Callable[..., Any] = staticmethod(day)

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        self.report = audit.report
        self.cover = audit.cover
        self.show = Figures(audit.cover)
        self.evidence = Evidence(audit.report)
        self._excerpts: dict[int, list[Line]] = {}
        self.policy = policy("report.js", "tables.js")

    @cached_property
    def _cap(self) -> int:
        """The most findings a rule may list so that the page stays within its size."""
        sums = [list(accumulate(map(self._size, topic.findings))) for topic in self.audit.topics]
        low, high = LEAST, max(map(len, sums), default=LEAST)
        while low < high:
            middle = (low + high + 1) // 2
            room = sum(rule[min(middle, len(rule)) - 1] for rule in sums)
            low, high = (middle, high) if room <= ROOM else (low, middle - 1)
        return low

    def _size(self, finding: Finding) -> int:
        """The bytes that a finding takes on the page, about."""
        places = (*finding.flow[:4], *finding.related[:3])
        lines = () if self.is_secret(finding) else self.excerpt(finding)
        texts = [finding.location.path, finding.message, finding.addon, *(line.text for line in lines)]
        texts += [place.label[:160] for place in places]
        texts += [place.path for place in places if place.path != finding.location.path]
        written = escape("".join(texts)).encode("utf-8", "replace")
        return 215 + len(written) + 30 * len(lines) + 42 * len(places)

    def listed(self, topic: Topic) -> tuple[Finding, ...]:
        """The findings of a rule that are shown one by one, the worst first."""
        return topic.findings[: self._cap]

    def unlisted(self, topic: Topic) -> list[tuple[str, int]]:
        """How many more findings there are, by addon."""
        more = Counter(finding.addon for finding in topic.findings[self._cap :])
        return sorted(more.items(), key=lambda item: (-item[1], item[0]))

    def excerpt(self, finding: Finding) -> list[Line]:
        if id(finding) not in self._excerpts:
            self._excerpts[id(finding)] = self.evidence.lines(finding)
        return self._excerpts[id(finding)]

    def is_secret(self, finding: Finding) -> bool:
        return self.report.tells_secret(finding.rule)

    def is_new(self, finding: Finding) -> bool:
        """Whether a baseline was given that does not have the finding."""
        return self.report.compared is not None and not self.report.is_known(finding)

    @cached_property
    def dial(self) -> svg.Dial:
        return svg.dial(self.report.debt.score)

    @cached_property
    def infrastructure(self) -> infrastructure.View:
        return infrastructure.View(self.report, self.show)

    @cached_property
    def metrics(self) -> list[Metric]:
        return metrics_of(self.report)

    @cached_property
    def trend(self) -> svg.Trend | None:
        """The course of the debt; none for a single run."""
        runs = [
            svg.Run(point.debt_minutes / 60, point.grade, (point.date or "")[:10])
            for point in self.report.history[-svg.RUNS :]
        ]
        return svg.trend(runs) if len(runs) > 1 else None

    @cached_property
    def addons(self) -> list[AddonReport]:
        """Most debt first."""
        return sorted(self.report.addons, key=lambda addon: (-addon.debt.minutes, addon.name, addon.path))

    def title_of(self, addon: AddonReport) -> str:
        return self.report.title_of(addon) or self.show.text("files beside the addons")

    @cached_property
    def treemap(self) -> list[tuple[svg.Box, AddonReport]]:
        """The boxes of the addons with debt."""
        by_title = {self.title_of(addon): addon for addon in self.report.addons}
        boxes = svg.treemap([(title, addon.debt.minutes) for title, addon in by_title.items()])
        return [(box, by_title[box.name]) for box in boxes]

    @cached_property
    def families(self) -> list[tuple[str, int, int, float]]:
        """(family, findings, minutes, part of the greatest)."""
        most = max((minutes for _, _, minutes in self.report.by_family), default=0) or 1
        return [(name, count, minutes, minutes / most) for name, count, minutes in self.report.by_family]

    @cached_property
    def addon_names(self) -> list[str]:
        return sorted({finding.addon for finding in self.report.findings if finding.addon})

    @cached_property
    def silent_rules(self) -> list[str]:
        """Rules that took part and found nothing."""
        found = {topic.name for topic in self.audit.topics}
        return sorted(set(self.report.rules) - found)

    @cached_property
    def grave(self) -> list[int]:
        """Critical and high findings: those that do harm as the system is. What only the series of a
        migration will break is told by the readiness."""
        count = Counter(item.severity for item in self.report.findings if not self.report.is_ahead(item))
        return [count[Severity.CRITICAL], count[Severity.HIGH]]
