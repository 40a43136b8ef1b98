"""Grades of many addons: do they spread, and do they tell well-kept code from what agencies leave behind?

    python tests/benchmarks/calibrate.py FOLDER [--table FILE] [--minutes-per-line N]

FOLDER holds a folder for each set (``oca``, ``client``), each of them projects: folders with addons, or links
to such. Writes one line an addon to the table, without anything that would tell whose it is, and prints how
the grades are spread. ``tests/test_calibration.py`` holds the table against the debt model: after a change of
the model or of many rules it has to be made anew.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from odoo_debt_lint.finding import Severity
from odoo_debt_lint.outcome.debt import MODEL_VERSION, Debt
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

TABLE = Path(__file__).parent / "calibration.csv"
COLUMNS = ("set", "lines", "findings", "minutes", "worst", "security", "score", "grade")
Row = tuple[str, int, int, int, str, str, int, str]


def rows_of(folder: Path, minutes_per_line: float) -> Iterator[Row]:
    """One row for each addon of each project of each set."""
    settings = Settings(cache=False, minutes_per_line=minutes_per_line)
    for group in sorted(item for item in folder.iterdir() if item.is_dir()):
        for project in sorted(item for item in group.iterdir() if item.is_dir()):
            report = run([str(project.resolve())], settings)
            print(f"{group.name}: {len(report.addons)} addons", file=sys.stderr)
            yield from (row_of(group.name, addon.debt) for addon in report.addons if addon.name)


def row_of(group: str, debt: Debt) -> Row:
    worst, security = (item.label if item else "" for item in (debt.worst, debt.worst_security))
    return (group, debt.loc, debt.findings, debt.minutes, worst, security, debt.score, debt.grade)


def write(path: Path, rows: Iterable[Row]) -> None:
    """The table, sorted by its figures so that the order tells nothing either."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow((f"# debt model {MODEL_VERSION}",))
        writer.writerow(COLUMNS)
        writer.writerows(sorted(rows))


def read(path: Path = TABLE) -> tuple[str, list[Row]]:
    """The version of the debt model, and the rows of a table."""
    with path.open(encoding="utf-8", newline="") as stream:
        model = stream.readline().strip().removeprefix("# debt model ")
        rows = [
            (
                line["set"],
                int(line["lines"]),
                int(line["findings"]),
                int(line["minutes"]),
                line["worst"],
                line["security"],
                int(line["score"]),
                line["grade"],
            )
            for line in csv.DictReader(stream)
        ]
    return model, rows


def debt_of(row: Row, minutes_per_line: float) -> Debt:
    """The debt of an addon as the model judges it now."""
    worst, security = (Severity[name.upper()] if name else None for name in row[4:6])
    return Debt(row[3], row[1], row[2], worst, security, minutes_per_line)


def shares(rows: Iterable[Row]) -> dict[str, float]:
    """The part of each grade, 0 to 1."""
    count = Counter(row[7] for row in rows)
    total = count.total() or 1
    return {grade: count[grade] / total for grade in "ABCDE"}


def separation(better: Iterable[Row], worse: Iterable[Row]) -> float:
    """How often an addon of the one set has a higher score than one of the other; equal ones count half."""
    one, other = [row[6] for row in better], [row[6] for row in worse]
    won = sum((left > right) + (left == right) / 2 for left in one for right in other)
    return won / (len(one) * len(other) or 1)


def summary(rows: list[Row]) -> Iterator[str]:
    """A table in Markdown."""
    yield "| set | addons | lines | hours | A | B | C | D | E | median score |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    for group in sorted({row[0] for row in rows}):
        mine = [row for row in rows if row[0] == group]
        lines, hours = sum(row[1] for row in mine), sum(row[3] for row in mine) / 60
        grades = " | ".join(f"{share:.0%}" for share in shares(mine).values())
        median = statistics.median(row[6] for row in mine)
        yield f"| {group} | {len(mine)} | {lines:,} | {hours:,.0f} | {grades} | {median:g} |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Calibrate the debt model on folders of addons.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--table", type=Path, default=TABLE)
    parser.add_argument("--minutes-per-line", type=float, default=Settings().minutes_per_line)
    arguments = parser.parse_args()
    rows = list(rows_of(arguments.folder, arguments.minutes_per_line))
    write(arguments.table, rows)
    print("\n".join(summary(rows)))
    groups = {row[0] for row in rows}
    if {"oca", "client"} <= groups:
        oca, client = ([row for row in rows if row[0] == name] for name in ("oca", "client"))
        print(f"\nAn addon of oca scores above one of client in {separation(oca, client):.0%} of all pairs.")


if __name__ == "__main__":
    main()
