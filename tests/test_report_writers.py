"""The writers for other tools, each against what that tool publishes of its format."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from markdown_reader import TABLE, Reader
from report_data import finding, report
from test_cli import INJECTION, lint, make_addon

from odoo_debt_lint.finding import Confidence, Finding, Location, Problem, Severity, Span
from odoo_debt_lint.outcome.baseline import Compared
from odoo_debt_lint.report.badge import as_badge, as_shields
from odoo_debt_lint.report.csv import COLUMNS, as_csv, safe
from odoo_debt_lint.report.github import as_github, step_summary
from odoo_debt_lint.report.gitlab import as_gitlab
from odoo_debt_lint.report.junit import as_junit
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.report.output import FORMATS
from odoo_debt_lint.report.sonar import as_sonar

PATH = "shop/models/sale.py"
EVIL = "50%\r\n::error::x, y: <b>|`@all`\x1b[31m\x00 \ud800"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "shop" / "models").mkdir(parents=True)
    (tmp_path / PATH).write_text("def f(self):\n    cr.execute('\U0001f600' + x)\n\n", encoding="utf-8")
    return tmp_path


def low(**changes: Any) -> Finding:
    return finding(rule="debug-leftover", severity=Severity.LOW, minutes=5, fingerprint="0" * 32, **changes)


def mixed(root: Path, **changes: Any) -> Report:
    """A low finding, then a critical one that is known to the baseline, then a high one."""
    known = finding(severity=Severity.CRITICAL, fingerprint="e" * 32, rule="override-missing-super")
    return report(root, low(), known, finding(), compared=Compared(frozenset({"e" * 32})), **changes)


# GitHub: https://docs.github.com/actions/reference/workflow-commands-for-github-actions

COMMAND = re.compile(r"::(error|warning|notice) ((?:[A-Za-z]+=[^,:\r\n]*,?)*)::([^\r\n]*)")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    found = []
    for line in text.split("\n")[:-1]:
        match = COMMAND.fullmatch(line)
        assert match, line
        found.append((match[1], dict(part.split("=", 1) for part in match[2].split(",")), match[3]))
    return found


def test_annotations_have_the_worst_first_and_known_ones_last(root: Path) -> None:
    found = commands(as_github(mixed(root, failures=("failed: x",))))
    assert [kind for kind, _, _ in found] == ["error", "error", "notice", "notice"]
    assert found[0][2] == "failed: x"
    assert found[-1][1]["title"] == "override-missing-super (critical%2C known)"
    place = {key: found[1][1][key] for key in ("file", "line", "endLine", "col", "endColumn")}
    assert place == {"file": PATH, "line": "2", "endLine": "2", "col": "9", "endColumn": "21"}


def test_annotations_are_escaped(root: Path) -> None:
    odd = finding(message=EVIL, location=Location("a,b:c%.py", Span(1, 0, 3, 2)))
    ((_, place, message),) = commands(as_github(report(root, odd)))
    assert place["file"] == "a%2Cb%3Ac%25.py"
    assert message.startswith("50%25%0D%0A::error::x, y: ")
    assert "col" not in place  # of another line than the end
    assert (place["line"], place["endLine"]) == ("1", "3")


def test_problems_are_annotations(root: Path) -> None:
    ((kind, place, _),) = commands(as_github(report(root, problems=(Problem("encoding", "a.py", "no", 3),))))
    assert (kind, place["file"], place["line"]) == ("warning", "a.py", "3")


def test_what_a_finding_tells_is_no_second_annotation(root: Path) -> None:
    odd = finding(
        message="XML does not parse: no end", rule="invalid-xml", location=Location(PATH, Span(1, 0, 1, 2))
    )
    problems = (Problem("xml", PATH, "no end", 1), Problem("encoding", PATH, "no", 1))
    found = commands(as_github(report(root, odd, problems=problems)))
    assert [message for _, _, message in found] == ["encoding: no", "XML does not parse: no end"]


def test_step_summary(root: Path) -> None:
    odd = finding(message=EVIL, location=Location("a|b`_.py", Span(1, 0, 1, 2)))
    text = step_summary(report(root, odd, low(), failures=("failed: 1 finding",)))
    assert "2 findings, **1.1 h** of debt, grade **C**" in text
    assert "- failed: 1 finding" in text
    read = Reader(text)
    assert read.tags <= {"h2", "p", "strong", "ul", "li", "code"} | TABLE
    assert read.html <= {"<!-- -->"}  # holds off mentions
    assert read.widths == {3, 4}
    assert "@all" not in text
    assert "a|b`_.py:1" in read.code


def test_step_summary_stays_small(root: Path) -> None:
    many = [finding(message="<" * 5000, location=Location(PATH, Span(n, 0, n, 1))) for n in range(1, 3000)]
    assert len(step_summary(report(root, *many))) < 200_000


def test_summary_is_added_to_the_file_of_the_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_addon(tmp_path, "shop", {"models/a.py": INJECTION})
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    done = lint(tmp_path, "--output-format", "github")
    assert "::error file=" in done.out
    assert summary.read_text().startswith("before\n## odoo-debt-lint\n")
    lint(tmp_path, "--output-format", "gitlab")
    assert summary.read_text().count("## odoo-debt-lint") == 1


# GitLab: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format


def test_gitlab(root: Path) -> None:
    text = as_gitlab(mixed(root))
    assert not text.startswith("\ufeff")  # GitLab refuses a byte order mark
    issues = json.loads(text)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert set(issue["location"]) == {"path", "lines"}
        assert not issue["location"]["path"].startswith(("/", "./"))
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == 3
    assert [issue["severity"] for issue in issues] == ["minor", "blocker", "critical"]
    assert json.loads(as_gitlab(report(root))) == []


# SonarQube: https://docs.sonarsource.com/sonarqube-server/latest/analyzing-source-code/importing-external-issues/
#            generic-issue-import-format/


def sonar(made: Report) -> dict[str, Any]:
    """The report after the checks that SonarQube's importer makes: it refuses all for one mistake."""
    data: dict[str, Any] = json.loads(as_sonar(made))
    assert set(data) == {"rules", "issues"}
    names = [rule["id"] for rule in data["rules"]]
    assert len(set(names)) == len(names)
    for rule in data["rules"]:
        assert all(rule[key] for key in ("id", "name", "description", "engineId", "cleanCodeAttribute"))
        assert rule["type"] in ("BUG", "VULNERABILITY", "CODE_SMELL")
        assert rule["severity"] in ("BLOCKER", "CRITICAL", "MAJOR", "MINOR", "INFO")
        for impact in rule["impacts"]:
            assert impact["softwareQuality"] in ("SECURITY", "RELIABILITY", "MAINTAINABILITY")
            assert impact["severity"] in ("HIGH", "MEDIUM", "LOW")
        assert rule["impacts"]
    for issue in data["issues"]:
        assert issue["ruleId"] in names
        assert not {"severity", "type", "engineId"} & set(issue)  # of the old format
        assert isinstance(issue["effortMinutes"], int)
        assert issue["primaryLocation"]["message"]
        for place in (issue["primaryLocation"], *issue.get("secondaryLocations", ())):
            _check_range(made, place)
        assert all("textRange" in place for place in issue.get("secondaryLocations", ()))
    return data


