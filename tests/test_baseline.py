"""Baselines: what is known stays known after edits elsewhere, and only what is new is judged."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from report_data import finding
from test_cli import INJECTION, lint, make_addon

from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.finding import Location, Span
from odoo_debt_lint.outcome.baseline import Entry, as_text, compare, load
from odoo_debt_lint.outcome.fingerprint import matched
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

ADDONS = Path(__file__).parent.parent / "testdata" / "addons"
RUFF = Path(sys.executable).with_name("ruff")
STARTS = re.compile(r"^( *)(?=(?:def|class|import|from|return|for|if) |@)", re.M)
ATTRIBUTES = re.compile(r'<(?!\?)([\w.]+)((?:\s+[\w.:-]+="[^"]*")+)(\s*/?>)')
TWO = "    cr.execute('delete %s' % x)\n"


def fingerprints(folder: Path) -> list[str]:
    """Those of all findings, shown or not."""
    report = run([str(folder)], Settings(cache=False, jobs=1))
    findings = (*report.findings, *report.unsure, *report.suppressed)
    return sorted(item.fingerprint for item in findings)


@cache
def original(place: Path) -> tuple[str, ...]:
    return tuple(fingerprints(shutil.copytree(ADDONS, place / "original")))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("baseline")


def edit(folder: Path, pattern: str, change: re.Pattern[str], text: str) -> None:
    for path in folder.rglob(pattern):
        path.write_text(change.sub(text, path.read_text("utf-8")), encoding="utf-8")


def moved_lines(folder: Path, number: int) -> None:
    edit(folder, "*.py", STARTS, "\\1# a word\n" * number + "\\1")
    edit(folder, "*.xml", re.compile(r"(?=<record |<template )"), "<!-- a word -->\n" * number)


def other_layout(folder: Path, width: int, quotes: str) -> None:
    command = [RUFF, "format", "--quiet", "--isolated", "--line-length", str(width), "--no-cache"]
    command += ["--config", f"format.quote-style='{quotes}'", folder]
    subprocess.run(command, check=False, stderr=subprocess.DEVNULL)  # not what is no Python 3
    edit(folder, "*.xml", ATTRIBUTES, lambda tag: tag[0].replace('" ', '"\n      '))  # type: ignore[arg-type]


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    lines=st.integers(0, 3),
    width=st.sampled_from([0, 30, 60, 200]),
    quotes=st.sampled_from(["single", "double"]),
    name=st.sampled_from(["addons", "custom/src", "x"]),
)
def test_edits_elsewhere_change_no_finding(
    place: Path, lines: int, width: int, quotes: str, name: str
) -> None:
    expected = original(place)
    root = place / "edited"
    shutil.rmtree(root, ignore_errors=True)
    folder = shutil.copytree(ADDONS, root / name)
    moved_lines(folder, lines)
    if width and RUFF.exists():
        other_layout(folder, width, quotes)
    assert len(expected) > 40
    assert fingerprints(root) == list(expected)


def test_renamed_addon_is_known(place: Path) -> None:
    """All but what stands for a whole file: only its place tells it from others."""
    old = shutil.copytree(ADDONS / "sale_gift_card", place / "old" / "sale_gift_card")
    new = shutil.copytree(old, place / "new" / "gift_voucher")
    before, after = fingerprints(old.parent), fingerprints(new.parent)
    assert not set(before) & set(after)
    assert len(matched(before, after)) >= len(before) - 1


# the file


def test_file_is_sorted_with_a_finding_a_line(tmp_path: Path) -> None:
    second = finding(location=Location("a.py", Span(9, 0, 9, 1)), fingerprint="1" * 32)
    text = as_text([finding(), second, finding()])
    assert text.splitlines()[4:6] == [
        '  {"path": "a.py", "rule": "sql-injection", "fingerprint": "11111111111111111111111111111111"},',
        '  {"path": "shop/models/sale.py", "rule": "sql-injection", "fingerprint": '
        '"ffffffffffffffffffffffffffffffff"}',
    ]
    path = tmp_path / "baseline.json"
    path.write_text(text)
    assert [entry.fingerprint for entry in load(str(path))] == ["1" * 32, "f" * 32]
    path.write_text(as_text([]))
    assert load(str(path)) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"tool": "odoo-debt-lint", "baseline": 2, "findings": []}',
        b'{"tool": "psalm", "baseline": 1, "findings": []}',
        b'{"tool": "odoo-debt-lint", "baseline": 1, "findings": [{"path": "a", "rule": "b"}]}',
        b'<<<<<<< HEAD\n{"tool": "odoo-debt-lint"',
    ],
)
def test_foreign_files_are_one_line_and_2(tmp_path: Path, content: bytes) -> None:
    make_addon(tmp_path, "shop")
    (tmp_path / "b.json").write_bytes(content)
    with pytest.raises(UsageError):
        load(str(tmp_path / "b.json"))
    done = lint(tmp_path / "shop", "--baseline", tmp_path / "b.json")
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("options", [["--new-only"], ["--max-new-debt", "1"], ["--baseline", "missing.json"]])
def test_options_that_need_a_baseline(tmp_path: Path, options: list[str]) -> None:
    make_addon(tmp_path, "shop")
    assert lint(tmp_path, *options).code == 2


def test_gone_is_only_what_was_looked_for() -> None:
    entries = [
        Entry("shop/a.py", "sql-injection", "1" * 32),
        Entry("shop/a.py", "other-rule", "2" * 32),
        Entry("elsewhere/a.py", "sql-injection", "3" * 32),
    ]
    assert compare(entries, [], ["sql-injection"], ["shop"]).gone == 1


# a run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose one finding is in the baseline."""
    (tmp_path / ".git").mkdir()
    make_addon(tmp_path, "shop", {"models/sale.py": INJECTION})
    done = lint(tmp_path, "--write-baseline", tmp_path / "b.json")
    assert done.code == 0
    assert "1 finding accepted" in done.err
    return tmp_path


