"""Every section of every fixture: marked lines are found, everything else is silent."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures import Case, all_cases, differences

from odoo_debt_lint.fix import fix

CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule}: {case.title}" for case in CASES])
def test_fixture(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    report = case.run(tmp_path)
    crashes = [problem.message for problem in report.problems if problem.kind == "internal-error"]
    assert [item for item in crashes if not case.crash or not item.startswith(f"rule {case.crash} ")] == []
    assert bool(crashes) == bool(case.crash)
    assert not case.is_newer or any(problem.kind == "newer-python" for problem in report.problems)
    assert differences(case, report.findings) == []


MENDED = [case for case in CASES if case.fixed]


@pytest.mark.parametrize("case", MENDED, ids=[f"{case.rule}: {case.title}" for case in MENDED])
def test_fixed(case: Case, tmp_path: Path) -> None:
    """The fixes lead to the text of the fixed block, and leave every other file as it was."""
    case.write(tmp_path)
    outcome = fix(lambda unsaved: case.run(tmp_path, unsaved), {}, unsafe=True)
    assert not outcome.refused
    after = {path: outcome.after[path].decode() for path in outcome.changed}
    own = {path: text for path, text in after.items() if path in case.files}
    assert sorted(own) == sorted(case.fixed)
    for path, text in case.fixed.items():
        assert own[path].splitlines() == text.splitlines(), path
