"""Text for people: frames under the code, and nothing in the linted code that steers the terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from report_data import RULES, finding, report
from rich.console import Console

from odoo_debt_lint.finding import Location, Problem, Severity, Span
from odoo_debt_lint.outcome.baseline import Compared
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.report.text import hours, print_text
from odoo_debt_lint.rule import Block, Rule

PATH = "shop/models/sale.py"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    source = tmp_path / PATH
    source.parent.mkdir(parents=True)
    lines = [
        "def f(self):",
        "        cr.execute(text)",
        "\tprint('[bold]é')",
        "x = '\x1b[31m'",
        "y = " + "1" * 500,
    ]
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def text_of(made: Report, statistics: bool = False, color: bool = False) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream, width=120, force_terminal=color, color_system="standard" if color else None
    )
    print_text(made, console, statistics, links=color)
    return stream.getvalue()


def at(line: int, start: int, end: int, last: int = 0) -> Location:
    return Location(PATH, Span(line, start, last or line, end))


@pytest.mark.parametrize(
    ("place", "code", "marks"),
    [
        (at(2, 8, 18), "cr.execute(text)", "^^^^^^^^^^"),
        (at(2, 11, 18), "cr.execute(text)", "   ^^^^^^^"),
        (at(2, 8, 8), "cr.execute(text)", "^"),
        (at(1, 0, 4, last=2), "def f(self):", "^^^^^^^^^^^^"),
        (at(3, 7, 16), "print('[bold]é')", "      ^^^^^^^^^"),
        (at(4, 0, 1), "x = ' [31m'", "^"),
        (at(5, 0, 504), "y = " + "1" * 156, "^" * 160),
    ],
)
def test_frames(root: Path, place: Location, code: str, marks: str) -> None:
    lines = text_of(report(root, finding(location=place))).splitlines()
    number = next(
        index for index, line in enumerate(lines) if line.startswith(f"{place.span.start_line:>5} | ")
    )
    assert lines[number] == f"{place.span.start_line:>5} | {code}"
    assert lines[number + 1].rstrip() == f"      | {marks}"


def test_place_that_is_no_more(root: Path) -> None:
    assert "SQL is text" in text_of(report(root, finding(location=at(99, 0, 1))))
    assert "SQL is text" in text_of(report(root, finding(location=Location("gone.py", Span(1, 0, 1, 1)))))


def test_markup_and_control_characters_are_plain(root: Path) -> None:
    odd = finding(message="[red]x[/red] \x1b]8;;http://evil\x07 a\nb", flow=(at(1, 0, 1), at(2, 8, 9)))
    made = report(root, odd, problems=(Problem("encoding", "a\x1b[2J.py", "no"),), notices=("n\x1b[1m",))
    text = text_of(made)
    assert "[red]x[/red]" in text
    assert "\x1b" not in text
    assert "\x07" not in text


def test_single_files_have_no_score(root: Path) -> None:
    text = text_of(report(root, finding(), partial=True))
    assert "1 finding (1 high) in 1 addon, only the given files, 1 h 00 to mend" in text
    assert "grade" not in text


def test_clean(root: Path) -> None:
    text = text_of(report(root))
    assert "0 findings in 1 addon, 200 lines of code: 0.0 hours of debt" in text
    assert "grade A, score 100/100" in text


def test_what_is_not_shown_is_counted(root: Path) -> None:
    hidden = report(root, suppressed=(finding(),), unsure=(finding(), finding()), filtered=3)
    line = next(line for line in text_of(hidden).splitlines() if line.startswith("not shown: "))
    assert "1 accepted by comments" in line
    assert "2 of low confidence" in line
    assert "3 in files or of a severity not asked for" in line


def test_accepted_debt_has_its_reasons(root: Path) -> None:
    reasons = ["by\x1b[31m hand", "by\x1b[31m hand", "-", "x" * 90, "y", "z"]
    accepted = [finding(suppressed=reason) for reason in reasons]
    made = report(root, suppressed=(*accepted, finding(rule="debug-leftover", minutes=5, suppressed="-")))
    lines = [line for line in text_of(made).splitlines() if line.startswith("  accepted: ")]
    told = f"by [31m hand (2), no reason (1), {'x' * 59}… (1), y (1), 1 more"
    assert lines == [
        f"  accepted: sql-injection 6 (6 h 00): {told}",
        "  accepted: debug-leftover 1 (5 min): no reason",
    ]


@pytest.mark.parametrize("rule", ["hardcoded-secret", "secret-weak"])
def test_code_of_secrets_is_not_printed(root: Path, rule: str) -> None:
    secret = Rule(Severity.HIGH, Block.SECURITY, 30, (), name="secret-weak", tags=("secret",))
    rules = {**RULES, "secret-weak": secret}
    other = finding(location=at(1, 0, 3))
    found = finding(rule=rule)
    for made in (
        report(root, found, finding(), other, rules=rules),
        report(root, finding(), other, suppressed=(found,), rules=rules),
        report(root, finding(), other, compared=Compared(hidden=(found,)), rules=rules),
    ):
        text = text_of(made)
        assert " sql-injection  SQL is text" in text
        assert "cr.execute(text)" not in text  # not even for another finding on the line
        assert "def f(self):" in text


def test_baseline_is_told(root: Path) -> None:
    known = finding(fingerprint="0" * 32)
    made = report(root, known, finding(), compared=Compared(frozenset({"0" * 32}), gone=2))
    text = text_of(made)
    assert text.count(" sql-injection known  SQL is text") == 1
    assert "baseline: 1 known, 1 new (1 h 00), 2 no longer found" in text
    hidden = report(root, finding(), compared=Compared(frozenset({"0" * 32}), (known,)))
    assert "not shown: 1 known (1 h 00)" in text_of(hidden)
    assert "baseline: 1 known, 1 new (1 h 00), 0 no longer found" in text_of(hidden)


def test_statistics_leave_out_single_findings(root: Path) -> None:
    text = text_of(report(root, finding()), statistics=True)
    assert "SQL is text" not in text
    assert "sql-injection" in text


def test_problem_that_a_finding_tells_is_not_repeated(root: Path) -> None:
    broken = finding(rule="syntax-error", location=at(3, 0, 1), message="does not parse")
    problem = Problem("syntax", PATH, "does not parse", 3)
    assert text_of(report(root, broken, problems=(problem,))).count("does not parse") == 1
    assert f"{PATH}:3: syntax: does not parse" in text_of(report(root, problems=(problem,)))


def test_rules_are_links_on_terminals(root: Path) -> None:
    text = text_of(report(root, finding(severity=Severity.CRITICAL)), color=True)
    assert "\x1b]8;" in text
    assert "checks/security/sql_injection.py" in text


@pytest.mark.parametrize(("minutes", "text"), [(0, "0 min"), (59, "59 min"), (605, "10 h 05")])
def test_hours(minutes: int, text: str) -> None:
    assert hours(minutes) == text
