"""The report for GitHub code scanning: SARIF 2.1.0, within the limits that GitHub sets.

The log is built of ``sarif_om`` classes and written by a walker of our own: the companion library leaves out
values equal to the schema's defaults, and so turns a ``warning`` of an ``error`` rule into an error.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import attr
import sarif_om as om

from odoo_debt_lint import __version__
from odoo_debt_lint.finding import Finding, Location, Problem, Severity, Span
from odoo_debt_lint.report.links import HOME
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.report.sarif_rules import LEVELS, descriptors, semantic_version
from odoo_debt_lint.report.sarif_uri import LineHashes, uri_of
from odoo_debt_lint.source import clean

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_RESULTS = 25_000
"""GitHub refuses an upload with more."""
MAX_ZIPPED = 10_000_000
MAX_LINES = 5
"""A longer region is cut to its first line: an annotation needs every line of it in the diff."""
_ROOT = "%SRCROOT%"


def as_sarif(report: Report, include_suppressed: bool = False, category: str = "") -> str:
    """The whole report; equal input gives equal bytes."""
    return sarif_with_notices(report, include_suppressed, category)[0]


def sarif_with_notices(
    report: Report, include_suppressed: bool = False, category: str = ""
) -> tuple[str, list[str]]:
    """The log, and what its reader must know of it (results that had to be left out)."""
    findings = [*report.findings, *(report.suppressed if include_suppressed else ())]
    findings.sort(key=lambda finding: (-finding.severity, finding.sort_key))
    rules = descriptors(report, findings)
    index = {rule.id: number for number, rule in enumerate(rules)}
    hashes = LineHashes(report.sources)
    results = [_json(_plain(_result(report, finding, index, hashes))) for finding in findings[:MAX_RESULTS]]
    while True:
        notices = _cap_notices(len(findings), len(results))
        text = clean(_with_results(_json(_log(report, rules, notices, category), indent=1), results))
        size = len(gzip.compress(text.encode(), 1)) if len(text) > MAX_ZIPPED else 0
        if size <= MAX_ZIPPED:
            return text, notices
        results = results[: len(results) * MAX_ZIPPED * 9 // (size * 10)]


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, indent=indent, ensure_ascii=False)


def _with_results(log: str, results: list[str]) -> str:
    """The log with its results, one a line: written with indents, they would take most of the time."""
    before, mark, after = log.partition('"results": [')
    lines = ",".join(f"\n{result}" for result in results)
    return f"{before}{mark}{lines}{after}\n"


def _cap_notices(found: int, written: int) -> list[str]:
    if written == found:
        return []
    return [
        f"SARIF holds the {written} most severe of {found} findings: GitHub accepts no more in one upload"
    ]


def _log(report: Report, rules: Sequence[Any], notices: list[str], category: str) -> dict[str, Any]:
    driver = om.ToolComponent(
        name="odoo-debt-lint",
        version=__version__,
        semantic_version=semantic_version(__version__),
        information_uri=HOME,
        rules=list(rules),
    )
    run = om.Run(
        tool=om.Tool(driver=driver),
        results=[],
        column_kind="unicodeCodePoints",
        original_uri_base_ids={_ROOT: {"description": {"text": "The root of the repository"}}},
        invocations=[
            om.Invocation(
                execution_successful=True, tool_execution_notifications=_notifications(report, notices)
            )
        ],
        automation_details=om.RunAutomationDetails(id=f"{category.rstrip('/')}/") if category else None,
        properties=_figures(report),
    )
    return {"$schema": SCHEMA, "version": "2.1.0", **_plain(om.SarifLog(version="2.1.0", runs=[run]))}


def _figures(report: Report) -> dict[str, Any]:
    """The debt; of single files it is that of no whole addon, and has no grade."""
    debt = report.debt
    grades = {} if report.partial else {"grade": debt.grade, "score": debt.score}
    return {"debtMinutes": debt.minutes, "linesOfCode": debt.loc, **grades}


def _notifications(report: Report, notices: list[str]) -> list[Any]:
    """What could not be read, what was left out, and how the run was made."""
    found = [
        om.Notification(
            message=om.Message(text=f"{problem.kind}: {problem.message}"),
            level="error" if problem.kind in ("internal-error", "crash") else "warning",
            descriptor=om.ReportingDescriptorReference(id=problem.kind),
            locations=_places(problem),
        )
        for problem in report.problems
    ]
    found += [om.Notification(message=om.Message(text=text), level="warning") for text in notices]
    found += [om.Notification(message=om.Message(text=text), level="note") for text in report.notices]
    return found


def _places(problem: Problem) -> list[Any] | None:
    """Where a problem is; that of an engine has the engine's name for a path."""
    if problem.kind == "engine":
        return None
    span = Span(problem.line, problem.column, problem.line, problem.column)
    return [_location(Location(problem.path, span))]


