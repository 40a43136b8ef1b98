"""Addresses of the project, in one place."""

from __future__ import annotations

from odoo_debt_lint.rule import Rule

HOME = "https://github.com/odoo-debt-lint/odoo-debt-lint"


def rule_page(rule: Rule) -> str:
    """Where the documentation of a rule is to be read."""
    return f"{HOME}/blob/main/odoo_debt_lint/checks/{rule.family}/{rule.name.replace('-', '_')}.py"
