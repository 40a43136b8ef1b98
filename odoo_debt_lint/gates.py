"""What makes a run fail: the limits of ``--fail-on``, ``--max-debt`` and ``--min-grade``."""

from __future__ import annotations

from collections.abc import Iterator

from odoo_debt_lint.finding import Severity
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.settings import Settings


def failures(report: Report, settings: Settings) -> Iterator[str]:
    """Why the run fails, one line a gate. A run over single files knows no debt of whole addons."""
    if settings.fail_on != "never":
        worst = Severity[settings.fail_on.upper()]
        count = sum(number for severity, number in report.by_severity.items() if severity >= worst)
        if count:
            above = "" if worst is Severity.CRITICAL else " or above"
            findings = "1 finding" if count == 1 else f"{count} findings"
            yield f"failed: {findings} of severity {settings.fail_on}{above}"
    if report.partial:
        return
    if settings.max_debt is not None and report.debt.hours > settings.max_debt:
        yield f"failed: {report.debt.hours:.1f} hours of debt are above the limit of {settings.max_debt:g}"
    if settings.min_grade and report.debt.grade > settings.min_grade:
        yield f"failed: grade {report.debt.grade} is below {settings.min_grade}"
