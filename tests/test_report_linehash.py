"""The line hash against the definition, written out plainly, and against the published examples of the
``codeql-action``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo_debt_lint.report.linehash import line_hashes


def by_definition(text: str) -> list[str]:
    """Character by character, with whole numbers of any size."""
    units: list[int] = []
    starts = [0]
    raw = text.encode("utf-16-le")
    codes = [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]
    position = 0
    while position < len(codes):
        code = codes[position]
        if code == 13 and codes[position + 1 : position + 2] == [10]:
            position += 1
        if code in (13, 10):
            units.append(10)
            starts.append(len(units))
        elif code not in (32, 9):
            units.append(code)
        position += 1
    units += [65535] + [0] * 100
    seen: list[int] = []
    hashes = []
    for start in starts:
        total = 0
        for unit in units[start : start + 100]:
            total = total * 37 + unit
        total %= 2**64
        seen.append(total)
        hashes.append(f"{hex(total)[2:]}:{seen.count(total)}")
    return hashes


GREETINGS = [
    "e9496ae3ebfced30:1",
    "fb7c023a8b9ccb3f:1",
    "ce8ba1a563dcdaca:1",
    "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1",
    "c129715d7a2bc9a3:1",
]
PUBLISHED = {
    "": ["c129715d7a2bc9a3:1"],
    " a\nb\n  \t\tc\n d": "271789c17abda88f:1 54703d4cd895b18:1 180aee12dab6264:1 a23a3dc5e078b07b:1".split(),
    " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End": [
        "8b7cf3e952e7aeb2:1",
        "b1ae1287ec4718d9:1",
        "bff680108adb0fcc:1",
        "c6805c5e1288b612:1",
        "b86d3392aea1be30:1",
        "e6ceba753e1a442:1",
    ],
    " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n": GREETINGS,
    " hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r": GREETINGS,
    " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n": GREETINGS,
    " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n": GREETINGS,
    "Lorem ipsum dolor sit amet.\n" * 10: [
        *(f"a7f2ff13bc495cf2:{number}" for number in range(1, 7)),
        "a7f2ff1481e87703:1",
        "a9cf91f7bbf1862b:1",
        "55ec222b86bcae53:1",
        "cc97dc7b1d7d8f7b:1",
        "c129715d7a2bc9a3:1",
    ],
}


@pytest.mark.parametrize("text", PUBLISHED)
def test_published_values(text: str) -> None:
    assert line_hashes(text.encode()) == PUBLISHED[text] == by_definition(text)


@given(st.text(alphabet=st.sampled_from("ab!F \t\r\n\u00e9\u20ac\U0001f600\ufeff\uffff"), max_size=400))
def test_same_as_the_definition(text: str) -> None:
    assert line_hashes(text.encode()) == by_definition(text)


def test_bytes_that_are_no_utf8() -> None:
    assert line_hashes(b"caf\xe9\n") == by_definition("caf\ufffd\n")
