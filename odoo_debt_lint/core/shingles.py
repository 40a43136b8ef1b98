"""Fingerprints of method bodies: which code is largely the same, without keeping any of it.

A sketch holds the smallest hashes of all runs of four tokens (a bottom-k sketch): formatting, quotes,
comments and docstrings make no difference, and a few changed lines little. No text can be had back from it.
"""

from __future__ import annotations

import re
from zlib import crc32

SIZE = 12
"""Hashes in a full sketch."""
_BYTES = 3
MIN_LINES = 7
"""Lines below the ``def`` which a body has at least."""
_MIN_TOKENS = 40
_SAMPLED = 2
"""Bit of the last token's hash: half of the runs are enough."""
_DOCSTRING = re.compile(r":[ \t]*\n\s*[rRuU]?(\"\"\".*?\"\"\"|'''.*?''')", re.S)
_TOKEN = re.compile(r"#[^\n]*|(\w+|[^\s\w,()'\"\\])")
_COMMENT = re.compile(r"#[^\n]*")
_SIGNS = ".=[]:{}-+*/%<>!&|^~@;`$?"
_BLANKS = dict.fromkeys(map(ord, ",()'\"\\"), " ") | dict.fromkeys(
    (code for code in range(128) if not chr(code).isprintable() and not chr(code).isspace()), "\u2400"
)
"""What separates tokens is blank; control characters make the text one that is not plain."""


class _Hashes(dict[str, int]):
    """The hash of each token that was met, within bounds."""

    def __missing__(self, token: str) -> int:
        if len(self) > 100_000:
            self.clear()
        value = self[token] = crc32(token.encode()) >> 16 | 1
        return value


_hashes = _Hashes()


def sketch(text: str) -> bytes:
    """The sketch of a function's source text from its ``def``; empty for a short one."""
    if text.count("\n") < MIN_LINES:
        return b""
    if '"""' in text or "'''" in text:
        text = _DOCSTRING.sub(":", text, count=1)
    found = _tokens(text)
    if len(found) < _MIN_TOKENS:
        return b""
    codes = list(map(_hashes.__getitem__, found))
    runs = {
        a * 0xE2B18B + b * 0x4223CD + c * 0xD72A63 + d * 0x6D1EDB & 0xFFFFFF
        for a, b, c, d in zip(codes, codes[1:], codes[2:], codes[3:], strict=False)
        if d & _SAMPLED
    }
    return b"".join([value.to_bytes(_BYTES, "big") for value in sorted(runs)[:SIZE]])


def _tokens(text: str) -> list[str]:
    """Names, numbers and signs. Where all is plain ASCII, a few replacements tell them twice as fast."""
    if text.isascii():
        bare = (_COMMENT.sub("", text) if "#" in text else text).translate(_BLANKS)
        if bare.isascii():
            for sign in _SIGNS:
                if sign in bare:
                    bare = bare.replace(sign, f" {sign} ")
            return bare.split()
    return [token for token in _TOKEN.findall(text) if token]


def likeness(one: bytes, other: bytes) -> float:
    """How much of the two bodies is the same, 0 to 1 (an estimate of their Jaccard index)."""
    if not one or not other:
        return 0.0
    first, second = _values(one), _values(other)
    smallest = sorted(first | second)[: min(SIZE, max(len(first), len(second)))]
    common = first & second
    return sum(value in common for value in smallest) / len(smallest)


def _values(data: bytes) -> set[bytes]:
    return {data[index : index + _BYTES] for index in range(0, len(data), _BYTES)}
