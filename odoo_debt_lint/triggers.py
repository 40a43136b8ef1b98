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
    """A trigger with what tells it in a list of words, a line each: its longest word, which may be part of
    theirs, with a line's end where it is the beginning or the end of one."""

    text: str
    telling: str
    begins: bool


class Triggers:
    """Triggers with the names of the rules that have them."""

    def __init__(self, rules: Mapping[str, frozenset[str]]) -> None:
        self.rules = rules
        self.bare = {trigger: trigger.strip(" (=") for trigger in rules}
        self.modules: dict[str, list[str]] = {}
        for trigger, word in self.bare.items():
            self.modules.setdefault(word.rstrip("."), []).append(trigger)
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
        lines = "\n" + "\n".join(words) + "\n"
        for trigger in self._triggers:
            at = lines.find(trigger.telling)
            while at >= 0:
                start = at + 1 if trigger.begins else lines.rfind("\n", 0, at) + 1
                end = lines.find("\n", start)
                self._telling.setdefault(lines[start:end], set()).add(trigger.text)
                at = lines.find(trigger.telling, end)


def _trigger(text: str) -> _Trigger:
    match = max(_WORD.finditer(text), key=lambda found: len(found[0]))
    begins, ends = match.start() > 0, match.end() < len(text)
    return _Trigger(text, "\n" * begins + match[0] + "\n" * ends, begins)
