"""The facts of migration: what is compiled is what is written, and everything they name exists."""

from __future__ import annotations

import re

import msgspec
import pytest
from fixtures import all_cases

from odoo_debt_lint.migration.checks import CHECKS
from odoo_debt_lint.migration.compile import compiled
from odoo_debt_lint.migration.facts import COMPILED, CONTEXT, Fact, all_facts
from odoo_debt_lint.migration.fixes import fixers

FILE = frozenset(
    "import base name attribute decorator decorator-argument call def field-argument class-attribute "
    "context-key string dict-item domain-operator subscript check xml-tag xml-attribute xml-class xml xpath "
    "record record-field js manifest-key manifest-missing manifest-check asset-bundle hook file".split()
)


def test_what_is_compiled_is_what_is_written() -> None:
    assert COMPILED.read_bytes() == compiled()


def test_ids_are_unique_and_every_fact_of_the_catalogue_is_there() -> None:
    names = [fact.id for fact in all_facts()]
    assert len(names) == len(set(names))
    assert len(names) >= 614


@pytest.mark.parametrize("fact", all_facts(), ids=lambda fact: fact.id)
def test_fact(fact: Fact) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", fact.id)
    assert fact.replacement
    assert fact.autofix in ("safe", "partial", "no")
    assert {fact.fix, *(match.fix for match in fact.match)} <= {"", *fixers()}
    for match in fact.match:
        assert match.match in FILE | CONTEXT
        assert not match.check or match.check in CHECKS
        assert match.match != "check" or match.value in CHECKS
        re.compile(match.pattern)
        if match.match in ("js", "xpath"):
            re.compile(match.value)


def test_every_fact_that_one_file_tells_has_a_hit_in_a_fixture() -> None:
    met = {item.rule for case in all_cases() if case.rule == "migration" for item in case.expected}
    named = {fact.id for fact in all_facts() if any(match.match in FILE for match in fact.match)}
    assert named <= met


def test_a_fact_that_is_not_understood_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"id": "x", "kinds": "y"}, Fact)
