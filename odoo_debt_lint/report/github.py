"""The report for a GitHub Actions log: annotations, and a summary of the step in Markdown.

GitHub shows ten annotations of each kind for a step, the first ones: so the worst come first, and what the
baseline knows comes last, as a notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from odoo_debt_lint.finding import Finding, Problem, Severity
from odoo_debt_lint.report.gfm import code, plain, table

if TYPE_CHECKING:
    from odoo_debt_lint.report.model import Report

_KINDS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}
_MAX_ROWS = 20
_MAX_MESSAGE = 1000


def as_github(report: Report) -> str:
    """Workflow commands, one a line; equal input gives equal bytes."""
    lines = [_command("error", line, title="odoo-debt-lint") for line in report.failures]
    lines += [_warning(item) for item in _untold(report)]
    lines += [_annotation(report, finding) for finding in _worst_first(report)]
    return "".join(f"{line}\n" for line in lines)


def _warning(problem: Problem) -> str:
    """A problem where it is; that of an engine has the engine's name for a path."""
    place = {} if problem.kind == "engine" else {"file": problem.path, "line": problem.line}
    return _command("warning", f"{problem.kind}: {problem.message}", **place, title="odoo-debt-lint")


def _untold(report: Report) -> list[Problem]:
    """Problems that no finding tells of: a file that does not parse needs no second annotation."""
    told: dict[str, list[str]] = {}
    for finding in report.findings:
        told.setdefault(finding.location.path, []).append(finding.message)
    return [
        item
        for item in report.problems
        if not any(message.endswith(item.message) for message in told.get(item.path, ()))
    ]


def _worst_first(report: Report) -> list[Finding]:
    return sorted(report.findings, key=lambda item: (report.is_known(item), -item.severity, item.sort_key))


def _annotation(report: Report, finding: Finding) -> str:
    span = finding.location.span
    place: dict[str, object] = {"file": finding.location.path, "line": span.start_line}
    place["endLine"] = max(span.end_line, span.start_line)
    if span.end_line == span.start_line:  # columns of different lines are refused
        place["col"] = span.start_column + 1
        place["endColumn"] = max(span.end_column, span.start_column) + 1
    known = report.is_known(finding)
    kind = "notice" if known else _KINDS[finding.severity]
    title = f"{finding.rule} ({finding.severity.label}{', known' if known else ''})"
    return _command(kind, finding.message, **place, title=title)


def _command(kind: str, message: str, **properties: object) -> str:
    given = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{kind} {given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def step_summary(report: Report) -> str:
    """The summary of the step, far below the megabyte that GitHub takes."""
    return "\n".join(_summary(report)) + "\n"


def _summary(report: Report) -> Iterator[str]:
    debt = report.debt
    grade = "" if report.partial else f", grade **{debt.grade}**, score {debt.score}/100"
    yield f"## odoo-debt-lint\n\n{len(report.findings)} findings, **{hours(debt.minutes)}** of debt{grade}\n"
    if report.compared is not None:
        new = sum(finding.minutes for finding in report.new)
        yield f"{len(report.new)} new ({hours(new)}), {report.compared.gone} no longer found\n"
    yield from (f"- {plain(line)}" for line in report.failures)
    if report.findings:
        yield ""
        yield from _worst(report)
        rules = report.by_rule[:_MAX_ROWS]
        rows = ([code(rule), str(count), hours(minutes)] for rule, count, minutes in rules)
        yield from table(("rule", "findings", "debt"), rows, (1, 2))
    if len(report.addons) > 1 and not report.partial:
        yield from table(("addon", "findings", "debt", "grade"), _addons(report), (1, 2))


def _addons(report: Report) -> Iterator[tuple[str, ...]]:
    addons = sorted(report.addons, key=lambda addon: (-addon.debt.minutes, addon.name))
    for addon in addons[:_MAX_ROWS]:
        debt = addon.debt
        name = code(report.title_of(addon)) or "beside the addons"
        yield (name, str(debt.findings), hours(debt.minutes), debt.grade)


def hours(minutes: int) -> str:
    """``"12.5 h"``."""
    return f"{minutes / 60:.1f} h"


def _worst(report: Report) -> Iterator[str]:
    rows = (
        (
            finding.severity.label + (" (known)" if report.is_known(finding) else ""),
            code(f"{finding.location.path}:{finding.location.span.start_line}"),
            code(finding.rule),
            plain(finding.message[:_MAX_MESSAGE]),
        )
        for finding in _worst_first(report)[:_MAX_ROWS]
    )
    yield from table(("severity", "where", "rule", "what"), rows)
    if len(report.findings) > _MAX_ROWS:
        yield f"… and {len(report.findings) - _MAX_ROWS} more\n"
