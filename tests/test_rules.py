"""Every section of every fixture: marked lines are found, everything else is silent."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures import Case, all_cases, differences

CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule}: {case.title}" for case in CASES])
def test_fixture(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    report = case.run(tmp_path)
    crashes = [problem.message for problem in report.problems if problem.kind == "internal-error"]
    assert [item for item in crashes if not case.crash or not item.startswith(f"rule {case.crash} ")] == []
    assert bool(crashes) == bool(case.crash)
    assert differences(case, report.findings) == []
