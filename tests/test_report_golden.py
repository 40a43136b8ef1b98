"""The reports on ``testdata/addons``, byte for byte.

After a change that is meant, ``UPDATE_GOLDEN=1 pytest tests/test_report_golden.py`` writes them anew; read
the difference before you commit it. Only a few old rules take part, and their documentation is left out, so
that a new rule or a better word changes nothing here.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from report_data import finding
from report_data import report as made_report

from odoo_debt_lint import __version__
from odoo_debt_lint.outcome.baseline import Compared
from odoo_debt_lint.reading import pool
from odoo_debt_lint.report.json import as_json
from odoo_debt_lint.report.output import FORMATS
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "testdata" / "golden"
RULES = "sql-injection,eval-used,override-missing-super,syntax-error,invalid-xml"
DOCUMENTATION = re.compile(r'("(?:fullDescription|help)": \{\n *"text": |^ *"markdown": )".*"(?=,?$)', re.M)
VERSION_LINE = re.compile(r'("(?:version|semanticVersion)": )"' + re.escape(__version__) + '"')


def report(format: str, *options: str, folder: Path = ROOT, seed: str = "0") -> str:
    """What the command writes to stdout for the addons."""
    command = [sys.executable, "-m", "odoo_debt_lint", "check", str(ROOT / "testdata" / "addons")]
    command += ["--select", RULES, "--isolated", "--no-cache", "--exit-zero", "--output-format", format]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, *options], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return DOCUMENTATION.sub(r'\1"DOC"', VERSION_LINE.sub(r'\1"VERSION"', done.stdout))


@pytest.mark.parametrize("format", ["text", "json", "sarif"])
def test_golden(format: str) -> None:
    path = GOLDEN / f"addons.{format.replace('text', 'txt')}"
    made = report(format)
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(made, encoding="utf-8")
    assert made == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("format", ["text", "json", "sarif"])
def test_same_bytes_in_any_order(format: str, tmp_path: Path) -> None:
    addons = sorted((ROOT / "testdata" / "addons").iterdir(), reverse=True)
    expected = report(format)
    assert report(format, *map(str, addons), "--jobs", "3", folder=tmp_path, seed="7") == expected


def test_same_bytes_of_every_format(tmp_path: Path) -> None:
    addons = sorted((ROOT / "testdata" / "addons").iterdir(), reverse=True)
    for name, options, seed in (("one", (), "0"), ("two", (*map(str, addons), "--jobs", "3"), "7")):
        (tmp_path / name).mkdir()
        outputs = [f"--output-format={kind}:{tmp_path / name / kind}" for kind in FORMATS if kind != "text"]
        report("text", *options, "--to", "19.0", *outputs, seed=seed)
    written = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert written == sorted(set(FORMATS) - {"text"})
    for kind in written:
        assert (tmp_path / "one" / kind).read_bytes() == (tmp_path / "two" / kind).read_bytes() != b"", kind


def test_json_is_what_the_schema_says() -> None:
    schema = json.loads((ROOT / "testdata" / "schemas" / "report-1.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads(report("json"))
    jsonschema.Draft202012Validator(schema).validate(data)
    findings = data["findings"]
    assert sum(finding["minutes"] for finding in findings) == data["summary"]["debtMinutes"] > 0
    for table in ("addons", "rules", "families"):
        assert sum(row["debtMinutes"] for row in data[table]) == data["summary"]["debtMinutes"]
        assert sum(row["findings"] for row in data[table]) == len(findings)


def test_json_of_a_baseline_and_accepted_findings_is_what_the_schema_says(tmp_path: Path) -> None:
    schema = json.loads((ROOT / "testdata" / "schemas" / "report-1.schema.json").read_text())
    known = finding(fingerprint="0" * 32)
    accepted = (finding(suppressed="by hand"), finding(suppressed="-"))
    made = made_report(
        tmp_path, known, suppressed=accepted, compared=Compared(frozenset({"0" * 32}), (known,), 3)
    )
    data = json.loads(as_json(made))
    jsonschema.Draft202012Validator(schema).validate(data)
    assert data["accepted"] == [
        {"rule": "sql-injection", "findings": 2, "minutes": 120, "reasons": ["by hand"]}
    ]
    assert data["summary"]["baseline"] == {
        "known": 2,
        "new": 0,
        "gone": 3,
        "newDebtMinutes": 0,
        "hidden": 1,
        "hiddenDebtMinutes": 60,
    }


def test_same_bytes_from_many_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for jobs, in_process in ((1, 1 << 40), (2, 0), (5, 0)):
        monkeypatch.setattr(pool, "IN_PROCESS_BYTES", in_process)
        monkeypatch.setattr(pool, "BATCH_BYTES", 1000)
        settings = Settings(select=tuple(RULES.split(",")), cache=False, jobs=jobs)
        made.append(as_json(run([str(ROOT / "testdata" / "addons")], settings)))
    assert made[0] == made[1] == made[2]


def test_same_bytes_from_the_cache(tmp_path: Path) -> None:
    settings = Settings(select=tuple(RULES.split(",")), cache_dir=str(tmp_path))
    first, second = (as_json(run([str(ROOT / "testdata" / "addons")], settings)) for _ in range(2))
    assert list(tmp_path.glob("*.pack"))
    assert first == second
