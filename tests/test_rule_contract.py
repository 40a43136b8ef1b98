"""What every rule owes: documentation under fixed headings, a fixture with hits and clean sections."""

from __future__ import annotations

import re

import pytest
from fixtures import RULES, cases

from odoo_debt_lint.registry import all_rules
from odoo_debt_lint.rule import Rule

CODED = [rule for rule in all_rules().values() if rule.fact is None]
HEADINGS = ("## What it does", "## Why is this bad", "## How to fix")


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.name)
def test_documentation(rule: Rule) -> None:
    assert all(heading in rule.doc for heading in HEADINGS)
    assert len(rule.summary) <= 100
    assert not rule.summary.lower().startswith(rule.name)


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.name)
def test_metadata(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.name)
    assert rule.minutes > 0
    assert rule.listeners or rule.fact is not None
    assert len(rule.tags) <= 8


@pytest.mark.parametrize("rule", CODED, ids=lambda rule: rule.name)
def test_fixture_has_hits_and_clean_sections(rule: Rule) -> None:
    path = RULES / rule.family / f"{rule.name}.md"
    assert path.is_file(), f"{path} is missing"
    sections = cases(path)
    assert any(section.expected for section in sections), "no section with a mark"
    assert any(not section.expected for section in sections), "no clean section"


def test_every_fixture_has_its_rule() -> None:
    known = {(rule.family, rule.name) for rule in all_rules().values()}
    assert {(path.parent.name, path.stem) for path in RULES.glob("*/*.md")} <= known
