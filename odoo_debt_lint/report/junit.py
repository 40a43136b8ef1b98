"""The report as JUnit XML, for the test views of Jenkins, GitLab, Azure and others.

A suite is an addon and a failed case a finding. What the baseline knows is a skipped case, and an addon
without findings has one that passed, because a report without cases counts as broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from odoo_debt_lint.finding import Finding

if TYPE_CHECKING:
    from odoo_debt_lint.report.model import Report

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(report: Report) -> str:
    """The whole report; equal input gives equal bytes."""
    root = ET.Element("testsuites", name="odoo-debt-lint")
    found: dict[str, list[Finding]] = {report.title_of(addon): [] for addon in report.addons}
    for finding in sorted(report.findings, key=lambda item: item.sort_key):
        addon = report.addon_of(finding)
        found.setdefault(report.title_of(addon) if addon else finding.addon, []).append(finding)
    for name in sorted(found):
        _suite(root, report, name or "beside the addons", found[name])
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(root: ET.Element, report: Report, name: str, findings: Iterable[Finding]) -> None:
    suite = ET.SubElement(root, "testsuite", name=_legal(name))
    for finding in findings:
        _case(suite, report, name, finding)
    if not len(suite):
        ET.SubElement(suite, "testcase", name="no findings", classname=_legal(name))
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", "0")
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))


def _case(suite: ET.Element, report: Report, addon: str, finding: Finding) -> None:
    place = (
        f"{finding.location.path}:{finding.location.span.start_line}:{finding.location.span.start_column + 1}"
    )
    case = ET.SubElement(
        suite, "testcase", name=_legal(f"{finding.rule} at {place}"), classname=_legal(addon)
    )
    message = _legal(finding.message)
    if report.is_known(finding):
        ET.SubElement(case, "skipped", message=f"known: {message}")
        return
    failure = ET.SubElement(case, "failure", type=finding.severity.label, message=message)
    failure.text = _legal(f"{place}: {finding.severity.label}: {finding.message} ({finding.minutes} min)")


def _legal(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return _ILLEGAL.sub("\ufffd", text)
