"""The audit as Markdown: tables stay tables, and no text of the linted code turns into markup."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from markdown_reader import Reader
from report_data import RULES, finding, report
from test_report_html import EVIL, evil

from odoo_debt_lint.finding import Location, Span
from odoo_debt_lint.outcome.debt import debt_of
from odoo_debt_lint.report.cover import Cover
from odoo_debt_lint.report.gfm import code, plain, table
from odoo_debt_lint.report.json import document
from odoo_debt_lint.report.markdown import as_markdown
from odoo_debt_lint.report.model import AddonReport, Report
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

ADDONS = Path(__file__).parent.parent / "testdata" / "addons"


@pytest.fixture(scope="module")
def addons() -> Report:
    return run([str(ADDONS)], Settings(cache=False))


def cells(line: str) -> list[str]:
    """The cells of a table's line as GitHub cuts it: at bars that no backslash precedes."""
    return re.split(r"(?<!\\)\|", line)[1:-1]


def outside_code(text: str) -> str:
    """The text without its code, fenced and inline."""
    text = re.sub(r"^```\n.*?^```\n", "", text, flags=re.S | re.M)
    return re.sub(r"(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)", "", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a_b *c* [x](y)", r"a\_b \*c\* \[x\](y)"),
        ("<b> & `x` | ~y~", r"\<b\> \& \`x\` \| \~y\~"),
        ("see @api.depends and #12", "see @<!-- -->api.depends and #<!-- -->12"),
        ("https://x.org www.x.org", r"https\://x.org www\.x.org"),
        ("- a\n- b", r"\- a - b"),
        ("1. a", r"1\. a"),
        ("well-formed: (yes)", "well-formed: (yes)"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("x", "`x`"), ("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("a\nb", "`a b`"), ("", "")],
)
def test_code(text: str, expected: str) -> None:
    assert code(text) == expected


@pytest.mark.parametrize("text", ["a|b", r"a\|b", r"a\\|b", r"a\\\|b", "`|`", "|", "\\", "a\\"])
def test_no_text_breaks_a_row(text: str) -> None:
    read = Reader("\n".join(table(["one", "two"], [[code(text), plain(text)]])))
    assert read.widths == {2}
    assert read.text.endswith(text)


def test_tables_escape_bars() -> None:
    made = table(["a", "b"], [[code("x | y"), plain("p | q")]], [1])
    assert made == ["| a | b |", "| --- | ---: |", r"| `x \| y` | p \| q |", ""]


@pytest.mark.parametrize("hostile", [True, False])
def test_all_tables_are_whole(hostile: bool, tmp_path: Path, addons: Report) -> None:
    lines = as_markdown(evil(tmp_path) if hostile else addons, Cover(hourly_rate=80)).split("\n")
    tables = 0
    for number, line in enumerate(lines):
        if not re.fullmatch(r"\|( -+:? \|)+", line):
            continue
        tables += 1
        wide = len(cells(line))
        assert lines[number - 2] == ""
        assert len(cells(lines[number - 1])) == wide
        rest = lines[number + 1 :]
        assert all(len(cells(row)) == wide for row in rest[: rest.index("")])
    assert tables >= 5


def test_nothing_from_outside_becomes_markup(tmp_path: Path) -> None:
    made = outside_code(as_markdown(evil(tmp_path), Cover(EVIL, EVIL, 10, EVIL)))
    left = made.replace("<!-- -->", "").replace("  <br>", "")
    assert not re.search(r"(?<!\\)<", left)
    assert "alert" in left


def test_as_a_reader_of_markdown_sees_it(tmp_path: Path) -> None:
    read = Reader(as_markdown(evil(tmp_path), Cover(EVIL, EVIL, 10, EVIL)))
    assert read.html <= {"<!-- -->", "<br>"}
    assert not read.tags & {"a", "img"}
    assert read.text.count("alert(1)") > 10


def test_nobody_is_mentioned(tmp_path: Path) -> None:
    made = outside_code(as_markdown(report(tmp_path, finding(message="@bob fixes #1 at https://x.org"))))
    assert not re.search(r"[@#]\w|\w://", made)


def test_many_findings_are_counted_not_dropped(tmp_path: Path) -> None:
    items = [
        finding(location=Location("shop/a.py", Span(line, 0, line, 1)), addon=f"addon_{line % 3}")
        for line in range(1, 31)
    ]
    made = as_markdown(report(tmp_path, *items))
    assert made.count("shop/a.py:") == 5
    assert "- and 25 more (" in made


def test_figures(addons: Report) -> None:
    made = as_markdown(addons, Cover("Audit", "Shop", 100, "CHF"))
    summary = document(addons)["summary"]
    assert made.startswith("# Audit\n\nShop, 4 addons, ")
    assert f"**Grade {summary['grade']} ({summary['score']}/100)**" in made
    assert f"| **Expected** | {summary['effortHours']['expected']:,.1f} |" in made
    assert f"{summary['effortHours']['expected'] * 100:,.0f} CHF" in made
    levels = [len(found) for found in re.findall(r"^(#+) ", outside_code(made), re.M)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_same_input_same_bytes(addons: Report) -> None:
    assert as_markdown(run([str(ADDONS)], Settings(cache=False))) == as_markdown(addons)


def test_many_addons_are_counted_not_dropped(tmp_path: Path) -> None:
    item = finding()
    lines = tuple(
        AddonReport(f"addon_{n:03}", f"addon_{n:03}", "16.0", "manifest", "", 1, debt_of([item], 10, RULES))
        for n in range(130)
    )
    made = as_markdown(report(tmp_path, *[msgspec.structs.replace(item) for _ in lines], addons=lines))
    assert "and 30 more (30 h)" in made
