"""The history of a project's debt: a file with one JSON line a run, and the trend that it draws.

A line has the date of the newest commit, or that of ``SOURCE_DATE_EPOCH``, and never the time of the run: the
same tree gives the same line.
"""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import msgspec

from odoo_debt_lint import __version__
from odoo_debt_lint.addons.git import last_changes
from odoo_debt_lint.clock import given_time
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.outcome.debt import MODEL_VERSION
from odoo_debt_lint.report.model import Point, Report

VERSION = 1
_BARS = "▁▂▃▄▅▆▇█"
_SHOWN = 12


def load(path: str) -> tuple[Point, ...]:
    """The runs so far; none where there is no file yet. Raises UsageError for what is no history."""
    try:
        lines = Path(path).read_bytes().splitlines()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    points = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                point = msgspec.json.decode(line, type=Point)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise UsageError(f"{path}: line {number} is no history of odoo-debt-lint: {error}") from None
            points.append(point)
    return tuple(points)


def extended(earlier: tuple[Point, ...], report: Report) -> tuple[Point, ...]:
    """The earlier runs and this one. Raises UsageError where it does not tell the whole debt."""
    if report.partial or (report.compared is not None and report.compared.hidden):
        raise UsageError("--history needs the debt of whole addons: no single files, no --new-only")
    return (*earlier, point_of(report))


def append(path: str, point: Point) -> None:
    """Adds a run to the file. Raises UsageError where it cannot be written."""
    content = msgspec.json.encode(point) + b"\n"
    try:
        if Path(path).exists() and Path(path).read_bytes()[-1:] not in (b"", b"\n"):
            content = b"\n" + content
        with open(path, "ab") as stream:
            stream.write(content)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None


def point_of(report: Report) -> Point:
    """The run as it stands in the file."""
    debt = report.debt
    return Point(
        history=VERSION,
        date=_date(report.root),
        version=__version__,
        debt_model=MODEL_VERSION,
        addons=sum(1 for addon in report.addons if addon.name),
        lines_of_code=debt.loc,
        findings=len(report.findings),
        by_severity={severity.label: count for severity, count in report.by_severity.items()},
        debt_minutes=debt.today,
        grade=debt.grade,
        score=debt.score,
    )


def trend(points: tuple[Point, ...]) -> str:
    """``"▇█▇ 40.0 h → 42.5 h over 3 runs, grade D → E; -2.5 h since the run before"``; empty for one run."""
    shown = points[-_SHOWN:]
    if len(shown) < 2:
        return ""
    minutes = [point.debt_minutes for point in shown]
    change = more(minutes[-1] - minutes[-2])
    figures = f"{minutes[0] / 60:.1f} h → {minutes[-1] / 60:.1f} h"
    first, last = shown[0].grade, shown[-1].grade
    grades = f"grade {last}" if first == last else f"grade {first} → {last}"
    return f"{bars(points)} {figures} over {len(shown)} runs, {grades}; {change} since the run before"


def more(minutes: int) -> str:
    """``"+2.5 h"``, ``"-2.5 h"``; what is less than can be told is ``"+0.0 h"`` on both sides of zero."""
    return f"{round(minutes / 60, 1) + 0.0:+.1f} h"


def bars(points: tuple[Point, ...]) -> str:
    """The debt of the last runs as columns of text."""
    minutes = [point.debt_minutes for point in points[-_SHOWN:]]
    top = max(max(minutes, default=0), 1)
    return "".join(_BARS[value * (len(_BARS) - 1) // top] for value in minutes)


def _date(root: Path) -> str | None:
    """The day and time of the code: what the build gives, else that of the newest commit."""
    moment = given_time()
    seconds = last_changes(root, ["."]).times.get(".", 0) if moment is None else 0
    if seconds:
        moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment is not None else None
