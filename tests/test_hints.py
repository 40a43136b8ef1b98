"""Hints found by words are those that a search of the whole text finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo_debt_lint.checks import _hints
from odoo_debt_lint.checks._hints import Hints
from odoo_debt_lint.python.module import PythonFile

ROOT = Path(__file__).resolve().parent.parent
PIECES = {
    "key": "api_key key- ?key=",
    "auth": "auth= authoriz",
    "login": ".login(",
    "": "eyJ _pw hooks.slack",
}
HINTS, FOLDED = Hints(PIECES), Hints({name: text.lower() for name, text in PIECES.items()}, fold=True)


def same_as_a_search(text: str) -> None:
    file = PythonFile("shop/models/order.py", text)
    pieces = " ".join(PIECES.values()).split()
    assert HINTS.within(file) is any(piece in text for piece in pieces)
    assert FOLDED.within(file) is any(piece.lower() in text.lower() for piece in pieces)


@pytest.mark.parametrize("folder", ["odoo_debt_lint/checks/security", "odoo_debt_lint/deployment", "tests"])
def test_files(folder: str) -> None:
    for path in sorted((ROOT / folder).glob("*.py")):
        same_as_a_search(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "text", ["x.login(y)", "x.login_(y)", "AUTH=1", "author = 1", "xapi_keys = 1", "KEY-1", ""]
)
def test_words_begin_and_end_as_the_pieces_do(text: str) -> None:
    same_as_a_search(text)


@given(
    st.lists(
        st.sampled_from(["key", "api", "auth", "login", "_", "-", "=", "?", ".", "(", ")", " ", "J", "ey"])
    )
)
def test_texts(parts: list[str]) -> None:
    same_as_a_search(f"# {''.join(parts)}")


def test_words_of_earlier_files_are_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_hints, "_MOST_WORDS", 3)
    for text in ("one = two = three = four = api_key", "five = six", "api_key = seven", "five = 'auth='"):
        same_as_a_search(text)


def test_long_words_are_looked_at_each_time() -> None:
    for _ in range(2):
        same_as_a_search(f"one = 'eyJ{'a' * 200}'")
        same_as_a_search(f"one = '{'a' * 200}'")