def _tight(report: Report, place: Location) -> Location:
    """The place, or its first line where it is long."""
    span = place.span
    if span.end_line - span.start_line < MAX_LINES:
        return place
    end = len(report.sources.text(place.path).line(span.start_line).rstrip())
    return Location(place.path, Span(span.start_line, span.start_column, span.start_line, end), place.label)


def _result(report: Report, finding: Finding, index: dict[str, int], hashes: LineHashes) -> Any:
    place = _tight(report, finding.location)
    fingerprints = {"odooDebtLint/v1": finding.fingerprint}
    line_hash = hashes.of(finding.location.path, finding.location.span.start_line)
    if line_hash:
        fingerprints["primaryLocationLineHash"] = line_hash
    return om.Result(
        rule_id=finding.rule,
        rule_index=index[finding.rule],
        level=LEVELS[finding.severity],
        message=om.Message(text=finding.message),
        locations=[_location(place)],
        related_locations=[
            _location(place, number, place.label or "see here")
            for number, place in enumerate(finding.related, 1)
        ]
        or None,
        code_flows=[_code_flow(finding)] if finding.flow else None,
        partial_fingerprints=fingerprints,
        suppressions=_suppressions(finding),
        baseline_state=_baseline_state(report, finding),
        properties={
            "debtMinutes": finding.minutes,
            "severity": Severity(finding.severity).label,
            "confidence": finding.confidence.label,
            "addon": finding.addon,
        },
    )


def _baseline_state(report: Report, finding: Finding) -> str | None:
    """With a baseline all results have a state, without one none."""
    if report.compared is None:
        return None
    return "unchanged" if report.is_known(finding) else "new"


def _suppressions(finding: Finding) -> list[dict[str, str]] | None:
    """Plain data: ``sarif_om.Suppression`` writes ``state`` for what the standard calls ``status``."""
    if not finding.suppressed:
        return None
    reason = finding.suppressed.strip("-")
    suppression = {"kind": "inSource", "status": "accepted"}
    return [{**suppression, "justification": reason} if reason else suppression]


def _code_flow(finding: Finding) -> Any:
    """The way of a value, ending where the finding is."""
    steps = list(finding.flow)
    end = finding.location
    if (steps[-1].path, steps[-1].span.start_line) != (end.path, end.span.start_line):
        steps.append(Location(end.path, end.span, finding.message))
    places = [
        om.ThreadFlowLocation(location=_location(step, text=step.label or "passes here")) for step in steps
    ]
    return om.CodeFlow(thread_flows=[om.ThreadFlow(locations=places)])


def _location(place: Location, number: int = -1, text: str = "") -> Any:
    physical = om.PhysicalLocation(
        artifact_location=om.ArtifactLocation(uri=uri_of(place.path), uri_base_id=_ROOT),
        region=_region(place.span),
    )
    return om.Location(id=number, physical_location=physical, message=om.Message(text=text) if text else None)


def _region(span: Span) -> Any:
    """1-based, end exclusive, and never empty."""
    line, column = max(span.start_line, 1), max(span.start_column, 0) + 1
    end_line, end_column = max(span.end_line, 1), max(span.end_column, 0) + 1
    if (end_line, end_column) <= (line, column):
        end_line, end_column = line, column + 1
    return om.Region(start_line=line, start_column=column, end_line=end_line, end_column=end_column)


@cache
def _properties(kind: Any) -> list[tuple[str, str, Any]]:
    """(attribute, property, value when not set) of a class of the object model."""
    return [
        (item.name, item.metadata["schema_property_name"], _default(item))
        for item in attr.fields(kind)
        if item.metadata
    ]


def _default(item: Any) -> Any:
    return item.default.factory() if isinstance(item.default, attr.Factory) else item.default  # type: ignore[arg-type]


def _plain(value: Any) -> Any:
    """The object model as plain data: what is not set is left out, but a level is always written."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    kind: Any = type(value)
    if not attr.has(kind):
        return value
    data = {}
    for name, key, default in _properties(kind):
        item = getattr(value, name)
        if item is not None and (key == "level" or type(item) is not type(default) or item != default):
            data[key] = _plain(item)
    return data
