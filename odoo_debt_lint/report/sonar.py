"""The report for SonarQube: generic external issues with their effort, in the format of 10.3 and later.

Sonar counts columns from 0, in UTF-16 units, and refuses the whole report for one that is beyond its line or
for a range of no width: such places get their line only, or none where the file is shorter.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.finding import Finding, Location, Severity
from odoo_debt_lint.report.links import rule_page
from odoo_debt_lint.rule import Block, Rule

if TYPE_CHECKING:
    from odoo_debt_lint.report.model import Report

ENGINE = "odoo-debt-lint"
_SEVERITIES = {
    Severity.CRITICAL: ("BLOCKER", "HIGH"),
    Severity.HIGH: ("CRITICAL", "HIGH"),
    Severity.MEDIUM: ("MAJOR", "MEDIUM"),
    Severity.LOW: ("MINOR", "LOW"),
}
"""In the standard experience and as impact; 10.3 knows no other impacts."""
_KINDS = {
    Block.SECURITY: ("VULNERABILITY", "SECURITY", "TRUSTWORTHY"),
    Block.CODE: ("CODE_SMELL", "MAINTAINABILITY", "CONVENTIONAL"),
    Block.MIGRATION: ("CODE_SMELL", "MAINTAINABILITY", "CONVENTIONAL"),
    Block.PERFORMANCE: ("CODE_SMELL", "RELIABILITY", "EFFICIENT"),
}
_OTHER = ("BUG", "RELIABILITY", "COMPLETE")


def as_sonar(report: Report) -> str:
    """Rules and issues; equal input gives equal bytes."""
    names = sorted({finding.rule for finding in report.findings})
    data = {
        "rules": [_rule(name, report.rules.get(name)) for name in names],
        "issues": [_issue(report, finding) for finding in report.findings],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _rule(name: str, rule: Rule | None) -> dict[str, Any]:
    kind, quality, attribute = _KINDS.get(rule.block, _OTHER) if rule else _KINDS[Block.CODE]
    severity, impact = _SEVERITIES[rule.severity if rule else Severity.MEDIUM]
    description = f"{rule.summary} ({rule_page(rule)})" if rule else name
    return {
        "id": name,
        "name": rule.summary if rule else name,
        "description": description,
        "engineId": ENGINE,
        "cleanCodeAttribute": attribute,
        "type": kind,
        "severity": severity,
        "impacts": [{"softwareQuality": quality, "severity": impact}],
    }


def _issue(report: Report, finding: Finding) -> dict[str, Any]:
    issue: dict[str, Any] = {
        "ruleId": finding.rule,
        "effortMinutes": finding.minutes,
        "primaryLocation": _location(report, finding.location, finding.message),
    }
    others = [_location(report, place, place.label) for place in (*finding.flow, *finding.related)]
    others = [place for place in others if "textRange" in place]  # a must for these
    return {**issue, "secondaryLocations": others} if others else issue


def _location(report: Report, place: Location, message: str) -> dict[str, Any]:
    location: dict[str, Any] = {"message": message} if message else {}
    location["filePath"] = place.path
    found = _range(report, place)
    return {**location, "textRange": found} if found else location


def _range(report: Report, place: Location) -> dict[str, int] | None:
    text, span = report.sources.text(place.path), place.span
    if not 0 < span.start_line <= len(text.lines):
        return None
    last = min(max(span.end_line, span.start_line), len(text.lines))
    start = _utf16(text.line(span.start_line), span.start_column)
    end = _utf16(text.line(last), span.end_column)
    if (last, end) <= (span.start_line, start):
        return {"startLine": span.start_line}
    return {"startLine": span.start_line, "endLine": last, "startColumn": start, "endColumn": end}


def _utf16(line: str, column: int) -> int:
    """The column in UTF-16 units, at most the end of the line."""
    before = line[:column]
    return len(before) if before.isascii() else len(before.encode("utf-16-le", "surrogatepass")) // 2
