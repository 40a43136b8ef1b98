"""Whether a file holds one of some pieces of text, told by its words.

To search each file for each piece costs more than the rules that want to know. Nearly all words of a file
have been seen in others before, and what they can be part of is remembered for all rules together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

_MOST_WORDS = 200_000
"""Words that are remembered at a time."""


class Hints:
    """Pieces of text; all in lower case where upper and lower case are to be alike (``fold``)."""

    def __init__(self, hints: Iterable[str], fold: bool = False) -> None:
        self.fold = fold
        self._needles = [(hint, _needle(hint)) for hint in hints]
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

    def learn(self, words: list[str]) -> None:
        """Notes which of the words can be part of which piece."""
        bounded = [f"\n{word.lower() if self.fold else word}\n" for word in words]
        together = "".join(bounded)
        for hint, needle in self._needles:
            if needle in together:
                for word, text in zip(words, bounded, strict=True):
                    if needle in text:
                        self._telling.setdefault(word, []).append(hint)

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
            for kind in self.kinds:
                kind.learn(list(new))


_memory = _Memory()


def _needle(hint: str) -> str:
    """The first word of a piece, with a line end where it must begin or end as the word of a text does."""
    return re.sub(r"\W+", "\n", re.sub(r"(?<=\w)\W.*", "\n", hint, flags=re.ASCII), flags=re.ASCII)
