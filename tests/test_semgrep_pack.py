"""The semgrep pack and the native rules say the same of the pack's annotated tests.

Only one difference is wanted: a number that is put into SQL as text is a finding of low confidence here, and
none there.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from odoo_debt_lint.finding import Confidence
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

PACK = Path(__file__).parent.parent / "rules" / "odoo"
CASES = sorted([*PACK.glob("*.py"), *PACK.glob("*.xml")])
_OTHER_NAMES = {"sql-text-built": "sql-injection"}
_MARK = re.compile(r"(?:#|<!--)\s*(ruleid|ok):")
MANIFEST = "{'name': 'x', 'version': '16.0.1.0.0', 'license': 'LGPL-3', 'author': 'Us', 'depends': ['base']}"


def marked(text: str, kind: str) -> set[int]:
    """The lines below the marks of a kind."""
    lines = text.splitlines()
    found = ((number, _MARK.search(line)) for number, line in enumerate(lines, 1))
    return {number + 1 for number, mark in found if mark is not None and mark[1] == kind}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_native_rules_agree(case: Path, tmp_path: Path) -> None:
    text = case.read_text()
    target = tmp_path / "shop" / ("controllers/main.py" if case.suffix == ".py" else "views/views.xml")
    target.parent.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    target.write_text(text)
    (tmp_path / "shop" / "__manifest__.py").write_text(MANIFEST)
    rule = _OTHER_NAMES.get(case.stem, case.stem)
    settings = Settings(select=(rule,), min_confidence=Confidence.MEDIUM, cache=False, jobs=1)
    findings = run([str(tmp_path)], settings).findings
    lines = {finding.location.span.start_line for finding in findings if finding.rule == rule}
    assert marked(text, "ruleid") <= lines
    assert not lines & marked(text, "ok")
