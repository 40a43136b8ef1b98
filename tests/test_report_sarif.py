"""SARIF: valid by the standard's schema, and right in what no schema sees."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from report_data import finding, report

from odoo_debt_lint.finding import Confidence, Location, Problem, Severity, Span
from odoo_debt_lint.outcome.baseline import Compared
from odoo_debt_lint.registry import all_rules
from odoo_debt_lint.report import sarif
from odoo_debt_lint.report.github import as_github
from odoo_debt_lint.report.links import HOME, rule_page
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.report.sarif_rules import semantic_version

SCHEMAS = Path(__file__).parent.parent / "testdata" / "schemas"
SCHEMA = json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text())
SEMVER = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$")
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def nodes(value: Any) -> list[Any]:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(node for child in children for node in nodes(child))]


def check(text: str) -> dict[str, Any]:
    """The run of a log, after everything that must hold for any log."""
    log = json.loads(text)
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []
    assert list(log)[:2] == ["$schema", "version"]
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert SEMVER.match(driver["semanticVersion"])
    names = [rule["id"] for rule in driver["rules"]]
    assert names == sorted(set(names))
    for rule in driver["rules"]:
        tags = rule.get("properties", {}).get("tags", [])
        assert len(tags) == len(set(tags)) <= 10
        score = rule.get("properties", {}).get("security-severity")
        assert (score is not None) == ("security" in tags)
        assert score is None or (isinstance(score, str) and 0 < float(score) <= 10)
        assert len(rule.get("fullDescription", {"text": ""})["text"]) <= 1024
    for result in run["results"]:
        assert names[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert len(result["locations"]) == 1
    everything = nodes(log)
    assert None not in everything
    for node in everything:
        if isinstance(node, dict) and "startLine" in node:
            assert set(node) == {"startLine", "startColumn", "endLine", "endColumn"}
            assert min(node.values()) >= 1
            assert (node["startLine"], node["startColumn"]) < (node["endLine"], node["endColumn"])
        if isinstance(node, dict) and "uriBaseId" in node:
            uri = node["uri"]
            assert ".." not in uri.split("/")
            assert re.fullmatch(r"[\w.~%/-]+", uri, re.A)
            assert not uri.startswith("/")
    return dict(run)


def run_of(made: Report, **options: Any) -> dict[str, Any]:
    return check(sarif.as_sarif(made, **options))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    source = tmp_path / "shop" / "models" / "sale.py"
    source.parent.mkdir(parents=True)
    source.write_text("def f(self):\n        cr.execute(text)\n" + "    x = 1\n" * 20, encoding="utf-8")
    return tmp_path


def test_nothing_found(root: Path) -> None:
    run = run_of(report(root))
    assert run["results"] == []
    assert run["invocations"][0]["executionSuccessful"] is True
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [
        "debug-leftover",
        "override-missing-super",
        "sql-injection",
    ]
    assert run["columnKind"] == "unicodeCodePoints"
    assert "automationDetails" not in run
    assert list(run["originalUriBaseIds"]["%SRCROOT%"]) == ["description"]


def test_one_result(root: Path) -> None:
    (result,) = run_of(report(root, finding()))["results"]
    assert result["ruleId"] == "sql-injection"
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "shop/models/sale.py", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 2, "startColumn": 9, "endLine": 2, "endColumn": 21}
    assert result["properties"]["debtMinutes"] == 60
    assert result["partialFingerprints"]["odooDebtLint/v1"] == "f" * 32
    assert re.fullmatch(r"[0-9a-f]+:1", result["partialFingerprints"]["primaryLocationLineHash"])


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.CRITICAL, "error"),
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "note"),
    ],
)
def test_level_is_that_of_the_finding(root: Path, severity: Severity, level: str) -> None:
    (result,) = run_of(report(root, finding(severity=severity)))["results"]
    assert result["level"] == level


def test_security_severity_on_security_rules_only(root: Path) -> None:
    rules = {rule["id"]: rule for rule in run_of(report(root))["tool"]["driver"]["rules"]}
    assert rules["sql-injection"]["properties"]["security-severity"] == "8.0"
    assert rules["sql-injection"]["fullDescription"]["text"] == "Reports `execute` with text."
    assert "security-severity" not in rules["debug-leftover"]["properties"]
    assert rules["debug-leftover"]["defaultConfiguration"]["level"] == "note"


@pytest.mark.parametrize(
    ("span", "region"),
    [
        (Span(1, 0, 1, 0), (1, 1, 1, 2)),
        (Span(2, 8, 1, 0), (2, 9, 2, 10)),
        (Span(2, 8, 4, 3), (2, 9, 4, 4)),
        (Span(1, 0, 20, 3), (1, 1, 1, 13)),
        (Span(900, 4, 950, 3), (900, 5, 900, 6)),
    ],
)
def test_regions(root: Path, span: Span, region: tuple[int, ...]) -> None:
    (result,) = run_of(report(root, finding(location=Location("shop/models/sale.py", span))))["results"]
    assert tuple(result["locations"][0]["physicalLocation"]["region"][key] for key in KEYS) == region


KEYS = ("startLine", "startColumn", "endLine", "endColumn")


def test_uris_are_encoded(root: Path) -> None:
    odd = Location("caf\u00e9 & co/100%#?.py", Span(1, 0, 1, 1))
    (result,) = run_of(report(root, finding(location=odd)))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "caf%C3%A9%20%26%20co/100%25%23%3F.py"
    assert "primaryLocationLineHash" not in result["partialFingerprints"]


def test_file_name_that_is_no_utf8(root: Path) -> None:
    odd = Location("shop/caf\udce9.py", Span(1, 0, 1, 1))
    text = sarif.as_sarif(report(root, finding(location=odd, message="in caf\udce9.py")))
    text.encode("utf-8")
    (result,) = check(text)["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "shop/caf%E9.py"
    assert result["message"]["text"] == "in caf\ufffd.py"


def test_suppressed_only_when_asked(root: Path) -> None:
    made = report(root, suppressed=(finding(suppressed="known, see ticket 5"), finding(suppressed="-")))
    assert run_of(made)["results"] == []
    first, second = run_of(made, include_suppressed=True)["results"]
    accepted = {"kind": "inSource", "status": "accepted"}
    assert first["suppressions"] == [{**accepted, "justification": "known, see ticket 5"}]
    assert second["suppressions"] == [accepted]


def test_flow_ends_at_the_finding(root: Path) -> None:
    step = Location("shop/models/sale.py", Span(1, 0, 1, 3), "argument")
    (result,) = run_of(report(root, finding(flow=(step,))))["results"]
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [item["location"]["message"]["text"] for item in steps] == ["argument", "SQL is text"]


def test_related_places(root: Path) -> None:
    place = Location("shop/models/sale.py", Span(1, 0, 1, 3), "parent")
    (result,) = run_of(report(root, finding(related=(place, Location("a.py", Span(1, 0, 1, 0))))))["results"]
    assert [item["id"] for item in result["relatedLocations"]] == [1, 2]
    assert result["relatedLocations"][0]["message"]["text"] == "parent"


def test_category(root: Path) -> None:
    assert run_of(report(root), category="odoo")["automationDetails"] == {"id": "odoo/"}
    assert run_of(report(root), category="odoo/")["automationDetails"] == {"id": "odoo/"}


def test_what_could_not_be_read(root: Path) -> None:
    made = report(
        root,
        problems=(Problem("encoding", "shop/a.py", "no utf-8", 3), Problem("engine", "pylint", "gone")),
        notices=("series unknown",),
    )
    assert as_github(made).splitlines()[-1] == "::warning title=odoo-debt-lint::engine: gone"
    broken, engine, notice = run_of(made)["invocations"][0]["toolExecutionNotifications"]
    assert broken["level"] == "warning"
    assert broken["locations"][0]["physicalLocation"]["region"]["startLine"] == 3
    assert "locations" not in engine
    assert notice == {"message": {"text": "series unknown"}, "level": "note"}


def test_too_many_results(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 2)
    many = [finding(severity=severity) for severity in (Severity.LOW, Severity.CRITICAL, Severity.MEDIUM)]
    text, notices = sarif.sarif_with_notices(report(root, *many))
    run = check(text)
    assert [result["level"] for result in run["results"]] == ["error", "warning"]
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["level"] == "warning"
    assert notices == [notification["message"]["text"]]
    assert "2 most severe of 3" in notices[0]


def test_too_many_bytes(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAX_ZIPPED", 2500)
    many = [
        finding(fingerprint=f"{number:032x}", message=f"finding {number * 7919}") for number in range(200)
    ]
    text, notices = sarif.sarif_with_notices(report(root, *many))
    assert 0 < len(check(text)["results"]) < 200
    assert notices


def test_every_rule_has_a_page() -> None:
    """Rules that are facts of migrations have no module; what an engine finds is documented elsewhere."""
    root = Path(__file__).parent.parent
    for rule in all_rules().values():
        page = rule_page(rule)
        assert page.startswith(f"{HOME}/blob/main/")
        assert (root / page.removeprefix(f"{HOME}/blob/main/")).is_file(), rule.name
    own = next(iter(all_rules().values()))
    assert "pylint-odoo" in rule_page(msgspec.structs.replace(own, name="pylint.x", family="pylint"))


def test_name_that_is_no_rule_of_ours(root: Path) -> None:
    (result,) = run_of(report(root, finding(rule="pylint-x", confidence=Confidence.LOW)))["results"]
    assert result["ruleId"] == "pylint-x"


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("0.1.0", "0.1.0"),
        ("1.2", "1.2.0"),
        ("1.2rc1", "1.2.0-rc1"),
        ("1.2.3.dev4+g12", "1.2.3-dev4.g12"),
        ("x", "0.0.0"),
    ],
)
def test_semantic_version(version: str, expected: str) -> None:
    assert semantic_version(version) == expected


def test_results_have_a_state_with_a_baseline(tmp_path: Path) -> None:
    known, new = finding(fingerprint="0" * 32), finding(severity=Severity.LOW)
    compared = Compared(frozenset({known.fingerprint}))
    run = check(sarif.as_sarif(report(tmp_path, known, new, compared=compared)))
    assert [result["baselineState"] for result in run["results"]] == ["unchanged", "new"]
    (result,) = check(sarif.as_sarif(report(tmp_path, new)))["results"]
    assert "baselineState" not in result
