"""The measures of a run, to be held against those of the next one.

An audit without figures to come back to cannot show that anything got better. Where there is a history, each
measure stands beside that of the run before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from odoo_debt_lint.finding import Severity
from odoo_debt_lint.outcome.debt import MODEL_VERSION

if TYPE_CHECKING:
    from odoo_debt_lint.report.model import Point, Report


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure. ``better`` is 1 where more is better, -1 where less is, 0 where it says nothing."""

    name: str
    value: float | str
    before: float | str | None = None
    digits: int = 0
    better: int = 0

    @property
    def change(self) -> float | None:
        """What came on top since the run before."""
        if isinstance(self.value, str) or self.before is None or isinstance(self.before, str):
            return None
        return round(self.value - self.before, self.digits)

    @property
    def mood(self) -> str:
        """``good`` or ``bad`` for a change that means something."""
        change = (self.change or 0) * self.better
        return "good" if change > 0 else "bad" if change < 0 else ""


def metrics_of(report: Report) -> list[Metric]:
    """All measures, in the order of the report."""
    before = report.history[-2] if len(report.history) > 1 else None
    return [*_size(report, before), *_debt(report, before), *_care(report)]


def _size(report: Report, before: Point | None) -> Iterator[Metric]:
    addons = sum(1 for addon in report.addons if addon.name)
    yield Metric("Addons", addons, before.addons if before else None)
    yield Metric("Lines of code", report.debt.loc, before.lines_of_code if before else None)


def _debt(report: Report, before: Point | None) -> Iterator[Metric]:
    debt = report.debt
    yield Metric("Findings", len(report.findings), before.findings if before else None, better=-1)
    for severity in (Severity.CRITICAL, Severity.HIGH):
        name = f"Findings of {severity.label} severity"
        known = before.by_severity.get(severity.label, 0) if before else None
        yield Metric(name, report.by_severity[severity], known, better=-1)
    same = before if before and before.debt_model == MODEL_VERSION else None
    yield Metric("Hours of repair", debt.today / 60, same.debt_minutes / 60 if same else None, 1, -1)
    if report.partial:
        return
    density = same.debt_minutes / max(same.lines_of_code, 100) * 100 if same else None
    yield Metric("Minutes of repair per 100 lines", debt.density, density, 1, -1)
    yield Metric("Debt in percent of the cost of writing the code", debt.ratio * 100, digits=1, better=-1)
    yield Metric("Score", debt.score, same.score if same else None, better=1)
    yield Metric("Grade", debt.grade, same.grade if same else None)


def _care(report: Report) -> Iterator[Metric]:
    entries = report.inventory.entries
    if entries:
        tested = sum(1 for entry in entries if entry.test_methods)
        yield Metric("Addons with tests, in percent", tested / len(entries) * 100)
        yield Metric("Test methods", sum(entry.test_methods for entry in entries))
        yield Metric("Overridden methods of Odoo itself", sum(entry.core_overrides for entry in entries))
        yield Metric("Inherited views", sum(entry.views_inherited for entry in entries))
    yield Metric("Accepted findings", len(report.suppressed))
