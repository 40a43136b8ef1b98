"""The report for programs: JSON with a versioned schema (``testdata/schemas/report-1.schema.json``)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from odoo_debt_lint import __version__
from odoo_debt_lint.inventory import render
from odoo_debt_lint.outcome.debt import MODEL_VERSION, Debt, effort_range
from odoo_debt_lint.report import infrastructure
from odoo_debt_lint.report.blocks import blocks_of
from odoo_debt_lint.report.porting import document as migration
from odoo_debt_lint.source import clean

if TYPE_CHECKING:
    from odoo_debt_lint.finding import Finding, Location
    from odoo_debt_lint.report.model import Report

SCHEMA_VERSION = 1


def as_json(report: Report) -> str:
    """The whole report; equal input gives equal bytes."""
    return clean(json.dumps(document(report), indent=2, ensure_ascii=False)) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "schema": SCHEMA_VERSION,
        "tool": {"name": "odoo-debt-lint", "version": __version__, "debtModel": MODEL_VERSION},
        "summary": _summary(report),
        "addons": [
            {
                "name": addon.name,
                "path": addon.path,
                "series": addon.series or None,
                "seriesSource": addon.series_source,
                "version": addon.version or None,
                "files": addon.files,
                **_debt(addon.debt, report.partial),
            }
            for addon in report.addons
        ],
        "rules": [
            {"rule": rule, "findings": count, "debtMinutes": minutes}
            for rule, count, minutes in report.by_rule
        ],
        "families": [
            {"family": family, "findings": count, "debtMinutes": minutes}
            for family, count, minutes in report.by_family
        ],
        "blocks": [
            {
                "block": item.block.value,
                "rules": item.rules,
                **_debt(item.debt, report.partial or not item.judged),
            }
            for item in blocks_of(report)
        ],
        "findings": [_finding(report, finding) for finding in report.findings],
        "suppressed": [_finding(report, finding) for finding in report.suppressed],
        "accepted": [
            {
                "rule": row.rule,
                "findings": row.findings,
                "minutes": row.minutes,
                "reasons": [reason for reason, _ in row.reasons if reason],
            }
            for row in report.accepted
        ],
        "migration": migration(report),
        "infrastructure": infrastructure.document(report),
        "inventory": render.document(report.inventory),
        "problems": [
            {"kind": item.kind, "path": item.path, "line": item.line, "message": item.message}
            for item in report.problems
        ],
        "notices": list(report.notices),
        "failures": list(report.failures),
    }


def _summary(report: Report) -> dict[str, Any]:
    expected, best, worst = effort_range(
        report.debt.minutes, sum(1 for addon in report.addons if addon.debt.minutes)
    )
    return {
        **_debt(report.debt, report.partial),
        "partial": report.partial,
        "bySeverity": {severity.label: count for severity, count in report.by_severity.items()},
        "addons": len(report.addons),
        "files": report.files,
        "effortHours": {"expected": round(expected, 2), "low": round(best, 2), "high": round(worst, 2)},
        "suppressed": len(report.suppressed),
        "lowConfidence": len(report.unsure),
        "filtered": report.filtered,
        "baseline": _baseline(report),
    }


def _baseline(report: Report) -> dict[str, Any] | None:
    """Numbers of the comparison with a baseline; known findings may be listed or not."""
    if report.compared is None:
        return None
    hidden = report.compared.hidden
    return {
        "known": len(report.findings) - len(report.new) + len(hidden),
        "new": len(report.new),
        "gone": report.compared.gone,
        "newDebtMinutes": sum(finding.minutes for finding in report.new),
        "hidden": len(hidden),
        "hiddenDebtMinutes": report.compared.hidden_minutes,
    }


def _debt(debt: Debt, partial: bool) -> dict[str, Any]:
    """What a run over single files cannot tell is ``None``."""
    return {
        "findings": debt.findings,
        "debtMinutes": debt.minutes,
        "linesOfCode": debt.loc,
        "minutesPer100Lines": None if partial else round(debt.density, 2),
        "ratio": None if partial else round(debt.ratio, 4),
        "grade": None if partial else debt.grade,
        "score": None if partial else debt.score,
    }


def _location(location: Location) -> dict[str, Any]:
    span = location.span
    place = {
        "path": location.path,
        "line": span.start_line,
        "column": span.start_column + 1,
        "endLine": span.end_line,
        "endColumn": span.end_column + 1,
    }
    return {**place, "label": location.label} if location.label else place


def _finding(report: Report, finding: Finding) -> dict[str, Any]:
    rule = report.rules.get(finding.rule)
    data: dict[str, Any] = {
        "rule": finding.rule,
        "family": rule.family if rule else None,
        "block": rule.block.value if rule else None,
        "severity": finding.severity.label,
        "confidence": finding.confidence.label,
        "message": finding.message,
        "addon": finding.addon or None,
        **_location(finding.location),
        "minutes": finding.minutes,
        "fingerprint": finding.fingerprint,
    }
    if report.is_known(finding):
        data["known"] = True
    if finding.related:
        data["related"] = [_location(place) for place in finding.related]
    if finding.flow:
        data["flow"] = [_location(place) for place in finding.flow]
    if finding.fix is not None:
        data["fix"] = {"title": finding.fix.title, "safe": finding.fix.safe}
    if finding.suppressed:
        data["suppressed"] = finding.suppressed
    return data
