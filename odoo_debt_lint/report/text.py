"""The report for people: findings with their code, grouped by addon, then the summary and the debt."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text as Styled

from odoo_debt_lint.finding import Finding, Location, Severity
from odoo_debt_lint.outcome.debt import effort_range
from odoo_debt_lint.report import infrastructure
from odoo_debt_lint.report.blocks import blocks_of
from odoo_debt_lint.report.history import trend
from odoo_debt_lint.report.links import rule_page
from odoo_debt_lint.report.porting import porting_lines, porting_table
from odoo_debt_lint.source import printable

if TYPE_CHECKING:
    from odoo_debt_lint.report.model import Accepted, AddonReport, Report

_STYLES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
}
_GRADES = {"A": "bold green", "B": "green", "C": "yellow", "D": "red", "E": "bold red"}
_MAX_CODE = 160
_MAX_STEPS = 6
_MAX_NAME = 50
_MAX_REASON = 60
_MAX_REASONS = 4


def hours(minutes: int) -> str:
    """``"2 h 05"`` or ``"40 min"``."""
    return f"{minutes // 60} h {minutes % 60:02d}" if minutes >= 60 else f"{minutes} min"


def counted(number: int, noun: str) -> str:
    """``"1 finding"``, ``"2 findings"``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def print_text(report: Report, console: Console, statistics: bool = False, links: bool = False) -> None:
    """Writes the whole report to a rich console; nothing in it is read as markup.

    ``links`` makes the names of rules lead to their pages, on terminals that can show it.
    """
    if not statistics:
        for block in _findings(report, links):
            _put(console, block)
    for table in _tables(report):
        console.print(table)
    for line in _closing(report):
        _put(console, line)


def _put(console: Console, text: Styled) -> None:
    """Lines as they are, however long. Without colours there is nothing to lay out, which takes rich longer
    than the rest of the report."""
    if console.color_system is None and not console.is_terminal:
        console.file.write(f"{text.plain}\n")
    else:
        console.print(text, soft_wrap=True, highlight=False)


def _findings(report: Report, links: bool) -> Iterator[Styled]:
    titles = {addon.path: report.title_of(addon) for addon in report.addons}
    placed = [(report.addon_of(finding), finding) for finding in report.findings]
    named = [(titles[addon.path] if addon else item.addon, addon, item) for addon, item in placed]
    ordered = sorted(named, key=lambda item: (item[0], item[2].sort_key))
    for name, items in groupby(ordered, lambda item: item[0]):
        found = list(items)
        yield _heading(None if report.partial else found[0][1], name)
        for _, _, finding in found:
            yield _frame(report, finding, links)


def _heading(addon: AddonReport | None, name: str) -> Styled:
    line = Styled(f"\n{printable(name) or 'beside the addons'}", style="bold underline")
    if addon is not None and name:
        debt = addon.debt
        line.append(
            f"  {addon.series or '?'} · {counted(debt.loc, 'line')} · {hours(debt.minutes)} · ",
            style="not bold not underline",
        )
        line.append(f"grade {debt.grade}", style=_GRADES[debt.grade])
    return line.append("\n")


def _frame(report: Report, finding: Finding, links: bool) -> Styled:
    span = finding.location.span
    frame = Styled()
    path = printable(finding.location.path)
    frame.append(f"{path}:{span.start_line}:{span.start_column + 1} ", style="bold")
    frame.append(finding.severity.label, style=_STYLES[finding.severity])
    frame.append(" ").append(finding.rule, style=_rule_style(report, finding.rule, links))
    if report.is_known(finding):
        frame.append(" known", style="dim")
    frame.append(f"  {printable(finding.message)}")
    frame.append(f"  [{hours(finding.minutes)}]", style="dim")
    for step in finding.flow[:_MAX_STEPS]:
        frame.append(f"\n    ↳ {_place(step, finding)}", style="dim")
    for place in finding.related[:3]:
        frame.append(f"\n    see {_place(place, finding)}", style="dim")
    code = report.sources.text(finding.location.path).line(span.start_line)
    secret = span.start_line in report.secret_lines.get(finding.location.path, ())
    if code.strip() and not secret:
        frame.append("\n").append_text(_code(code, finding))
    return frame.append("\n")


def _place(place: Location, finding: Finding) -> str:
    """A further place; its file is named only where it is another one."""
    line = place.span.start_line
    where = f"line {line}" if place.path == finding.location.path else f"{place.path}:{line}"
    return printable(f"{where}: {place.label}" if place.label else where)


def _rule_style(report: Report, name: str, links: bool) -> Style:
    link = rule_page(report.rules[name]) if links and name in report.rules else None
    return Style(color="magenta", link=link)


def _code(code: str, finding: Finding) -> Styled:
    span = finding.location.span
    number = f"{span.start_line:>5} | "
    flat = printable(code)
    indent = len(flat) - len(flat.lstrip())
    shown = flat[indent : indent + _MAX_CODE].rstrip()
    styled = Styled(number, style="dim").append(shown, style="not dim")
    start = max(span.start_column - indent, 0)
    end = span.end_column - indent if span.end_line == span.start_line else len(shown)
    width = max(min(end, len(shown)) - start, 1)
    if start < len(shown):
        styled.append("\n" + " " * 5 + " | " + " " * start, style="dim").append("^" * width, style="red")
    return styled


