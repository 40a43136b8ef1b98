"""Two reports against each other, and the history of many."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from markdown_reader import TABLE, Reader
from report_data import finding, report
from test_cli import INJECTION, lint, make_addon

from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.finding import Finding, Location, Severity, Span
from odoo_debt_lint.outcome import compare
from odoo_debt_lint.outcome.debt import MODEL_VERSION
from odoo_debt_lint.report import changes as writers
from odoo_debt_lint.report import history
from odoo_debt_lint.report.json import as_json
from odoo_debt_lint.report.model import Report

BASE = "a" * 12  # what is wrong
ADDON = "b" * 6


def made(tmp_path: Path, name: str, *findings: Finding, **options: Any) -> compare.Document:
    path = tmp_path / f"{name}.json"
    path.write_text(as_json(report(tmp_path, *findings, **options)))
    return compare.read(str(path))


def known(number: int, path: str = "shop/models/sale.py", **options: Any) -> Finding:
    """A finding with the same code as all others, in the addon shop; the path is part of its identity."""
    place = f"{sum(path.encode()):06x}"
    options.setdefault("location", Location(path, Span(number, 0, number, 4)))
    return finding(fingerprint=f"{number:012x}{ADDON}{place}{number:08x}", **options)


def test_what_happened(tmp_path: Path) -> None:
    old = made(tmp_path, "old", known(1), known(2), known(3), known(4))
    accepted = known(3, suppressed="checked by hand")
    moved = known(2, "shop/models/other.py")
    new = made(tmp_path, "new", known(1), moved, known(9), suppressed=(accepted,))
    found = compare.changes(old, new)
    assert [item.line for item in found.new] == [9]
    assert [item.line for item in found.fixed] == [4]
    assert [(before.path, after.path) for before, after in found.moved] == [
        ("shop/models/sale.py", "shop/models/other.py")
    ]
    assert [item.line for item in found.accepted] == [3]
    assert found.same == 1
    assert found.total.minutes == -60
    assert [(item.name, item.minutes) for item in found.addons] == [("shop", -60)]


def test_equal_reports(tmp_path: Path) -> None:
    old = made(tmp_path, "old", known(1))
    found = compare.changes(old, old)
    assert (found.new, found.fixed, found.moved, found.addons, found.same) == ((), (), (), (), 1)
    assert writers.as_text(found) == (
        "Debt 1.0 h → 1.0 h (+0.0 h), grade C\n0 new (0.0 h), 0 fixed (0.0 h), 0 moved, 1 unchanged\n"
    )


def test_text(tmp_path: Path) -> None:
    old = made(tmp_path, "old", known(1))
    new = made(tmp_path, "new", known(1), known(5, severity=Severity.CRITICAL), known(6))
    lines = writers.as_text(compare.changes(old, new)).splitlines()
    assert lines[0] == "Debt 1.0 h → 3.0 h (+2.0 h), grade C → D, score 74 → 49"
    assert lines[1] == "2 new (2.0 h), 0 fixed (0.0 h), 0 moved, 1 unchanged"
    assert lines[4].startswith("  shop/models/sale.py:5 critical sql-injection  SQL is text")
    assert lines[-1] == "  shop: 1.0 h → 3.0 h (+2.0 h), grade C → D, score 74 → 49"


def test_markdown_takes_nothing_from_findings(tmp_path: Path) -> None:
    evil = known(5, "a|b`<i>.py", message="<img src=x> | [x](http://y) @all\n# z")
    found = compare.changes(made(tmp_path, "old", known(1)), made(tmp_path, "new", evil))
    text = writers.as_markdown(found)
    read = Reader(text)
    assert read.tags <= {"h3", "h4", "p", "strong", "code"} | TABLE
    assert read.html == {"<details><summary>1 fixed</summary>", "</details>", "<!-- -->"}
    assert read.widths == {5}
    assert "@all" not in text
    assert "a|b`<i>.py:5" in read.code
    assert "<img src=x> | [x](http://y)" in read.text


def test_markdown_fits_into_a_comment(tmp_path: Path) -> None:
    many = [known(n, "d/" * 300 + "s.py", message="<" * 900) for n in range(1, 500)]
    text = writers.as_markdown(
        compare.changes(made(tmp_path, "a", *many[:250]), made(tmp_path, "b", *many[250:]))
    )
    assert "… and 209 more" in text
    assert len(text) < 65_536


def test_json(tmp_path: Path) -> None:
    old, new = (
        made(tmp_path, "old", known(1), known(2)),
        made(tmp_path, "new", known(2, "shop/a.py"), known(3)),
    )
    data = json.loads(writers.as_json(compare.changes(old, new)))
    assert set(data) == {"schema", "total", "addons", "new", "fixed", "moved", "accepted", "same", "notices"}
    assert data["total"]["debtMinutes"] == 0
    assert data["total"]["old"] == {
        "findings": 2,
        "debtMinutes": 120,
        "linesOfCode": 200,
        "grade": "C",
        "score": 69,
    }
    assert data["new"][0]["line"] == 3
    assert data["moved"][0]["new"]["path"] == "shop/a.py"


def test_reports_that_do_not_compare_well(tmp_path: Path) -> None:
    old = made(tmp_path, "old", known(1))
    path = tmp_path / "old.json"
    path.write_text(path.read_text().replace(f'"debtModel": "{MODEL_VERSION}"', '"debtModel": "0"'))
    new = made(tmp_path, "new", partial=True)
    found = compare.changes(compare.read(str(path)), new)
    assert f"debt models differ (0, {MODEL_VERSION}): hours do not compare" in found.notices
    assert any("single files" in notice for notice in found.notices)
    ported = msgspec.structs.replace(old, migration=compare.Target("18.0"))
    assert "targets of migration differ (none, 18.0)" in " ".join(compare.changes(old, ported).notices)
    assert compare.changes(old, old).notices == ()
    assert writers.as_text(found)
    assert writers.as_markdown(found)


@pytest.fixture
def reports(tmp_path: Path) -> tuple[Path, Path]:
    """Of a project whose addon ``shop`` became ``store``."""
    (tmp_path / ".git").mkdir()
    made = tmp_path / "old.json", tmp_path / "new.json"
    folder = make_addon(tmp_path, "shop", {"models/sale.py": INJECTION})
    lint(tmp_path, "--output-format", f"json:{made[0]}", "--exit-zero")
    folder.rename(tmp_path / "store")
    lint(tmp_path, "--output-format", f"json:{made[1]}", "--exit-zero")
    return made


def test_renamed_addon(reports: tuple[Path, Path]) -> None:
    done = lint("compare", *reports)
    assert done.code == 0
    assert "0 new (0.0 h), 0 fixed (0.0 h), 1 moved, 0 unchanged" in done.out
    assert "  shop/models/sale.py:2 → store/models/sale.py:2 sql-injection" in done.out
    assert "  shop: 1.5 h → none (-1.5 h), gone, grade C" in done.out
    assert "  store: none → 1.5 h (+1.5 h), new, grade C" in done.out


def test_command_line(reports: tuple[Path, Path], tmp_path: Path) -> None:
    assert lint("compare", *reports, "--format", "markdown").out.startswith("### odoo-debt-lint\n")
    lint("compare", *reports, "--format", "json", "--output", tmp_path / "c.json")
    assert json.loads((tmp_path / "c.json").read_text())["moved"]
    page = lint("compare", *reports, "--format", "html", "--lang", "de", "--client", "ACME").out
    assert "<h1>Vergleich zweier Prüfungen</h1>" in page
    assert "ACME" in page
    assert lint("compare", *reports, "--format", "html", "--lang", "xx").code == 2
    assert lint("compare", *reports, "--format", "pdf").code == 2
    assert lint("compare", *reports, "--output", tmp_path).code == 2


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[" * 100_000, b'{"schema": 1, "tool": 3}'])
def test_foreign_files_are_one_line_and_2(reports: tuple[Path, Path], content: bytes) -> None:
    reports[1].write_bytes(content)
    done = lint("compare", *reports)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert lint("compare", reports[0], reports[0].with_name("missing.json")).code == 2


# history


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    make_addon(tmp_path, "shop", {"models/sale.py": INJECTION})
    return tmp_path


def test_a_line_a_run(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = project / "history.jsonl"
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert "trend:" not in lint(project, "--history", path).out
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    (project / "shop" / "models" / "sale.py").write_text("x = 1\n")
    done = lint(project, "--history", path)
    assert "trend: █▁ 1.5 h → 0.0 h over 2 runs, grade C → A; -1.5 h since the run before" in done.out
    first, second = (json.loads(line) for line in path.read_text().splitlines())
    assert (first["date"], second["date"]) == (None, "1970-01-02T00:00:00Z")
    assert (first["debtMinutes"], second["debtMinutes"]) == (90, 0)
    assert first["bySeverity"] == {"critical": 0, "high": 1, "medium": 0, "low": 0}


def test_same_tree_same_line(project: Path) -> None:
    for name in ("a", "b"):
        lint(project, "--history", project / name)
    assert (project / "a").read_bytes() == (project / "b").read_bytes()


def test_line_without_its_end_is_not_continued(project: Path) -> None:
    path = project / "history.jsonl"
    lint(project, "--history", path)
    path.write_bytes(path.read_bytes().rstrip())
    lint(project, "--history", path)
    assert len(history.load(str(path))) == 2


@pytest.mark.parametrize(
    ("minutes", "told"), [(0, "+0.0 h"), (2, "+0.0 h"), (-2, "+0.0 h"), (-3, "-0.1 h"), (150, "+2.5 h")]
)
def test_changes_have_no_negative_zero(minutes: int, told: str) -> None:
    assert history.more(minutes) == told


def test_broken_history_stops_the_run(project: Path) -> None:
    path = project / "history.jsonl"
    path.write_text('{"history": 1}\n')
    done = lint(project, "--history", path)
    assert (done.code, done.out) == (2, "")
    assert "line 1 is no history of odoo-debt-lint" in done.err
    assert path.read_text() == '{"history": 1}\n'
    path.unlink()
    lint(project, "--history", path)
    path.write_text(re.sub(r'"debtMinutes":\d+', '"debtMinutes":-50000', path.read_text()))
    assert "line 1 is no history of odoo-debt-lint" in lint(project, "--history", path).err


def test_history_needs_whole_addons(project: Path) -> None:
    path = project / "history.jsonl"
    assert lint(project / "shop" / "models" / "sale.py", "--history", path).code == 2
    assert not path.exists()


def test_odd_dates(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("yesterday", "-1", "9" * 30, "9" * 5000):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
        assert lint(project, "--history", project / "h").code == 2


def test_trend_of_many_runs(tmp_path: Path) -> None:
    def point(minutes: int) -> history.Point:
        made: Report = report(tmp_path, finding(minutes=minutes))
        return history.point_of(made)

    assert history.trend(()) == ""
    assert history.trend((point(60),)) == ""
    text = history.trend(tuple(point(60 * hours) for hours in range(20)))
    assert text.startswith("▃▄▄▅▅▅▆▆▆▇▇█ 8.0 h → 19.0 h over 12 runs")
    with pytest.raises(UsageError):
        history.extended((), report(tmp_path, partial=True))
