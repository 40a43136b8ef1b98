"""What makes a run fail: the limits of ``--fail-on``, ``--max-new-debt``, ``--max-debt`` and ``--min-grade``.

With a baseline, single findings and new debt are judged by what it does not have, totals as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from odoo_debt_lint.finding import Severity
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.settings import Settings


def failures(report: Report, settings: Settings, accept: bool = False) -> Iterator[str]:
    """Why the run fails, one line a gate. A run over single files knows no debt of whole addons.

    ``accept``: the run makes a baseline of its findings, so that none of them is new.
    """
    if settings.fail_on != "never" and not accept:
        worst = Severity[settings.fail_on.upper()]
        count = sum(finding.severity >= worst for finding in report.new)
        if count:
            above = "" if worst is Severity.CRITICAL else " or above"
            new = "new " if report.compared is not None else ""
            findings = f"1 {new}finding" if count == 1 else f"{count} {new}findings"
            yield f"failed: {findings} of severity {settings.fail_on}{above}"
    if settings.max_new_debt is not None and not accept:
        hours = sum(finding.minutes for finding in report.new) / 60
        if hours > settings.max_new_debt:
            yield f"failed: {hours:.1f} hours of new debt are above the limit of {settings.max_new_debt:g}"
    if report.partial:
        return
    if settings.max_debt is not None and report.debt.hours > settings.max_debt:
        yield f"failed: {report.debt.hours:.1f} hours of debt are above the limit of {settings.max_debt:g}"
    if settings.min_grade and report.debt.grade > settings.min_grade:
        yield f"failed: grade {report.debt.grade} is below {settings.min_grade}"
