"""Comments judged against a whole run, and rules of the family meta chosen like any other."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures import broken

from odoo_debt_lint import run as pipeline
from odoo_debt_lint.finding import Severity
from odoo_debt_lint.registry import expand, selected
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.settings import Settings

META = {"internal-error", "suppression-without-reason", "unused-suppression"}


def lint(folder: Path, code: str, **options: object) -> Report:
    """Lints an addon of one file."""
    addon = folder / "shop"
    addon.mkdir(exist_ok=True)
    (folder / ".git").mkdir(exist_ok=True)
    (addon / "__manifest__.py").write_text('{"name": "Shop", "version": "16.0.1.0.0", "depends": ["base"]}\n')
    (addon / "order.py").write_text(code)
    return pipeline.run([str(folder)], Settings(cache=False, jobs=1, **options))  # type: ignore[arg-type]


def lines(report: Report, rule: str) -> list[int]:
    return [finding.location.span.start_line for finding in report.findings if finding.rule == rule]


def test_family() -> None:
    assert expand(["meta"]) == META


def test_blanket_comment_is_judged_when_every_rule_was_run(tmp_path: Path) -> None:
    code = "x = 1  # odoo-debt-lint: ignore nothing\ny = eval(input())  # odoo-debt-lint: ignore ours\n"
    assert lines(lint(tmp_path, code), "unused-suppression") == [1]


@pytest.mark.parametrize("options", [{"ignore": ("eval-used",)}, {"select": ("meta", "eval-used")}])
def test_blanket_comment_is_not_judged_when_a_rule_was_left_out(
    tmp_path: Path, options: dict[str, tuple[str, ...]]
) -> None:
    report = lint(tmp_path, "x = 1  # odoo-debt-lint: ignore nothing\n", **options)
    assert lines(report, "unused-suppression") == []


def test_rules_that_were_ignored_are_not_judged(tmp_path: Path) -> None:
    code = "x = 1  # odoo-debt-lint: ignore[eval-used, weak-hash] ours\n"
    report = lint(tmp_path, code, select=("meta", "weak-hash"))
    assert [finding.message for finding in report.findings] == [
        "this comment names weak-hash for nothing: no such finding here"
    ]


def test_ignored_like_any_other_rule(tmp_path: Path) -> None:
    code = "x = 1  # odoo-debt-lint: ignore[eval-used]\n"
    assert {finding.rule for finding in lint(tmp_path, code, select=("meta", "eval-used")).findings} == {
        "suppression-without-reason",
        "unused-suppression",
    }
    assert not lint(tmp_path, code, select=("meta", "eval-used"), ignore=("meta",)).findings
    ignores = {"shop/*.py": ("meta",)}
    assert not lint(tmp_path, code, select=("meta", "eval-used"), per_file_ignores=ignores).findings
    report = lint(tmp_path, code, select=("meta", "eval-used"), min_severity=Severity.MEDIUM)
    assert not report.findings


def test_findings_about_comments_are_accepted_by_name_only(tmp_path: Path) -> None:
    named = "# odoo-debt-lint: ignore-file[unused-suppression] generated\n"
    blanket = "# odoo-debt-lint: ignore-file generated\n"
    comment = "x = 1  # odoo-debt-lint: ignore[eval-used] ours\n"
    rules = ("meta", "eval-used")
    assert lines(lint(tmp_path, blanket + comment, select=rules), "unused-suppression") == [2]
    report = lint(tmp_path, named + comment, select=rules)
    assert lines(report, "unused-suppression") == []
    assert [finding.suppressed for finding in report.suppressed] == ["generated"]


def test_hidden_findings_make_a_comment_useful(tmp_path: Path) -> None:
    code = "cr.execute('UPDATE x SET y = 1')  # odoo-debt-lint: ignore[raw-sql-write] ours\n"
    rules = ("meta", "raw-sql-write")
    report = lint(tmp_path, code, select=rules, min_severity=Severity.CRITICAL)
    assert not report.findings
    assert [finding.rule for finding in report.suppressed] == ["raw-sql-write"]


def test_crash_is_a_finding_and_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "selected", lambda *names: broken(selected(*names), "debug-leftover"))
    code = "print(y)  # odoo-debt-lint: ignore[debug-leftover] ours\n"
    report = lint(tmp_path, code, select=("meta", "debug-leftover"))
    assert [(finding.rule, finding.minutes) for finding in report.findings] == [("internal-error", 0)]
    assert report.findings[0].message.startswith("rule debug-leftover crashed: ZeroDivisionError")
    assert [problem.kind for problem in report.problems] == ["internal-error"]
    report = lint(tmp_path, code, select=("meta", "debug-leftover"), ignore=("internal-error",))
    assert not report.findings
    assert [problem.kind for problem in report.problems] == ["internal-error"]
