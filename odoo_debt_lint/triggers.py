"""Which rules a file can concern, told by its words before anything of it is walked.

A trigger is a piece of text; most files hold few of the hundred there are, and searching each file for each
of them costs more than any rule. The words of a file are known cheaply, and nearly all of them have been seen
in other files before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

_NO_WORD = bytes(
    byte if byte >= 128 or chr(byte).isalnum() or chr(byte) == "_" else ord(" ") for byte in range(256)
)
_WORD = re.compile(r"\w+", re.ASCII)
_MOST_WORDS = 200_000
"""Words that are remembered at a time."""
_LONGEST = 100
"""Longer ones, which are encoded data, are not."""


def words_of(text: str) -> frozenset[str]:
    """All words of a text: runs of letters, digits and underscores."""
    plain = text.encode("utf-8", "surrogatepass").translate(_NO_WORD)
    return frozenset(plain.decode("utf-8", "surrogatepass").split())


class _Trigger(NamedTuple):
    """A trigger with its longest word, and whether this is the beginning or the end of a word of the file."""

    text: str
    word: str
    begins: bool
    ends: bool

    def fits(self, word: str) -> bool:
        if self.begins and not word.startswith(self.word):
            return False
        return word.endswith(self.word) if self.ends else self.word in word


class Triggers:
    """Triggers with the names of the rules that have them."""

    def __init__(self, rules: Mapping[str, frozenset[str]]) -> None:
        self.rules = rules
        self.bare = {trigger: trigger.strip(" (=") for trigger in rules}
        self._triggers = [_trigger(text) for text in rules]
        self._seen: set[str] = set()
        self._telling: dict[str, set[str]] = {}

    def within(self, text: str, words: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
        """The triggers that a text of these words holds, with their rules, always in the same order."""
        if len(self._seen) > _MOST_WORDS:
            self._seen, self._telling = set(), {}
        new = words - self._seen
        self._learn(new)
        found: set[str] = set()
        for word in words & self._telling.keys():
            found |= self._telling[word]
        for word in new:
            if len(word) > _LONGEST:
                self._seen.discard(word)
                self._telling.pop(word, None)
        for trigger in sorted(found):
            if trigger in text:
                yield trigger, self.rules[trigger]

    def _learn(self, words: Iterable[str]) -> None:
        """Notes which of the words can be part of which trigger."""
        words = list(words)
        self._seen.update(words)
        together = "\n".join(words)
        for trigger in self._triggers:
            if trigger.word in together:
                for word in words:
                    if trigger.word in word and trigger.fits(word):
                        self._telling.setdefault(word, set()).add(trigger.text)


def _trigger(text: str) -> _Trigger:
    match = max(_WORD.finditer(text), key=lambda found: len(found[0]))
    return _Trigger(text, match[0], match.start() > 0, match.end() < len(text))
