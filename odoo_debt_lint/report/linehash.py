"""The line hashes by which GitHub recognises an alert in the next upload (``primaryLocationLineHash``).

The ``codeql-action`` computes them for uploads that bring none, and warns when ours differ, so they have to
be the same to the bit: a polynomial hash over the first 100 UTF-16 code units from the start of the line,
blanks left out, line ends as LF, and an ordinal that tells equal hashes apart.
"""

from __future__ import annotations

from array import array
from collections import Counter
from operator import mul
from sys import byteorder

_WINDOW = 100
_BASE = 37
_MASK = (1 << 64) - 1
_END_OF_FILE = "\uffff"
_POWERS = [pow(_BASE, exponent, 1 << 64) for exponent in reversed(range(_WINDOW))]
_UTF16 = "utf-16-le" if byteorder == "little" else "utf-16-be"
_BLANKS = str.maketrans("", "", " \t")


def line_hashes(content: bytes) -> list[str]:
    """The hash of each line of a file, first line first."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    units = array("H")
    starts = []
    for line in (text.translate(_BLANKS) + _END_OF_FILE).split("\n"):
        starts.append(len(units))
        units.frombytes(f"{line}\n".encode(_UTF16))
    units.pop()  # no line end follows the end of the file
    units.extend([0] * _WINDOW)
    seen: Counter[int] = Counter()
    hashes = []
    for start in starts:
        value = sum(map(mul, units[start : start + _WINDOW], _POWERS)) & _MASK
        seen[value] += 1
        hashes.append(f"{value:x}:{seen[value]}")
    return hashes
