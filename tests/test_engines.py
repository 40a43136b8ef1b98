"""semgrep and pylint beside our rules: merged findings, missing and failing engines, the pylint plugin."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from odoo_debt_lint import run as pipeline
from odoo_debt_lint.engines import merge, pylint_plugin, semgrep
from odoo_debt_lint.engines.process import Running, start
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.finding import Confidence, Finding, Location, Severity, Span
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

PACK = Path(__file__).parent.parent / "rules"
MODEL = """
from odoo import models


class Order(models.Model):
    _inherit = "sale.order"

    def _find(self, name):
        self.env.cr.execute("SELECT id FROM sale_order WHERE name = '%s'" % name)
        return name.partner_id.name

    def write(self, vals):
        result = super().write(vals)
        raise Exception("The order %s is closed" % self.name)
"""


@pytest.fixture
def addon(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "models").mkdir(parents=True)
    (folder / "__manifest__.py").write_text(
        '{"name": "Shop", "version": "16.0.1.0.0", "depends": ["sale"]}\n'
    )
    (folder / "__init__.py").write_text("from . import models\n")
    (folder / "models" / "__init__.py").write_text("from . import order\n")
    (folder / "models" / "order.py").write_text(MODEL)
    return folder


def test_every_rule_of_the_pack_has_its_test() -> None:
    rules = {path.stem for path in PACK.glob("*/*.yaml")}
    tests = {path.stem for path in PACK.glob("*/*") if path.suffix in (".py", ".xml")}
    assert rules
    assert rules == tests


def test_the_pack_passes_its_own_tests() -> None:
    command = [semgrep.executable("semgrep"), "scan", "--test", "--json", "--metrics=off"]
    done = subprocess.run(
        [*command, "--disable-version-check", str(PACK / "odoo")], capture_output=True, text=True, check=False
    )
    results = json.loads(done.stdout)
    checks = [check for file in results["results"].values() for check in file["checks"].values()]
    assert len(checks) == len(list((PACK / "odoo").glob("*.yaml")))
    assert all(check["passed"] for check in checks)


def test_semgrep_says_nothing_twice_and_brings_the_users_rules(addon: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "rules:\n  - id: no-bare-exception\n    languages: [python]\n    severity: ERROR\n"
        "    message: Raise UserError\n    pattern: raise Exception(...)\n"
    )
    settings = Settings(
        cache=False, engines=("semgrep",), semgrep_config=(str(own),), select=("sql-injection",)
    )
    report = run([str(addon)], settings)
    assert report.problems == ()
    found = sorted(
        (finding.rule, finding.location.span.start_line, finding.addon) for finding in report.findings
    )
    assert found == [("semgrep.no-bare-exception", 14, "shop"), ("sql-injection", 9, "shop")]


def test_pylint_messages_cost_minutes(addon: Path) -> None:
    report = run([str(addon)], Settings(cache=False, engines=("pylint",), select=("eval-used",)))
    rules = {finding.rule: finding for finding in report.findings}
    assert rules["pylint.missing-readme"].minutes == 20
    assert rules["sql-injection"].location.span.start_line == 9
    assert report.debt.minutes == sum(finding.minutes for finding in report.findings)


@pytest.mark.parametrize(
    ("ignored", "gone"),
    [
        ("pylint", {"pylint.missing-readme"}),
        ("pylint.missing-readme", {"pylint.missing-readme"}),
        ("sql-injection", {"sql-injection"}),
    ],
)
def test_what_an_engine_reports_can_be_ignored(addon: Path, ignored: str, gone: set[str]) -> None:
    settings = Settings(cache=False, engines=("pylint",), ignore=(ignored,))
    report = run([str(addon)], settings)
    rules = {finding.rule for finding in report.findings}
    assert {"pylint.missing-readme", "sql-injection"} - rules == gone
    assert not gone & set(report.rules)
    by_file = Settings(cache=False, engines=("pylint",), per_file_ignores={"shop/**": (ignored,)})
    assert not gone & {finding.rule for finding in run([str(addon)], by_file).findings}


@pytest.mark.parametrize(
    ("engine", "rule", "code"),
    [("pylint", "debug-leftover", "print('ü')"), ("semgrep", "eval-used", "eval(name + 'ü')")],
)
def test_columns_of_engines_are_characters(addon: Path, engine: str, rule: str, code: str) -> None:
    line = f"        x = 'é𝄞'; {code}\n"
    text = f"from odoo import models\n\n\nclass A(models.Model):\n    def f(self, name):\n{line}"
    (addon / "models" / "order.py").write_text(text, encoding="utf-8")
    report = run([str(addon)], Settings(cache=False, engines=(engine,), select=("syntax-error",)))
    [span] = [item.location.span for item in report.findings if item.rule == rule]
    assert line[span.start_column : span.end_column] == code


def test_pylint_reads_no_configuration_of_the_linted_tree(addon: Path) -> None:
    mark = addon / "mark.txt"
    code = f"open({str(mark)!r}, 'w').write('executed')\n"
    (addon / ".pylintrc").write_text(f"[MAIN]\ninit-hook={code}load-plugins=evil\n")
    (addon / "setup.cfg").write_text(f"[pylint.MAIN]\ninit-hook={code}")
    (addon / "pylint.py").write_text(code)
    (addon / "evil.py").write_text(code)
    (addon / ".semgrepignore").write_text("*\n")
    report = run([str(addon)], Settings(cache=False, engines=("pylint", "semgrep"), select=("eval-used",)))
    assert not mark.exists()
    assert "sql-injection" in {finding.rule for finding in report.findings}


def test_a_missing_engine_is_one_notice(addon: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise FileNotFoundError(name)

    monkeypatch.setattr(semgrep, "executable", missing)
    report = run([str(addon)], Settings(cache=False, engines=("semgrep",), select=("sql-injection",)))
    assert any("odoo-debt-lint[semgrep]" in notice for notice in report.notices)
    assert [finding.rule for finding in report.findings] == ["sql-injection"]


@pytest.mark.parametrize(
    ("code", "why"),
    [("import sys; sys.exit('no rules')", "no rules"), ("print('no json')", "cannot be read")],
)
def test_a_failing_engine_costs_its_findings_only(code: str, why: str) -> None:
    def parse(output: bytes) -> merge.Outcome:
        json.loads(output)
        return merge.Outcome()

    outcome = start("broken", [sys.executable, "-c", code], parse, frozenset({0})).join()
    assert outcome.findings == []
    assert [problem.kind for problem in outcome.problems] == ["engine"]
    assert why in outcome.problems[0].message


def test_a_run_that_ends_early_ends_its_engines(
    addon: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "semgrep"
    script.write_text("#!/bin/sh\nsleep 60\n")
    script.chmod(0o755)
    monkeypatch.setattr(semgrep, "executable", lambda name: str(script))
    started: list[Running | merge.Outcome] = []
    begin = merge.start_engines
    monkeypatch.setattr(pipeline, "start_engines", lambda *args: started.extend(begin(*args)) or started)
    gone = Settings(cache=False, engines=("semgrep",), odoo_path=(str(tmp_path / "gone.zip"),))
    with pytest.raises(UsageError, match="no such file"):
        run([str(addon)], gone)
    (engine,) = started
    assert isinstance(engine, Running)
    assert engine.process.poll() is not None
    assert not Path(engine.folder.name).exists()


def _finding(rule: str, first: int, last: int) -> Finding:
    location = Location("a.py", Span(first, 0, last, 1))
    return Finding(rule, location, "x", Severity.HIGH, Confidence.HIGH, 10)


def test_doubles_are_same_rule_and_overlapping_lines() -> None:
    own = [_finding("a", 3, 5)]
    others = [_finding("a", 5, 9), _finding("a", 6, 6), _finding("b", 4, 4), _finding("b", 4, 4)]
    kept = [(item.rule, item.location.span.start_line) for item in merge.without_doubles(own, others)]
    assert kept == [("b", 4), ("a", 6)]


def test_the_plugin_reports_through_pylint(addon: Path) -> None:
    command = [sys.executable, "-m", "pylint", "--rcfile=/dev/null", "--disable=all", "--output-format=json2"]
    command += ["--load-plugins=odoo_debt_lint.engines.pylint_plugin", "--enable=odoo-debt-sql-injection"]
    done = subprocess.run([*command, str(addon)], capture_output=True, text=True, check=False)
    messages = json.loads(done.stdout)["messages"]
    assert [(item["symbol"], item["line"]) for item in messages] == [("odoo-debt-sql-injection", 9)]


def test_message_ids_are_unique_and_known() -> None:
    ids = pylint_plugin.message_ids()
    assert len({identifier[1:] for identifier in ids.values()}) == len(ids)
    assert ids["sql-injection"] == pylint_plugin.message_ids()["sql-injection"]