def _check_range(made: Report, place: dict[str, Any]) -> None:
    """Inside its lines, counted in UTF-16 units, and not empty."""
    found = place.get("textRange")
    if found is None or "startColumn" not in found:
        return
    lines = made.sources.text(place["filePath"]).lines
    width = len(lines[found["endLine"] - 1].encode("utf-16-le")) // 2
    assert (found["startLine"], found["startColumn"]) < (found["endLine"], found["endColumn"])
    assert found["endColumn"] <= width


def test_sonar(root: Path) -> None:
    data = sonar(mixed(root))
    assert [issue["effortMinutes"] for issue in data["issues"]] == [5, 60, 60]
    rule = next(rule for rule in data["rules"] if rule["id"] == "sql-injection")
    assert rule["type"] == "VULNERABILITY"
    assert rule["impacts"] == [{"softwareQuality": "SECURITY", "severity": "HIGH"}]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span(2, 4, 2, 24), {"startLine": 2, "endLine": 2, "startColumn": 4, "endColumn": 24}),
        (Span(2, 15, 2, 99), {"startLine": 2, "endLine": 2, "startColumn": 15, "endColumn": 24}),
        (Span(2, 17, 2, 18), {"startLine": 2, "endLine": 2, "startColumn": 18, "endColumn": 19}),
        (Span(1, 0, 9, 3), {"startLine": 1, "endLine": 4, "startColumn": 0, "endColumn": 0}),
        (Span(2, 4, 2, 4), {"startLine": 2}),
        (Span(3, 0, 3, 5), {"startLine": 3}),
        (Span(99, 0, 99, 5), None),
    ],
)
def test_sonar_ranges(root: Path, span: Span, expected: dict[str, int] | None) -> None:
    made = report(root, finding(location=Location(PATH, span)))
    assert sonar(made)["issues"][0]["primaryLocation"].get("textRange") == expected


def test_sonar_has_the_way_of_a_value(root: Path) -> None:
    way = (Location(PATH, Span(1, 4, 1, 5), "comes in"), Location("gone.py", Span(1, 0, 1, 1), "lost"))
    (issue,) = sonar(report(root, finding(flow=way)))["issues"]
    assert [place["message"] for place in issue["secondaryLocations"]] == ["comes in", "lost"]


