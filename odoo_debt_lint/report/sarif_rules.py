"""The rules as SARIF describes them: texts, levels, tags."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import sarif_om as om

from odoo_debt_lint.finding import Finding, Severity
from odoo_debt_lint.report.links import rule_page
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.rule import Block, Rule

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}
_SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "3.0"}
_MAX_TAGS = 10
_MAX_TEXT = 1024
_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?\.?([A-Za-z0-9.+-]*)$")


def semantic_version(version: str) -> str:
    """A Python version as a semantic one: ``1.2rc1`` → ``1.2.0-rc1``."""
    match = _VERSION.match(version)
    if match is None:
        return "0.0.0"
    base = f"{match[1]}.{match[2]}.{match[3] or 0}"
    rest = re.sub(r"[^A-Za-z0-9]+", ".", match[4]).strip(".")
    return f"{base}-{rest}" if rest else base


def descriptors(report: Report, findings: Iterable[Finding]) -> list[Any]:
    """All enabled rules by name, and a bare entry for a name that is no rule of ours."""
    found = {name: _descriptor(rule) for name, rule in report.rules.items()}
    for finding in findings:
        if finding.rule not in found:
            found[finding.rule] = om.ReportingDescriptor(
                id=finding.rule,
                short_description=_text(finding.rule),
                default_configuration=om.ReportingConfiguration(level=LEVELS[finding.severity]),
            )
    return [found[name] for name in sorted(found)]


def _descriptor(rule: Rule) -> Any:
    doc = rule.doc.strip() or rule.name
    return om.ReportingDescriptor(
        id=rule.name,
        name="".join(word.capitalize() for word in rule.name.split("-")),
        short_description=_text(rule.summary),
        full_description=_text(_shortened(_section(doc, "What it does") or rule.summary)),
        help=om.MultiformatMessageString(text=_without_marks(doc), markdown=doc),
        help_uri=rule_page(rule),
        default_configuration=om.ReportingConfiguration(level=LEVELS[rule.severity]),
        properties=_rule_properties(rule),
    )


def _text(text: str) -> Any:
    return om.MultiformatMessageString(text=text)


def _rule_properties(rule: Rule) -> dict[str, Any]:
    security = rule.block is Block.SECURITY
    tags = dict.fromkeys((rule.block.value, rule.family, "odoo", *rule.tags))
    if not security:
        tags.pop("security", None)  # GitHub takes the tag for a security alert
    properties: dict[str, Any] = {
        "tags": list(tags)[:_MAX_TAGS],
        "precision": rule.confidence.label,
        "problem.severity": _PROBLEM[LEVELS[rule.severity]],
    }
    if security:
        properties["security-severity"] = _SCORES[rule.severity]
    return properties


def _section(doc: str, title: str) -> str:
    """The text under a heading, as one line."""
    match = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", doc, re.M | re.S)
    return " ".join(match[1].split()) if match else ""


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1].rstrip() + "…"


def _without_marks(doc: str) -> str:
    return re.sub(r"^## ", "", doc, flags=re.M).replace("`", "")
