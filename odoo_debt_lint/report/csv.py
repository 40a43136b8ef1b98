"""The findings for a spreadsheet: one row each, safe to open.

A byte order mark, because Excel takes UTF-8 without one for another encoding. Code and names in a report are
not to be trusted: a cell that a spreadsheet would take for a formula gets a quote in front.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from odoo_debt_lint.finding import Finding

if TYPE_CHECKING:
    from odoo_debt_lint.report.model import Report

COLUMNS = (
    "severity confidence rule family block addon path line column message minutes known fingerprint"
).split()
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def as_csv(report: Report) -> str:
    """Header and rows as RFC 4180 has them."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    writer.writerows(_row(report, finding) for finding in report.findings)
    return "\ufeff" + stream.getvalue()


def _row(report: Report, finding: Finding) -> list[object]:
    rule = report.rules.get(finding.rule)
    texts = (
        finding.severity.label,
        finding.confidence.label,
        finding.rule,
        rule.family if rule else "",
        rule.block.value if rule else "",
        finding.addon,
        finding.location.path,
    )
    span = finding.location.span
    known = "known" if report.is_known(finding) else ""
    # a fingerprint such as 12e45 would become a number
    return [
        *map(safe, texts),
        span.start_line,
        span.start_column + 1,
        safe(finding.message),
        finding.minutes,
        known,
        f"fp:{finding.fingerprint}",
    ]


def safe(text: str) -> str:
    """The text on one line, never a formula; blanks in front of one do not help it."""
    flat = "".join(char if char.isprintable() else " " for char in text)
    return f"'{flat}" if flat.lstrip().startswith(_FORMULA) else flat