def add_finding(project: Path) -> None:
    path = project / "shop" / "models" / "sale.py"
    path.write_text(path.read_text() + TWO)


def test_known_findings_do_not_fail(project: Path) -> None:
    done = lint(project, "--baseline", project / "b.json")
    assert done.code == 0
    assert " sql-injection known  " in done.out
    assert "baseline: 1 known, 0 new (0 min), 0 no longer found" in done.out
    assert lint(project, "--baseline", project / "b.json", "--max-debt", "0.1").code == 1


def test_new_findings_fail(project: Path) -> None:
    add_finding(project)
    done = lint(project, "--baseline", project / "b.json", "--output-format", "json")
    assert done.code == 1
    assert "failed: 1 new finding of severity high or above" in done.err
    assert [item.get("known", False) for item in done.data["findings"]] == [True, False]
    numbers = done.data["summary"]["baseline"]
    assert (numbers["known"], numbers["new"], numbers["hidden"]) == (1, 1, 0)


def test_new_only_neither_shows_nor_charges(project: Path) -> None:
    add_finding(project)
    options = ("--baseline", project / "b.json", "--output-format", "json")
    everything, new = lint(project, *options), lint(project, *options, "--new-only")
    assert new.found == ["shop/models/sale.py:3 sql-injection"]
    numbers = new.data["summary"]["baseline"]
    assert new.data["summary"]["debtMinutes"] == numbers["newDebtMinutes"] > 0
    total = numbers["newDebtMinutes"] + numbers["hiddenDebtMinutes"]
    assert total == everything.data["summary"]["debtMinutes"]
    assert numbers["newDebtMinutes"] == everything.data["summary"]["baseline"]["newDebtMinutes"]
    assert "not shown: 1 known" in lint(project, *options[:2], "--new-only").out


def test_limit_of_new_debt(project: Path) -> None:
    options = ("--baseline", project / "b.json", "--fail-on", "never", "--max-new-debt", "0.5")
    assert lint(project, *options).code == 0
    add_finding(project)
    done = lint(project, *options)
    assert done.code == 1
    assert "hours of new debt are above the limit of 0.5" in done.out
    assert lint(project, *options, "--max-new-debt", "9").code == 0


def test_mended_findings_are_gone(project: Path) -> None:
    (project / "shop" / "models" / "sale.py").write_text("x = 1\n")
    assert "0 known, 0 new (0 min), 1 no longer found" in lint(project, "--baseline", project / "b.json").out


def test_baseline_written_anew_keeps_what_is_known(project: Path) -> None:
    add_finding(project)
    both = ("--baseline", project / "b.json", "--new-only", "--write-baseline", project / "b.json")
    assert lint(project, *both).code == 0
    assert len(load(str(project / "b.json"))) == 2
    before = (project / "b.json").read_bytes()
    lint(project, "--write-baseline", project / "b.json")
    assert (project / "b.json").read_bytes() == before


def test_single_files_make_no_baseline(project: Path) -> None:
    done = lint(project / "shop" / "models" / "sale.py", "--write-baseline", project / "c.json")
    assert done.code == 2
    assert not (project / "c.json").exists()


def test_configured_baseline_is_beside_the_configuration(project: Path) -> None:
    (project / ".odoo-debt-lint.toml").write_text('baseline = "b.json"\nnew-only = true\n')
    assert json.loads(lint(project, "--output-format", "json").out)["findings"] == []
