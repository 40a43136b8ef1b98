"""Reports made by hand, for the tests of the writers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from odoo_debt_lint.finding import Confidence, Finding, Location, Severity, Span
from odoo_debt_lint.outcome.debt import Debt, debt_of
from odoo_debt_lint.report.model import AddonReport, Report, Sources
from odoo_debt_lint.rule import Block, Rule

DOC = """Query built as text.

## What it does
Reports `execute` with text.

## Why is this bad
Injection.
"""
SQL = Rule(Severity.HIGH, Block.SECURITY, 60, (), name="sql-injection", family="security", doc=DOC)
LEFTOVER = Rule(Severity.LOW, Block.CODE, 5, (), name="debug-leftover", family="orm", tags=("odoo", "a"))
SUPER = Rule(Severity.MEDIUM, Block.CODE, 30, (), name="override-missing-super", family="inheritance")
RULES = {rule.name: rule for rule in (LEFTOVER, SUPER, SQL)}


def finding(**changes: Any) -> Finding:
    """A finding of ``sql-injection`` in line 2 of ``shop/models/sale.py``."""
    values: dict[str, Any] = {
        "rule": "sql-injection",
        "location": Location("shop/models/sale.py", Span(2, 8, 2, 20)),
        "message": "SQL is text",
        "severity": Severity.HIGH,
        "confidence": Confidence.HIGH,
        "minutes": 60,
        "addon": "shop",
        "fingerprint": "f" * 32,
    }
    return Finding(**{**values, **changes})


def report(root: Path, *findings: Finding, **changes: Any) -> Report:
    """A report on one addon, ``shop``."""
    debt = debt_of(findings, 200, RULES) if findings else Debt(0, 200, 0)
    values: dict[str, Any] = {
        "root": root,
        "sources": Sources(root),
        "rules": dict(RULES),
        "addons": (AddonReport("shop", "shop", "16.0", "manifest", "16.0.1.0.0", 3, debt),),
        "findings": findings,
        "debt": debt,
        "files": 3,
    }
    return Report(**{**values, **changes})
