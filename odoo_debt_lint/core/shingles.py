"""Fingerprints of method bodies: which code is largely the same, without keeping any of it.

A sketch holds the smallest hashes of all runs of four tokens (a bottom-k sketch): formatting, quotes,
comments and docstrings make no difference, and a few changed lines little. No text can be had back from it.
"""

from __future__ import annotations

import re
from heapq import nsmallest
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
_hashes: dict[str, int] = {}


def sketch(text: str) -> bytes:
    """The sketch of a function's source text from its ``def``; empty for a short one."""
    if text.count("\n") < MIN_LINES:
        return b""
    found = [token for token in _TOKEN.findall(_DOCSTRING.sub(":", text, count=1)) if token]
    if len(found) < _MIN_TOKENS:
        return b""
    codes = [_hashes.get(token) or _hash(token) for token in found]
    runs = {
        (a * 0x3D4D + b * 0x2C1B + c * 0x5F35 + d * 0x127D) * 0x9E37 & 0xFFFFFF
        for a, b, c, d in zip(codes, codes[1:], codes[2:], codes[3:], strict=False)
        if d & _SAMPLED
    }
    return b"".join(value.to_bytes(_BYTES, "big") for value in nsmallest(SIZE, runs))


def _hash(token: str) -> int:
    if len(_hashes) > 100_000:
        _hashes.clear()
    value = _hashes[token] = crc32(token.encode()) >> 16 | 1
    return value


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
