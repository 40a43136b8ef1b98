"""Every machine-readable report against the schema of its format, for real findings and for hostile ones."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from lxml import etree
from test_report_html import evil

from odoo_debt_lint.outcome.baseline import Compared
from odoo_debt_lint.report.badge import as_badge, as_shields
from odoo_debt_lint.report.github import as_github
from odoo_debt_lint.report.gitlab import as_gitlab
from odoo_debt_lint.report.json import as_json
from odoo_debt_lint.report.junit import as_junit
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.report.sarif import as_sarif
from odoo_debt_lint.report.sonar import as_sonar
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

ROOT = Path(__file__).parent.parent
SCHEMAS = ROOT / "testdata" / "schemas"
WRITERS: dict[str, Callable[[Report], str]] = {
    "gitlab-codequality.schema.json": as_gitlab,
    "sonar-generic-issues.schema.json": as_sonar,
    "shields-endpoint.schema.json": as_shields,
    "report-1.schema.json": as_json,
    "sarif-2.1.0-rtm.5.json": as_sarif,
}
COMMAND = re.compile(
    r"::(error|warning|notice) (file=[^,:]+,line=\d+(,endLine=\d+)?(,col=\d+,endColumn=\d+)?,)?"
    r"title=[^,:]+::.+"
)


@pytest.fixture(scope="module")
def real() -> Report:
    return run([str(ROOT / "testdata" / "addons")], Settings(cache=False))


@pytest.fixture(params=["real", "baseline", "partial", "hostile"])
def made(request: pytest.FixtureRequest, real: Report, tmp_path: Path) -> Report:
    if request.param == "hostile":
        return evil(tmp_path)
    changes: dict[str, Any] = {}
    if request.param == "baseline":
        changes["compared"] = Compared(frozenset(item.fingerprint for item in real.findings[::2]), gone=2)
    if request.param == "partial":
        changes["partial"] = True
    return Report(**{**{name: getattr(real, name) for name in Report.__dataclass_fields__}, **changes})


@pytest.mark.parametrize("name", WRITERS)
def test_json(name: str, made: Report) -> None:
    schema = json.loads((SCHEMAS / name).read_text())
    text = WRITERS[name](made)
    jsonschema.validators.validator_for(schema)(schema).validate(json.loads(text))
    assert WRITERS[name](made) == text


def test_junit(made: Report) -> None:
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "junit.xsd")))
    schema.assertValid(etree.fromstring(as_junit(made).encode()))


def test_workflow_commands(made: Report) -> None:
    lines = as_github(made).split("\n")
    assert lines.pop() == ""
    annotated = len(made.findings) + len(made.failures)
    assert annotated <= len(lines) <= annotated + len(made.problems)
    assert all(COMMAND.fullmatch(line) for line in lines)


def test_badge(made: Report) -> None:
    names = {element.tag for element in ET.fromstring(as_badge(made)).iter()}
    assert {name.rpartition("}")[2] for name in names} == {"svg", "title", "clipPath", "rect", "g", "text"}


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("gitlab-codequality.schema.json", [{"description": "x", "check_name": "x", "fingerprint": "x"}]),
        ("sonar-generic-issues.schema.json", {"rules": [], "issues": [{"ruleId": "x"}]}),
        ("shields-endpoint.schema.json", {"schemaVersion": 1, "label": "x", "message": ""}),
    ],
)
def test_schemas_refuse_what_is_wrong(name: str, broken: object) -> None:
    schema = json.loads((SCHEMAS / name).read_text())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)
