"""The report for GitLab's Code Quality widget (``artifacts:reports:codequality``)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from odoo_debt_lint.finding import Severity

if TYPE_CHECKING:
    from odoo_debt_lint.report.model import Report

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
}


def as_gitlab(report: Report) -> str:
    """The six fields that GitLab reads; it tells new from old by the fingerprints."""
    issues = [
        {
            "description": f"{finding.message} ({finding.minutes} min)",
            "check_name": finding.rule,
            "fingerprint": finding.fingerprint,
            "severity": _SEVERITIES[finding.severity],
            "location": {
                "path": finding.location.path,
                "lines": {"begin": finding.location.span.start_line},
            },
        }
        for finding in report.findings
    ]
    return json.dumps(issues, indent=1, ensure_ascii=False) + "\n"
