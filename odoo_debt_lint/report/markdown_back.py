"""The back of the Markdown audit: addons, inventory, what was accepted and what not checked, rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from odoo_debt_lint import __version__
from odoo_debt_lint.inventory.render import day
from odoo_debt_lint.outcome.debt import MODEL_VERSION, Debt
from odoo_debt_lint.report.audit import Audit
from odoo_debt_lint.report.evidence import Evidence
from odoo_debt_lint.report.figures import BASELINE_NOTE, NO_FILES, NO_RULE, NOT_LOOKED_AT, Figures
from odoo_debt_lint.report.gfm import code, plain, prose, table
from odoo_debt_lint.report.history import bars
from odoo_debt_lint.report.metrics import metrics_of
from odoo_debt_lint.report.parts import Section
from odoo_debt_lint.report.prose import words

_ADDONS = 100
_PROBLEMS = 50


class Appendices:
    """What every chapter needs, and the chapters behind the findings."""

    def __init__(self, audit: Audit) -> None:
        self.audit, self.report, self.cover = audit, audit.report, audit.cover
        self.show = Figures(audit.cover)
        self.text = self.show.text
        self.evidence = Evidence(audit.report)

    def _mark(self, debt: Debt) -> str:
        return "" if self.report.partial else f"{debt.grade} ({debt.score}/100)"

    def _table(self, titles: str, rows: Iterable[Iterable[str]], right: Iterable[int] = ()) -> list[str]:
        """A table; a blank separates the titles, an underscore stands for one within."""
        return table([self.text(title.replace("_", " ")) for title in titles.split(" ")], rows, right)

    def _price(self, hours: float) -> str:
        return f", {plain(self.show.money(hours))}" if self.show.priced else ""

    def _not_run(self, section: Section) -> str:
        name = self.text(self.show.blocks[section.block.value][0])
        return f"{name}: {self.text(NO_FILES if section.without_files else NO_RULE)}"

    def metrics(self) -> Iterator[str]:
        yield f"## {self.text('Metrics')}"
        yield ""
        yield self.text(BASELINE_NOTE)
        yield ""
        known, measure = len(self.report.history) > 1, self.show.measure
        rows = []
        for metric in metrics_of(self.report):
            rows.append([self.text(metric.name), measure(metric.value, metric.digits)])
            if known:
                rows[-1] += [
                    measure(metric.before, metric.digits),
                    self.show.change(metric.change, metric.digits),
                ]
        titles = "Measure Value Run_before Change" if known else "Measure Value"
        yield from self._table(titles, rows, (1, 2, 3))
        runs = self.report.history
        if len(runs) > 1:
            told = self.show.trend([run.debt_minutes / 60 for run in runs], [run.grade for run in runs])
            yield from (f"{told} `{bars(runs)}`", "")

    def addons(self) -> Iterator[str]:
        ordered = sorted(self.report.addons, key=lambda addon: (-addon.debt.minutes, addon.name, addon.path))
        yield f"## {self.text('Debt by addon')}"
        yield ""
        rows = (
            (
                code(self.report.title_of(addon)) or self.text("files beside the addons"),
                plain(addon.series) or "?",
                self.show.number(addon.debt.loc),
                self.show.number(addon.debt.findings),
                self.show.minutes(addon.debt.minutes),
                self._mark(addon.debt),
            )
            for addon in ordered[:_ADDONS]
        )
        yield from self._table("Addon Series Lines Findings Repair Grade", rows, (2, 3, 4))
        if len(ordered) > _ADDONS:
            rest = sum(addon.debt.minutes for addon in ordered[_ADDONS:])
            more = self.text("and {number} more", number=len(ordered) - _ADDONS)
            yield f"{more} ({self.show.minutes(rest)})"
            yield ""

    def inventory(self) -> Iterator[str]:
        entries = self.report.inventory.entries
        yield f"## {self.text('Inventory')}"
        yield ""
        rows = (
            (
                code(entry.name),
                plain(self.text(entry.origin.kind)),
                plain(entry.version) or self.text("none"),
                plain(entry.license) or self.text("none"),
                self.show.number(entry.loc),
                str(entry.test_methods),
                str(len(entry.dependents)),
                day(entry.touched) or "?",
            )
            for entry in entries[:_ADDONS]
        )
        titles = "Addon Class Version Licence Lines Tests Needed_by Last_change"
        yield from self._table(titles, rows, (4, 5, 6))
        if len(entries) > _ADDONS:
            more = self.text("and {number} more", number=len(entries) - _ADDONS)
            yield from (f"{more}: `odoo-debt-lint inventory`", "")

    def accepted(self) -> Iterator[str]:
        yield f"## {self.text('Accepted debt')}"
        yield ""
        rows = [
            (
                code(row.rule),
                str(row.findings),
                self.show.minutes(row.minutes),
                "; ".join(
                    f"{plain(reason) or self.text('no reason')} ({count})"
                    for reason, count in row.reasons[:5]
                )
                + ("; …" if len(row.reasons) > 5 else ""),
            )
            for row in self.report.accepted
        ]
        if rows:
            yield from self._table("Rule Findings Repair Reasons_given", rows, (1, 2))
        else:
            yield from (self.text("No finding is accepted by a comment in the code."), "")

    def unchecked(self) -> Iterator[str]:
        report, counted = self.report, self.show.counted
        yield f"## {self.text('What could not be checked')}"
        yield ""
        yield f"- {self.text(NOT_LOOKED_AT)}"
        yield from (f"- {self._not_run(section)}" for section in self.audit.sections if not section.rules)
        if report.partial:
            whole = "Only single files were read, so there is no grade of whole addons."
            yield f"- {self.text(whole)}"
        if report.unsure:
            number = counted(len(report.unsure), "finding")
            yield f"- {self.text('Of low confidence and not shown: {findings}', findings=number)}"
        if report.compared is not None and report.compared.hidden:
            known = counted(len(report.compared.hidden), "finding")
            yield f"- {self.text('Known to the baseline and not shown: {findings}', findings=known)}"
        if report.filtered:
            hidden = "Hidden by the settings of this run (path or severity): {findings}"
            yield f"- {self.text(hidden, findings=counted(report.filtered, 'finding'))}"
        yield from (f"- {plain(notice)}" for notice in report.notices)
        lines = report.problem_lines
        yield from (f"- {plain(line)}" for line in lines[:_PROBLEMS])
        if len(lines) > _PROBLEMS:
            yield f"- {self.text('and {number} more', number=len(lines) - _PROBLEMS)}"
        yield ""

    def rules(self) -> Iterator[str]:
        yield f"## {self.text('Appendix: rules')}"
        yield ""
        rows = (
            (
                code(topic.name),
                self.text(self.show.blocks[topic.block.value][0]),
                self.text(topic.worst.label),
                self.show.number(len(topic.findings)),
                self.show.minutes(topic.minutes),
                prose(words(topic.summary)),
            )
            for topic in self.audit.topics
        )
        yield from self._table("Rule Block Severity Findings Repair What_it_reports", rows, (3, 4))
        made = "Made by {tool}, debt model {model}."
        yield self.text(made, tool=f"odoo-debt-lint {__version__}", model=MODEL_VERSION)
