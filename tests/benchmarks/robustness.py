"""Whole corpora without a crash or a hang: what was read, what was refused and why, and the slowest file.

    python tests/benchmarks/robustness.py "OCA 16.0=corpus/16.0" "clients=a,b" [--markdown FILE]

Each set is one row: a label and its folders. The table has no names of files, as sets may be private;
``--details`` writes them to a file of one's own. An internal error, a crash or a timeout is exit code 1.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from odoo_debt_lint.addons.manifest import NAMES
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.job import Job
from odoo_debt_lint.reading.worker import Worker
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

FATAL = ("internal-error", "crash", "timeout", "engine")
HEAD = (
    "| set | addons | distinct | files read | MB | findings | files refused | slowest file | wall s |",
    "|---|---:|---:|---:|---:|---:|---|---|---:|",
)


@dataclass
class Row:
    """What the runs over the folders of one set brought."""

    label: str
    addons: int = 0
    distinct: set[str] = field(default_factory=set)
    files: int = 0
    size: int = 0
    findings: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int, str] = (0.0, 0, "")
    wall: float = 0.0

    def __str__(self) -> str:
        why = ", ".join(f"{count} {kind}" for kind, count in sorted(self.refused.items())) or "none"
        seconds, size, path = self.slowest
        slowest = f"{seconds:.1f} s ({size / 1000:.0f} kB {Path(path).suffix[1:]})"
        cells = (
            self.label, self.addons, len(self.distinct), self.files, f"{self.size / 1e6:.0f}",
            self.findings, why, slowest, f"{self.wall:.0f}",
        )  # fmt: skip
        return f"| {' | '.join(map(str, cells))} |"


def timed(log: Path) -> None:
    """Lets every worker note how long each file took it."""
    real = Worker.run

    def noting(self: Worker, job: Job, content: bytes | None = None) -> FileResult:
        start = time.process_time()
        result = real(self, job, content)
        line = json.dumps([time.process_time() - start, job.real])
        with log.open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")
        return result

    Worker.run = noting  # type: ignore[method-assign]


def measure(row: Row, folder: Path, log: Path, details: list[str]) -> None:
    """One run over one folder, added to its set."""
    log.write_text("")
    start = time.monotonic()
    report = run([str(folder)], Settings(cache=False, respect_gitignore=False))
    row.wall += time.monotonic() - start
    row.addons += len(report.addons)
    row.findings += len(report.findings)
    for problem in report.problems:
        row.refused[problem.kind] += 1
        place = f"{folder.name}/{problem.path}:{problem.line}"
        details.append(f"{row.label}\t{place}\t{problem.kind}: {problem.message}")
    for line in log.read_text("utf-8").splitlines():
        seconds, real = json.loads(line)
        size = os.path.getsize(real)
        row.files, row.size = row.files + 1, row.size + size
        row.slowest = max(row.slowest, (seconds, size, real))
    row.distinct |= {_shape(path.parent) for name in NAMES for path in folder.rglob(name)}
    details.append(f"{row.label}\tslowest so far\t{row.slowest}")


def _shape(addon: Path) -> str:
    """A digest of an addon's names and sizes: copies of one addon in several repositories are the same."""
    files = (path for path in addon.rglob("*") if path.suffix in (".py", ".xml", ".csv") and path.is_file())
    names = sorted((str(path.relative_to(addon)), path.stat().st_size) for path in files)
    return hashlib.blake2b(repr((addon.name, names)).encode("utf-8", "replace"), digest_size=8).hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="+", metavar="LABEL=FOLDER[,FOLDER]")
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--details", type=Path)
    args = parser.parse_args()
    rows: list[Row] = []
    details: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        timed(log)
        for item in args.sets:
            label, _, folders = item.partition("=")
            rows.append(Row(label))
            for name in folders.split(","):
                measure(rows[-1], Path(name), log, details)
            print(rows[-1], flush=True)
    if args.markdown:
        args.markdown.write_text("\n".join((*HEAD, *map(str, rows))) + "\n", "utf-8")
    if args.details:
        args.details.write_text("\n".join(details) + "\n", "utf-8")
    fatal = sum(row.refused[kind] for row in rows for kind in FATAL)
    print(f"{fatal} crashes, internal errors and timeouts")
    return 1 if fatal else 0


if __name__ == "__main__":
    sys.exit(main())
