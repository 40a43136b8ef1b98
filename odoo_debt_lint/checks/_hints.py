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
_LONGEST = 100
"""Longer ones, which are encoded data, are not."""


class Hints:
    """Pieces of text by what some of them have in common; all in lower case where upper and lower case are to
    be alike (``fold``)."""

    def __init__(self, hints: Mapping[str, str], fold: bool = False) -> None:
        self.fold = fold
        self._needles = [
            (common, [(hint, _needle(hint)) for hint in pieces.split()]) for common, pieces in hints.items()
        ]
        _memory.enter(self)

    def words(self, file: PythonFile) -> Mapping[str, list[str]]:
        """The words of a file that can be part of one of the pieces, with these."""
        return _memory.found(file.words).get(self, {})

    def within(self, file: PythonFile) -> bool:
        """Whether a file holds one of the pieces."""
        words = self.words(file)
        if not words:
            return False
        text = file.text.text.lower() if self.fold else file.text.text
        return any(hint in text for hints in words.values() for hint in hints)

    def among(self, lines: str) -> Iterator[tuple[str, str]]:
        """Each word that can be part of a piece, and the piece; all words, in lower case for ``fold``, stand
        between line ends."""
        for common, pieces in self._needles:
            if common in lines:
                for hint, needle in pieces:
                    at = lines.find(needle)
                    while at >= 0:
                        start = at + 1 if needle[0] == "\n" else lines.rfind("\n", 0, at) + 1
                        end = lines.find("\n", start)
                        yield lines[start:end], hint
                        at = lines.find(needle, end)


class _Memory:
    """All hints there are, and what the words of files can be part of; most are ``dull``."""

    def __init__(self) -> None:
        self._kinds: list[Hints] = []
        self._forget()

    def _forget(self) -> None:
        self._dull: set[str] = set()
        self._telling: dict[str, dict[Hints, list[str]]] = {}
        self._last: frozenset[str] = frozenset()
        self._found: dict[Hints, dict[str, list[str]]] = {}

    def enter(self, kind: Hints) -> None:
        self._kinds.append(kind)
        self._forget()

    def found(self, words: frozenset[str]) -> Mapping[Hints, Mapping[str, list[str]]]:
        """What a file of these words can hold; the rules ask for one file after the other."""
        if words is not self._last:
            if len(self._dull) > _MOST_WORDS:
                self._forget()
            rest = words - self._dull
            self._learn([word for word in rest if word not in self._telling])
            self._last, self._found = words, {}
            for word in rest:
                for kind, hints in self._telling.get(word, {}).items():
                    self._found.setdefault(kind, {})[word] = hints
                if len(word) > _LONGEST:
                    self._telling.pop(word, None)
        return self._found

    def _learn(self, words: list[str]) -> None:
        lines = "\n".join(("", *words, ""))
        folded: dict[str, list[str]] = {}
        for word in words:
            folded.setdefault(word.lower(), []).append(word)
        folded_lines = "\n".join(("", *folded, ""))
        for kind in self._kinds:
            for found, hint in kind.among(folded_lines if kind.fold else lines):
                for word in folded[found] if kind.fold else (found,):
                    self._telling.setdefault(word, {}).setdefault(kind, []).append(hint)
        self._dull.update(word for word in words if word not in self._telling and len(word) <= _LONGEST)


_memory = _Memory()


def _needle(hint: str) -> str:
    """The first word of a piece, with a line end where it must begin or end as the word of a text does."""
    return re.sub(r"\W+", "\n", re.sub(r"(?<=\w)\W.*", "\n", hint, flags=re.ASCII), flags=re.ASCII)