def _tables(report: Report) -> Iterator[Table]:
    if report.findings:
        table = Table(title="Findings by rule", title_justify="left", box=None, pad_edge=False)
        table.add_column("rule")
        for name in ("severity", "findings", "debt"):
            table.add_column(name, justify="right")
        worst: dict[str, Severity] = {}
        for finding in report.findings:
            worst[finding.rule] = max(finding.severity, worst.get(finding.rule, finding.severity))
        for rule, count, minutes in report.by_rule:
            severity = Styled(worst[rule].label, style=_STYLES[worst[rule]])
            table.add_row(Styled(rule), severity, str(count), hours(minutes))
        yield table
    if len(report.addons) > 1 and not report.partial:
        yield _addon_table(report)
    if report.porting is not None and report.porting.addons and not report.partial:
        yield porting_table(report.porting)


def _addon_table(report: Report) -> Table:
    table = Table(title="\nDebt by addon", title_justify="left", box=None, pad_edge=False)
    ordered = sorted(report.addons, key=lambda addon: (-addon.debt.minutes, addon.name))
    widest = max(len(report.title_of(addon)) for addon in ordered[:30])
    table.add_column("addon", no_wrap=True, min_width=min(widest, _MAX_NAME))
    for name in ("series", "lines", "findings", "debt", "per 100 lines", "grade", "score"):
        table.add_column(name, justify="right")
    for addon in ordered[:30]:
        debt = addon.debt
        table.add_row(
            Styled(printable(report.title_of(addon)) or "beside the addons"),
            addon.series or "?",
            str(debt.loc),
            str(debt.findings),
            hours(debt.minutes),
            f"{debt.density:.0f} min",
            Styled(debt.grade, style=_GRADES[debt.grade]),
            str(debt.score),
        )
    if len(ordered) > 30:
        rest = sum(addon.debt.minutes for addon in ordered[30:])
        table.add_row(Styled(f"… {len(ordered) - 30} more"), "", "", "", hours(rest), "", "", "")
    return table


def _closing(report: Report) -> Iterator[Styled]:
    for text in report.problem_lines:
        yield Styled(printable(text), style="red")
    for notice in report.notices:
        yield Styled(printable(f"note: {notice}"), style="dim")
    yield from _hidden(report)
    yield from (Styled(line, style="dim") for line in _made_of(report))
    yield from infrastructure.text_lines(report)
    yield _summary(report)
    for failure in report.failures:
        yield Styled(failure, style="bold red")


def _hidden(report: Report) -> Iterator[Styled]:
    hidden = []
    if report.compared is not None and report.compared.hidden:
        hidden.append(f"{len(report.compared.hidden)} known ({hours(report.compared.hidden_minutes)})")
    if report.suppressed:
        hidden.append(f"{len(report.suppressed)} accepted by comments")
    if report.unsure:
        hidden.append(f"{len(report.unsure)} of low confidence (--min-confidence low shows them)")
    if report.filtered:
        hidden.append(f"{report.filtered} in files or of a severity not asked for")
    if hidden:
        yield Styled("not shown: " + ", ".join(hidden), style="dim")
    for row in report.accepted:
        yield Styled(f"  accepted: {_accepted(row)}", style="dim")


def _accepted(row: Accepted) -> str:
    """``"eval-used 3 (1 h 30): checked by hand (2), no reason (1)"``."""
    reasons = [
        f"{_short(reason) or 'no reason'}{f' ({count})' if len(row.reasons) > 1 else ''}"
        for reason, count in row.reasons[:_MAX_REASONS]
    ]
    if len(row.reasons) > _MAX_REASONS:
        reasons.append(f"{len(row.reasons) - _MAX_REASONS} more")
    return f"{row.rule} {row.findings} ({hours(row.minutes)}): {', '.join(reasons)}"


def _short(reason: str) -> str:
    text = " ".join(printable(reason).split())
    return text if len(text) <= _MAX_REASON else f"{text[: _MAX_REASON - 1]}…"


def _made_of(report: Report) -> Iterator[str]:
    """What was looked at, and how it compares with the baseline."""
    entries = report.inventory.entries if not report.partial else ()
    if entries:
        classes = ", ".join(f"{count} {kind}" for kind, count in report.inventory.classes.items())
        yield f"{counted(len(entries), 'addon')}: {classes}"
    if report.compared is not None:
        shown = len(report.findings) - len(report.new)
        known = shown + len(report.compared.hidden)
        new = f"{len(report.new)} new ({hours(sum(finding.minutes for finding in report.new))})"
        yield f"baseline: {known} known, {new}, {report.compared.gone} no longer found"
    if report.findings and not report.partial:
        blocks = (item for item in blocks_of(report) if item.judged)
        marks = (f"{item.block.value} {item.debt.grade} {item.debt.score}" for item in blocks)
        yield f"by block: {', '.join(marks)}"
    if report.porting is not None and not report.partial:
        yield from map(printable, porting_lines(report.porting))
    if line := trend(report.history):
        yield f"trend: {line}"


def _summary(report: Report) -> Styled:
    debt = report.debt
    line = Styled(f"\n{counted(len(report.findings), 'finding')}")
    if report.findings:
        parts = (f"{count} {severity.label}" for severity, count in report.by_severity.items() if count)
        line.append(f" ({', '.join(parts)})")
    line.append(f" in {counted(sum(1 for addon in report.addons if addon.name), 'addon')}")
    if report.partial:
        return line.append(f", only the given files, {hours(debt.minutes)} to mend")
    _, best, worst = effort_range(debt.minutes, sum(1 for addon in report.addons if addon.debt.minutes))
    line.append(f", {counted(debt.loc, 'line')} of code: ")
    line.append(f"{debt.hours:.1f} hours of debt", style="bold")
    line.append(f", {debt.density:.0f} min per 100 lines, grade ")
    line.append(debt.grade, style=_GRADES[debt.grade])
    line.append(f", score {debt.score}/100")
    if debt.minutes:
        line.append(f"\nEffort to pay it off, with tests: {best:.0f} to {worst:.0f} hours", style="dim")
    return line
