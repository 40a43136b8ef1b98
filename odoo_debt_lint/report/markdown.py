"""The audit as GitHub-flavoured Markdown: for a wiki, a pull request or a job summary.

It says what the HTML report says, in less room: a few findings of each rule, the others counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from odoo_debt_lint import __version__
from odoo_debt_lint.debt import MODEL_VERSION, Debt
from odoo_debt_lint.finding import Finding, Severity
from odoo_debt_lint.inventory.render import day
from odoo_debt_lint.report.audit import Audit
from odoo_debt_lint.report.evidence import Evidence, masked
from odoo_debt_lint.report.figures import Figures
from odoo_debt_lint.report.gfm import code, plain, prose, table
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.report.parts import Cover, Section, Topic
from odoo_debt_lint.report.prose import chapter, pieces, words

LISTED = 5
"""Findings of one rule that are listed one by one; GitHub shows a megabyte of Markdown at most."""
_ADDONS = 100
_PROBLEMS = 50


def as_markdown(report: Report, cover: Cover | None = None) -> str:
    """The audit as Markdown; equal input gives equal bytes."""
    audit = Audit(report, cover)
    writer = _Writer(audit)
    parts = (
        writer.head(),
        writer.summary(),
        writer.plan(),
        writer.effort(),
        writer.findings(),
        writer.addons(),
        writer.inventory(),
        writer.accepted(),
        writer.unchecked(),
        writer.rules(),
    )
    return "\n".join(line for part in parts for line in part) + "\n"


class _Writer:
    """The chapters, in the order of the HTML report."""

    def __init__(self, audit: Audit) -> None:
        self.audit, self.report, self.cover = audit, audit.report, audit.cover
        self.show = Figures(audit.cover)
        self.evidence = Evidence(audit.report)

    def _mark(self, debt: Debt) -> str:
        return "" if self.report.partial else f"{debt.grade} ({debt.score}/100)"

    def _price(self, hours: float) -> str:
        return f", {plain(self.show.money(hours))}" if self.show.priced else ""

    def head(self) -> Iterator[str]:
        yield f"# {plain(self.cover.title or 'Audit of the Odoo addons')}"
        yield ""
        parts = [self.cover.client, self.cover.day]
        addons = sum(1 for addon in self.report.addons if addon.name)
        parts += [self.show.counted(addons, "addon"), self.show.counted(self.report.debt.loc, "line of code")]
        yield ", ".join(plain(part) for part in parts if part).replace("line of codes", "lines of code")
        yield ""

    def summary(self) -> Iterator[str]:
        report, show = self.report, self.show
        expected, low, high = self.audit.effort.range
        yield "## Executive summary"
        yield ""
        if not report.partial:
            yield f"- **Grade {self._mark(report.debt)}**: {show.grades[report.debt.grade]}"
        yield (
            f"- **{show.hours(expected)}**{self._price(expected)} to mend it all, with tests "
            f"(between {show.hours(low)}{self._price(low)} and {show.hours(high)}{self._price(high)})"
        )
        parts = ", ".join(f"{count:,} {severity.label}" for severity, count in report.by_severity.items())
        yield f"- **{show.counted(len(report.findings), 'finding')}**: {parts}"
        yield ""
        yield from self._risks()

    def _risks(self) -> Iterator[str]:
        yield "### What is at stake" if self.audit.risks else "### No critical risk was found"
        yield ""
        for number, risk in enumerate(self.audit.risks, 1):
            places = self.show.counted(len(risk.findings), "place")
            yield f"{number}. **{risk.theme.title}** ({risk.worst.label}). {risk.theme.meaning}"
            yield f"   **What to do:** {risk.theme.action}"
            yield f"   ({places} in {self.show.counted(len(risk.addons), 'addon')})"
        yield ""

    def plan(self) -> Iterator[str]:
        yield "## Action plan"
        yield ""
        yield "In each horizon the work that removes most risk per hour comes first. Hours include tests."
        yield ""
        for horizon in self.audit.plan:
            if not horizon.steps:
                continue
            name = self.show.horizons[horizon.name][0]
            yield f"### {name}: {self.show.hours(horizon.hours)}{self._price(horizon.hours)}"
            yield ""
            rows = (
                (
                    str(step.number),
                    f"{prose(words(step.topic.summary))} ({code(step.topic.name)})",
                    step.topic.worst.label,
                    str(len(step.topic.findings)),
                    self.show.hours(step.hours),
                    self._mark(step.after),
                )
                for step in horizon.steps
            )
            yield from table(("#", "Work", "Severity", "Places", "Hours", "After"), rows, (0, 3, 4))

    def effort(self) -> Iterator[str]:
        effort = self.audit.effort
        expected, low, high = effort.range
        rows = (
            (f"Repair of {self.show.counted(len(self.report.findings), 'finding')}", effort.repair),
            (f"Opening and releasing {self.show.counted(effort.addons, 'addon')}", effort.opening),
            ("Tests, 40 % on top", effort.tests),
            ("**Expected**", expected),
            ("At best", low),
            ("At worst", high),
        )
        yield "## Effort"
        yield ""
        titles = ["Part", "Hours", *(["Price"] if self.show.priced else [])]
        lines = (
            [name, f"{hours:,.1f}", *([plain(self.show.money(hours))] if self.show.priced else [])]
            for name, hours in rows
        )
        yield from table(titles, lines, (1, 2))
        yield from self._matrix()

    def _matrix(self) -> Iterator[str]:
        names = [severity.label for severity in sorted(Severity, reverse=True)]
        rows = [
            [
                self.show.blocks[section.block.value][0],
                *(f"{count:,}" for count in section.by_severity.values()),
                self.show.minutes(section.minutes),
            ]
            for section in self.audit.sections
        ]
        counts = (f"**{count:,}**" for count in self.report.by_severity.values())
        rows.append(["**All**", *counts, f"**{self.show.minutes(self.report.debt.minutes)}**"])
        yield from table(["Block", *names, "Repair"], rows, range(1, 6))

    def findings(self) -> Iterator[str]:
        yield "## Findings"
        yield ""
        for section in self.audit.sections:
            yield f"### {self.show.blocks[section.block.value][0]}"
            yield ""
            yield from self._section(section)

    def _section(self, section: Section) -> Iterator[str]:
        if not section.topics:
            what = f"{self.show.counted(section.rules, 'rule')} found nothing."
            yield what if section.rules else "No rule of this block took part in the run."
            yield ""
        for topic in section.topics:
            yield from self._topic(topic)

    def _topic(self, topic: Topic) -> Iterator[str]:
        count = self.show.counted(len(topic.findings), "finding")
        yield f"#### {prose(words(topic.summary))}"
        yield ""
        yield f"{code(topic.name)}: {topic.worst.label}, {count}, {self.show.minutes(topic.minutes)}"
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
            few = ", ".join(f"{plain(name or 'other')} {number}" for name, number in more.most_common(8))
            yield f"- and {sum(more.values()):,} more ({few}{', …' if len(more) > 8 else ''})"
        yield ""

    def _finding(self, finding: Finding) -> Iterator[str]:
        place = f"{finding.location.path}:{finding.location.span.start_line}"
        yield (
            f"- **{finding.severity.label}** {code(place)}: {prose(words(masked(finding.message)))} "
            f"({self.show.minutes(finding.minutes)})"
        )
        lines = self.evidence.lines(finding)
        if lines:
            yield f"  <br>{code(lines[0].text)}"

    def addons(self) -> Iterator[str]:
        ordered = sorted(self.report.addons, key=lambda addon: (-addon.debt.minutes, addon.name, addon.path))
        yield "## Debt by addon"
        yield ""
        rows = (
            (
                code(addon.name) or "beside the addons",
                plain(addon.series) or "?",
                f"{addon.debt.loc:,}",
                f"{addon.debt.findings:,}",
                self.show.minutes(addon.debt.minutes),
                self._mark(addon.debt),
            )
            for addon in ordered[:_ADDONS]
        )
        yield from table(("Addon", "Series", "Lines", "Findings", "Repair", "Grade"), rows, (2, 3, 4))
        if len(ordered) > _ADDONS:
            rest = sum(addon.debt.minutes for addon in ordered[_ADDONS:])
            yield f"and {len(ordered) - _ADDONS} more with {self.show.minutes(rest)} together"
            yield ""

    def inventory(self) -> Iterator[str]:
        entries = self.report.inventory.entries
        yield "## Inventory"
        yield ""
        rows = (
            (
                code(entry.name),
                plain(entry.origin.kind),
                plain(entry.version) or "none",
                plain(entry.license) or "none",
                f"{entry.loc:,}",
                str(entry.test_methods),
                str(len(entry.dependents)),
                day(entry.touched) or "?",
            )
            for entry in entries[:_ADDONS]
        )
        titles = ("Addon", "Class", "Version", "Licence", "Lines", "Tests", "Needed by", "Last change")
        yield from table(titles, rows, (4, 5, 6))
        if len(entries) > _ADDONS:
            yield from (f"and {len(entries) - _ADDONS} more: see `odoo-debt-lint inventory`", "")

    def accepted(self) -> Iterator[str]:
        yield "## Accepted debt"
        yield ""
        rows = [
            (
                code(row.rule),
                str(row.count),
                self.show.minutes(row.minutes),
                "; ".join(f"{plain(reason) or 'no reason'} ({count})" for reason, count in row.reasons[:5])
                + (f"; {len(row.reasons) - 5} more" if len(row.reasons) > 5 else ""),
            )
            for row in self.audit.accepted
        ]
        if rows:
            yield from table(("Rule", "Findings", "Repair", "Reasons given"), rows, (1, 2))
        else:
            yield from ("No finding is accepted by a comment in the code.", "")

    def unchecked(self) -> Iterator[str]:
        report, counted = self.report, self.show.counted
        yield "## What could not be checked"
        yield ""
        yield "- The code was read and not run; data and settings in the database were not looked at."
        for section in self.audit.sections:
            if not section.rules:
                name = self.show.blocks[section.block.value][0]
                yield f"- {name}: no rule of this block took part in the run."
        if report.partial:
            yield "- Only single files were asked for; the debt is not that of whole addons."
        if report.unsure:
            yield f"- {counted(len(report.unsure), 'finding')} of low confidence not shown"
        if report.filtered:
            yield f"- {counted(report.filtered, 'finding')} hidden by the settings of this run"
        yield from (f"- {plain(notice)}" for notice in report.notices)
        lines = report.problem_lines
        yield from (f"- {plain(line)}" for line in lines[:_PROBLEMS])
        if len(lines) > _PROBLEMS:
            yield f"- and {len(lines) - _PROBLEMS} more places that could not be read or judged"
        yield ""

    def rules(self) -> Iterator[str]:
        yield "## Appendix: rules"
        yield ""
        rows = (
            (
                code(topic.name),
                topic.block.value,
                topic.worst.label,
                f"{len(topic.findings):,}",
                self.show.minutes(topic.minutes),
                prose(words(topic.summary)),
            )
            for topic in self.audit.topics
        )
        titles = ("Rule", "Block", "Severity", "Findings", "Repair", "What it reports")
        yield from table(titles, rows, (3, 4))
        ran = self.show.counted(len(self.report.rules), "rule")
        yield f"{ran} took part. Made by odoo-debt-lint {__version__}, debt model {MODEL_VERSION}."