def test_sonar_knows_rules_of_other_engines(root: Path) -> None:
    assert sonar(report(root, finding(rule="pylint-odd")))["rules"][0]["id"] == "pylint-odd"


# JUnit, as the xUnit plugin of Jenkins (junit-10.xsd) and GitLab read it

ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id"},
    "testcase": {"name", "time", "classname", "group"},
    "failure": {"type", "message"},
    "skipped": {"type", "message"},
}
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase"},
    "testcase": {"failure", "skipped"},
    "failure": set[str](),
    "skipped": set[str](),
}


def junit(made: Report) -> ET.Element:
    root = ET.fromstring(as_junit(made).encode("utf-8"))
    for element in root.iter():
        assert set(element.attrib) <= ATTRIBUTES[element.tag]
        assert {child.tag for child in element} <= CHILDREN[element.tag]
    for suite in root:
        assert {"name", "tests", "failures", "errors"} <= set(suite.attrib)
        assert int(suite.attrib["tests"]) == len(suite) > 0
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
    for key in ("tests", "failures", "errors"):
        assert int(root.attrib[key]) == sum(int(suite.attrib[key]) for suite in root)
    return root


def test_junit(root: Path) -> None:
    made = junit(mixed(root))
    assert (made.attrib["tests"], made.attrib["failures"]) == ("3", "2")
    assert len(made.findall("testsuite/testcase/skipped")) == 1
    failure = made.findall("testsuite/testcase/failure")[-1]
    assert failure.attrib == {"type": "high", "message": "SQL is text"}
    assert failure.text == f"{PATH}:2:9: high: SQL is text (60 min)"


def test_junit_of_a_clean_addon_has_a_case(root: Path) -> None:
    made = junit(report(root))
    assert (made.attrib["tests"], made.attrib["failures"]) == ("1", "0")


def test_junit_without_characters_that_xml_cannot_hold(root: Path) -> None:
    message = junit(report(root, finding(message=EVIL))).findall("*/*/failure")[0].attrib["message"]
    assert "\x1b" not in message
    assert "<b>" in message


# CSV: RFC 4180


def test_csv(root: Path) -> None:
    text = as_csv(mixed(root))
    assert text.startswith("\ufeffseverity,")
    assert text.count("\r\n") == text.count("\n") == 4
    rows = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    assert list(rows[0]) == list(COLUMNS)
    assert [row["minutes"] for row in rows] == ["5", "60", "60"]
    assert [row["known"] for row in rows] == ["", "known", ""]
    assert rows[2]["family"] == "security"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1", "\u00a0=1", "\x00=1"]
)
def test_no_cell_is_a_formula(root: Path, text: str) -> None:
    odd = finding(message=text, location=Location(f"{text}.py", Span(1, 0, 1, 1)), addon=text, rule=text)
    (row,) = csv.DictReader(io.StringIO(as_csv(report(root, odd))[1:], newline=""))
    for cell in row.values():
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d"))


def test_plain_cells_stay() -> None:
    assert safe("a = b, \"c\" - 'd'") == "a = b, \"c\" - 'd'"
    assert safe("two\nlines") == "two lines"


# Badges: https://shields.io/badges/endpoint-badge


def test_shields(root: Path) -> None:
    data = json.loads(as_shields(report(root, finding())))
    assert data == {"schemaVersion": 1, "label": "odoo debt", "message": "C, 1.0 h", "color": "yellow"}
    partial = json.loads(as_shields(report(root, finding(), partial=True)))
    assert (partial["message"], partial["color"]) == ("1.0 h", "lightgrey")


def test_badge(root: Path) -> None:
    picture = ET.fromstring(as_badge(report(root, finding())))
    assert picture.attrib["role"] == "img"
    assert picture.attrib["aria-label"] == "odoo debt: C, 1.0 h"
    assert [item.text for item in picture.iter("{http://www.w3.org/2000/svg}text")] == [
        "odoo debt",
        "C, 1.0 h",
    ]
    assert "http" not in as_badge(report(root)).replace("http://www.w3.org/2000/svg", "")


# all of them


@pytest.mark.parametrize("kind", [name for name in FORMATS if name not in ("html", "markdown")])
def test_every_format_is_written_and_the_same_again(tmp_path: Path, kind: str) -> None:
    make_addon(tmp_path / "in", "shop", {"models/a.py": INJECTION})
    made = []
    for name in ("one", "two"):
        done = lint(tmp_path / "in", "--output-format", f"{kind}:{tmp_path / name}", "--no-cache")
        assert done.code == 1
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1] != b""


def test_odd_text_breaks_no_format(root: Path) -> None:
    odd = finding(message=EVIL, confidence=Confidence.LOW, location=Location("\udcff.py", Span(1, 0, 1, 1)))
    made = report(root, odd)
    for write in (as_github, as_gitlab, as_sonar, as_junit, as_csv, as_badge, as_shields, step_summary):
        assert write(made)
