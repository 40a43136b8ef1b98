"""The debt model on real addons: the committed table of ``tests/benchmarks/calibrate.py``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.calibrate import TABLE, debt_of, read, separation, shares

from odoo_debt_lint.outcome.debt import MINUTES_PER_LINE, MODEL_VERSION

ROOT = Path(__file__).parent
MODEL, ROWS = read()
OCA, CLIENT = ([row for row in ROWS if row[0] == name] for name in ("oca", "client"))


def test_table_is_that_of_the_model() -> None:
    assert MODEL == MODEL_VERSION
    for row in ROWS:
        debt = debt_of(row, MINUTES_PER_LINE)
        assert (debt.score, debt.grade) == row[6:]


@pytest.mark.parametrize("rows", [OCA, CLIENT], ids=["oca", "client"])
def test_grades_spread(rows: list[tuple[object, ...]]) -> None:
    assert len(rows) >= 300
    parts = shares(rows)  # type: ignore[arg-type]
    assert max(parts.values()) <= 0.6
    assert sum(part >= 0.05 for part in parts.values()) >= 4


def test_grades_tell_the_sets_apart() -> None:
    assert separation(OCA, CLIENT) > 0.75
    good = [sum(shares(rows)[grade] for grade in "AB") for rows in (OCA, CLIENT)]
    assert good[0] > 2 * good[1]


def test_table_can_be_made_again(tmp_path: Path) -> None:
    """From addons of our own: one line each, without their names."""
    for name in ("oca", "client"):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "project").symlink_to(ROOT.parent / "testdata" / "addons")
    table = tmp_path / "table.csv"
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / "benchmarks" / "calibrate.py"),
            str(tmp_path / "in"),
            "--table",
            str(table),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    model, rows = read(table)
    assert model == MODEL_VERSION
    assert [row[1:] for row in rows if row[0] == "oca"] == [row[1:] for row in rows if row[0] == "client"]
    assert len(rows) == 8
    assert "stock_label_printer" not in table.read_text()
    assert "in 50% of all pairs" in done.stdout


def test_table_tells_nobody() -> None:
    header, *lines = TABLE.read_text().splitlines()[1:]
    assert header == "set,lines,findings,minutes,worst,security,score,grade"
    assert len(lines) == len(ROWS)
