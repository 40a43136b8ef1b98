"""Triggers found by words are those that a search of the whole text finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo_debt_lint import triggers
from odoo_debt_lint.registry import all_rules, handlers
from odoo_debt_lint.triggers import Triggers, words_of

TABLE = handlers(all_rules().values()).triggers
ROOT = Path(__file__).resolve().parent.parent


def found(known: Triggers, text: str) -> set[str]:
    return {trigger for trigger, _ in known.within(text, words_of(text))}


def test_words() -> None:
    assert words_of("self.env['a_b'].sudo()  # naïve") == {"self", "env", "a_b", "sudo", "naïve"}
    assert words_of("'\ud800'") == {"\ud800"}
    assert words_of("") == frozenset()


@pytest.mark.parametrize("folder", ["odoo_debt_lint/checks", "testdata/rules"])
def test_same_as_a_search_of_the_text(folder: str) -> None:
    known = Triggers(TABLE)
    for path in sorted((ROOT / folder).rglob("*.*")):
        if path.suffix in (".py", ".md"):
            text = path.read_text(encoding="utf-8")
            assert found(known, text) == {trigger for trigger in TABLE if trigger in text}, path


@given(
    st.lists(
        st.one_of(st.sampled_from(sorted(TABLE)), st.text("asudo_x(.= \n'é", max_size=8)), max_size=12
    ).map("".join)
)
def test_same_whatever_stands_beside(text: str) -> None:
    assert found(Triggers(TABLE), text) == {trigger for trigger in TABLE if trigger in text}


def test_rules_of_a_trigger() -> None:
    known = Triggers({"sudo(": frozenset({"a", "b"}), "eval(": frozenset({"c"})})
    assert list(known.within("x.sudo()", words_of("x.sudo()"))) == [("sudo(", {"a", "b"})]


def test_what_was_seen_is_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triggers, "_MOST_WORDS", 10)
    known = Triggers(TABLE)
    for number in range(100):
        text = f"word{number} other{number} {'a' * 200}{number}sudo x.sudo()"
        assert found(known, text) == {"sudo("}
    assert len(known._seen) < 20
    assert max(map(len, (*known._seen, *known._telling))) < 200
