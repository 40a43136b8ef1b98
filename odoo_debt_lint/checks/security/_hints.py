"""Whether a file holds one of many pieces of text, told by its words.

To search each file for each piece costs more than the rule that wants to know. Nearly all words of a file
have been seen in others before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_MOST_WORDS = 200_000
"""Words that are remembered at a time."""


class Hints:
    """Pieces of text, all in lower case where upper and lower case are to be alike (``fold``)."""

    def __init__(self, hints: Iterable[str], fold: bool = False) -> None:
        self.fold = fold
        self._needles = [(hint, _needle(hint)) for hint in hints]
        self._seen: set[str] = set()
        self._telling: dict[str, list[str]] = {}

    def within(self, text: str, words: frozenset[str]) -> bool:
        """Whether a text of these words holds one of the pieces."""
        new = words - self._seen
        if new:
            self._learn(new)
        telling = words & self._telling.keys()
        if not telling:
            return False
        text = text.lower() if self.fold else text
        return any(hint in text for word in telling for hint in self._telling[word])

    def _learn(self, words: Iterable[str]) -> None:
        """Notes which of the words can be part of which piece."""
        if len(self._seen) > _MOST_WORDS:
            self._seen, self._telling = set(), {}
        self._seen.update(words)
        bounded = {word: f"\n{word.lower() if self.fold else word}\n" for word in words}
        together = "".join(bounded.values())
        for hint, needle in self._needles:
            if needle in together:
                for word, text in bounded.items():
                    if needle in text:
                        self._telling.setdefault(word, []).append(hint)


def _needle(hint: str) -> str:
    """The first word of a piece, with a line end where it must begin or end as the word of a text does."""
    return re.sub(r"\W+", "\n", re.sub(r"(?<=\w)\W.*", "\n", hint, flags=re.ASCII), flags=re.ASCII)
