"""The audit as GitHub-flavoured Markdown: for a wiki, a pull request or a job summary.

It says what the HTML report says, in less room: a few findings of each rule, the others counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from odoo_debt_lint.finding import Finding, Severity
from odoo_debt_lint.report import infrastructure, porting
from odoo_debt_lint.report.audit import Audit
from odoo_debt_lint.report.cover import Cover
from odoo_debt_lint.report.evidence import masked
from odoo_debt_lint.report.figures import PLAN_NOTE
from odoo_debt_lint.report.gfm import code, plain, prose
from odoo_debt_lint.report.markdown_back import Appendices
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.report.parts import Section, Topic
from odoo_debt_lint.report.prose import chapter, pieces, words
from odoo_debt_lint.report.readiness import Readiness

LISTED = 5
"""Findings of one rule that are listed one by one; GitHub shows a megabyte of Markdown at most."""


def as_markdown(report: Report, cover: Cover | None = None) -> str:
    """The audit as Markdown; equal input gives equal bytes."""
    audit = Audit(report, cover)
    writer = _Writer(audit)
    parts = (
        writer.head(),
        writer.summary(),
        writer.plan(),
        writer.effort(),
        writer.metrics(),
        writer.findings(),
        infrastructure.markdown_lines(report, writer.show),
        porting.markdown_lines(report, writer.show),
        writer.addons(),
        writer.inventory(),
        writer.accepted(),
        writer.unchecked(),
        writer.rules(),
    )
    return "\n".join(line for part in parts for line in part) + "\n"


class _Writer(Appendices):
    """The chapters, in the order of the HTML report."""

    def head(self) -> Iterator[str]:
        yield f"# {plain(self.cover.title or self.text('Audit of the Odoo addons'))}"
        yield ""
        parts = [self.cover.client, self.cover.day]
        addons = sum(1 for addon in self.report.addons if addon.name)
        parts += [self.show.counted(addons, "addon"), self.show.counted(self.report.debt.loc, "line of code")]
        yield ", ".join(plain(part) for part in parts if part)
        yield ""

    def summary(self) -> Iterator[str]:
        report, show = self.report, self.show
        expected, low, high = self.audit.effort.range
        yield f"## {self.text('Executive summary')}"
        yield ""
        if not report.partial:
            grade = self.text("Grade {grade}", grade=self._mark(report.debt))
            yield f"- **{grade}**: {self.text(show.grades[report.debt.grade])}"
        ends = [f"{show.hours(value)}{self._price(value)}" for value in (low, high)]
        between = self.text("between {low} and {high}", low=ends[0], high=ends[1])
        price = self._price(expected)
        yield f"- **{show.hours(expected)}**{price} {self.text('to mend it all, with tests')} ({between})"
        parts = ", ".join(
            f"{show.number(count)} {self.text(severity.label)}"
            for severity, count in report.by_severity.items()
        )
        yield f"- **{show.counted(len(report.findings), 'finding')}**: {parts}"
        if report.compared is not None:
            new, gone = show.number(len(report.new)), show.number(report.compared.gone)
            known = "{new} new since the baseline, {gone} no longer found"
            yield f"- {self.text(known, new=new, gone=gone)}"
        if report.readiness:
            yield f"- {self._ready(report.readiness)}"
        yield ""
        yield from self._risks()

    def _ready(self, ready: Readiness) -> str:
        number = self.show.number
        text = self.text(
            "{ready} of {addons} ready, {blocked} blocked",
            ready=number(ready.ready),
            addons=self.show.counted(ready.addons, "addon"),
            blocked=number(ready.blocked),
        )
        hours = f", {self.show.hours(ready.hours)}" if ready.hours else ""
        series = self.text("for Odoo {series}", series=plain(ready.target))
        return f"**{self.text(ready.state)}** {series}: {text}{hours}"

    def _risks(self) -> Iterator[str]:
        title = "What is at stake" if self.audit.risks else "No critical risk was found"
        yield f"### {self.text(title)}"
        yield ""
        for number, risk in enumerate(self.audit.risks, 1):
            theme = risk.theme
            severity = self.text(risk.worst.label)
            yield f"{number}. **{self.text(theme.title)}** ({severity}). {self.text(theme.meaning)}"
            yield f"   **{self.text('What to do:')}** {self.text(theme.action)}"
            places = self.show.counted(len(risk.findings), "place")
            addons = self.show.counted(len(risk.addons), "addon")
            known = self.text(
                "{places} of high or critical severity in {addons}", places=places, addons=addons
            )
            yield f"   ({known})"
        yield ""

    def plan(self) -> Iterator[str]:
        yield f"## {self.text('Action plan')}"
        yield ""
        yield self.text(
            PLAN_NOTE,
            opening=self.show.hours(self.audit.effort.opening * 1.4),
            addons=self.show.counted(self.audit.effort.addons, "addon"),
        )
        yield ""
        for horizon in self.audit.plan:
            if not horizon.steps:
                continue
            name = self.text(self.show.horizons[horizon.name][0])
            yield f"### {name}: {self.show.hours(horizon.hours)}{self._price(horizon.hours)}"
            yield ""
            rows = (
                (
                    str(step.number),
                    f"{prose(words(step.topic.summary))} ({code(step.topic.name)})",
                    self.text(step.topic.worst.label),
                    str(len(step.topic.findings)),
                    self.show.hours(step.hours),
                    self._mark(step.after),
                )
                for step in horizon.steps
            )
            yield from self._table("# Work Severity Places Hours Score_after", rows, (0, 3, 4))

    def effort(self) -> Iterator[str]:
        effort = self.audit.effort
        expected, low, high = effort.range
        findings = self.show.counted(len(self.report.findings), "finding")
        addons = self.show.counted(effort.addons, "addon")
        rows = (
            (self.text("Repair of {findings}", findings=findings), effort.repair),
            (
                self.text("Opening, installing and releasing {addons}, half an hour each", addons=addons),
                effort.opening,
            ),
            (self.text("Tests, 40 % on top"), effort.tests),
            (f"**{self.text('Expected')}**", expected),
            (self.text("At best, when the team knows the code well"), low),
            (self.text("At worst, when it does not"), high),
        )
        yield f"## {self.text('Effort')}"
        yield ""
        titles = "Part Hours Price" if self.show.priced else "Part Hours"
        lines = (
            [name, self.show.number(hours, 1), *([plain(self.show.money(hours))] if self.show.priced else [])]
            for name, hours in rows
        )
        yield from self._table(titles, lines, (1, 2))
        yield from self._matrix()

    def _matrix(self) -> Iterator[str]:
        names = [severity.label for severity in sorted(Severity, reverse=True)]
        rows = [
            [
                self.text(self.show.blocks[section.block.value][0]),
                *(self.show.number(count) for count in section.by_severity.values()),
                self.show.minutes(section.minutes),
                self._mark(section.debt) if section.result.judged else "–",
            ]
            for section in self.audit.sections
        ]
        counts = (f"**{self.show.number(count)}**" for count in self.report.by_severity.values())
        debt = self.report.debt
        total = f"**{self.show.minutes(debt.minutes)}**"
        rows.append([f"**{self.text('All')}**", *counts, total, self._mark(debt)])
        yield from self._table(" ".join(["Block", *names, "Repair", "Score"]), rows, range(1, 7))

    def findings(self) -> Iterator[str]:
        yield f"## {self.text('Findings')}"
        yield ""
        for section in self.audit.sections:
            yield f"### {self.text(self.show.blocks[section.block.value][0])}"
            yield ""
            yield from self._section(section)

    def _section(self, section: Section) -> Iterator[str]:
        if not section.topics:
            nothing = self.text("Rules that found nothing: {number}", number=section.rules)
            yield nothing if section.rules else self._not_run(section)
            yield ""
        for topic in section.topics:
            yield from self._topic(topic)

    def _topic(self, topic: Topic) -> Iterator[str]:
        count = self.show.counted(len(topic.findings), "finding")
        yield f"#### {prose(words(topic.summary))}"
        yield ""
        severity, cost = self.text(topic.worst.label), self.show.minutes(topic.minutes)
        yield f"{code(topic.name)}: {severity}, {count}, {cost}"
        yield ""
        for piece in pieces(chapter(topic.rule, "How to fix")):
            if piece.kind == "pre":
                yield from ("```", piece.words[0].text, "```", "")
            else:
                yield ("- " if piece.kind == "li" else "") + prose(piece.words)
                yield ""
        for finding in topic.findings[:LISTED]:
            yield from self._finding(finding)
        more = Counter(finding.addon for finding in topic.findings[LISTED:])
        if more:
            few = ", ".join(f"{plain(name) or '?'} {number}" for name, number in more.most_common(8))
            total = self.text("and {number} more", number=sum(more.values()))
            yield f"- {total} ({few}{', …' if len(more) > 8 else ''})"
        yield ""

    def _finding(self, finding: Finding) -> Iterator[str]:
        place = f"{finding.location.path}:{finding.location.span.start_line}"
        severity, message = self.text(finding.severity.label), prose(words(masked(finding.message)))
        if self.report.compared is not None and not self.report.is_known(finding):
            severity += f", {self.text('new')}"
        yield f"- **{severity}** {code(place)}: {message} ({self.show.minutes(finding.minutes)})"
        lines = self.evidence.lines(finding)
        if lines:
            yield f"  <br>{code(lines[0].text)}"
