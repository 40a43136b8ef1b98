"""Addresses of the project, in one place."""

from __future__ import annotations

from odoo_debt_lint.rule import Rule

HOME = "https://github.com/odoo-debt-lint/odoo-debt-lint"
_FILES = f"{HOME}/blob/main/odoo_debt_lint"
_ENGINES = {"pylint": "https://github.com/OCA/pylint-odoo", "semgrep": f"{HOME}/tree/main/rules/odoo"}
"""Of what an engine finds and no rule of ours does; the family is the engine's name."""


def rule_page(rule: Rule) -> str:
    """Where the documentation of a rule is to be read."""
    if rule.fact is not None:
        return f"{_FILES}/migration/facts/{rule.fact.series}.yaml"
    return _ENGINES.get(rule.family) or f"{_FILES}/checks/{rule.family}/{rule.name.replace('-', '_')}.py"
