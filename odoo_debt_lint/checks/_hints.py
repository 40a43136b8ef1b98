"""Whether a file holds one of some pieces of text, told by its words.

To search each file for each piece costs more than the rules that want to know. Nearly all words of a file
have been seen in others before, and what they can be part of is remembered for all rules together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

_MOST_WORDS = 200_000
"""Words that are remembered at a time."""


class Hints:
    """Pieces of text by what some of them have in common; all in lower case where upper and lower case are to
    be alike (``fold``)."""

    def __init__(self, hints: Mapping[str, str], fold: bool = False) -> None:
        self.fold = fold
        self._needles = [
            (common, [(hint, _needle(hint)) for hint in pieces.split()]) for common, pieces in hints.items()
        ]
        self._telling: dict[str, list[str]] = {}
        _memory.kinds.append(self)
        _memory.seen.clear()

    def words(self, file: PythonFile) -> frozenset[str]:
        """The words of a file that can be part of one of the pieces."""
        if file.words is not _memory.last:
            _memory.learn(file.words)
        return file.words & self._telling.keys()

    def within(self, file: PythonFile) -> bool:
        """Whether a file holds one of the pieces."""
        words = self.words(file)
        if not words:
            return False
        text = file.text.text.lower() if self.fold else file.text.text
        return any(hint in text for word in words for hint in self._telling[word])

    def learn(self, words: frozenset[str], together: str) -> None:
        """Notes which of the words can be part of which piece; ``together`` they stand between line ends."""
        for hint, needle in self._possible(together):
            if needle in together:
                for word in words:
                    if needle in f"\n{word.lower() if self.fold else word}\n":
                        self._telling.setdefault(word, []).append(hint)

    def _possible(self, together: str) -> Iterator[tuple[str, str]]:
        for common, pieces in self._needles:
            if common in together:
                yield from pieces

    def forget(self) -> None:
        self._telling.clear()


class _Memory:
    """All hints there are, and the words that they have seen."""

    def __init__(self) -> None:
        self.kinds: list[Hints] = []
        self.seen: set[str] = set()
        self.last: frozenset[str] = frozenset()

    def learn(self, words: frozenset[str]) -> None:
        self.last = words
        if not self.seen or len(self.seen) > _MOST_WORDS:
            self.seen.clear()
            for kind in self.kinds:
                kind.forget()
        new = words - self.seen
        if new:
            self.seen |= new
            together = "\n".join(("", *new, ""))
            folded = together.lower()
            for kind in self.kinds:
                kind.learn(new, folded if kind.fold else together)


_memory = _Memory()


def _needle(hint: str) -> str:
    """The first word of a piece, with a line end where it must begin or end as the word of a text does."""
    return re.sub(r"\W+", "\n", re.sub(r"(?<=\w)\W.*", "\n", hint, flags=re.ASCII), flags=re.ASCII)
