"""Splits shell text into its simple commands, each with the line on which it begins.

Enough for scripts that make backups: quotes, continued lines, comments, pipes and substitutions. Nothing is
expanded, and what a shell would refuse is read as far as it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEREDOC = re.compile(r"<<-?\s*(['\"]?)([A-Za-z_]\w*)\1")
_PIECE = re.compile(
    r"(?P<skip>\\\n)|(?P<escaped>\\.)|'(?P<single>[^']*)'|\"(?P<double>(?:[^\"\\]|\\.)*)\"|"
    r"(?P<space>[ \t\r]+)|(?P<end>\n|;;?|&&?|\|\|?|\$\(|`|[()]|[{}](?=\s|$))|(?P<sign>>>?|<)|"
    r"(?P<other>[^\s'\"\\;&|()`{}<>$#]+|.)",
    re.S,
)
_VARIABLE = re.compile(r"\$\{[^{}]{0,500}\}")
_MAX_SIZE, _LONGEST = 1 << 20, 4000
"""No script that somebody wrote is larger, no command of one longer."""
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_KEYWORDS = frozenset(
    "if then else elif do while until ! time exec sudo nohup nice ionice env command".split()
)


@dataclass(frozen=True, slots=True)
class Command:
    """The words of one simple command. ``assigned`` are the ``NAME=value`` before them."""

    words: tuple[str, ...]
    assigned: tuple[str, ...]
    line: int

    @property
    def program(self) -> str:
        """Name of the program, without its folder."""
        return self.words[0].rpartition("/")[2] if self.words else ""

    @property
    def text(self) -> str:
        """All of it on one line, as far as patterns may look."""
        return " ".join((*self.assigned, *self.words))[:_LONGEST]


def commands(text: str, first: int = 1) -> list[Command]:
    """All simple commands of a text whose first line has the number ``first``; here documents last."""
    if len(text) > _MAX_SIZE:
        return []
    lines = text.replace("\r\n", "\n").split("\n")
    bodies = list(_here_documents(lines))
    found = list(_commands("\n".join(lines), first))
    for start, body in bodies:
        found += _commands(body, first + start)
    return found


def _commands(text: str, line: int) -> Iterator[Command]:
    words: list[str] = []
    parts: list[str] = []
    start, position = line, 0
    while position < len(text):
        match = _VARIABLE.match(text, position) or _PIECE.match(text, position)
        assert match is not None  # the last branch takes any character
        kind, piece = match.lastgroup or "variable", match[0]
        position = match.end()
        if piece == "#" and not parts:
            end = text.find("\n", position)
            position = len(text) if end < 0 else end
        elif kind in ("space", "end", "sign"):
            words += ["".join(parts)] if parts else []
            parts = []
            if kind == "end":
                yield from _command(words, start)
                words = []
            elif kind == "sign":
                words.append(piece)
        elif kind != "skip":
            start = start if words or parts else line
            parts.append(piece if kind == "variable" else _plain(match))
        line += piece.count("\n")
    yield from _command([*words, "".join(parts)] if parts else words, start)


def _plain(match: re.Match[str]) -> str:
    if match["escaped"] is not None:
        return match[0][1:]
    if match["single"] is not None:
        return match["single"]
    return match["double"] if match["double"] is not None else match[0]


def _command(words: list[str], line: int) -> Iterator[Command]:
    assigned: list[str] = []
    rest = list(words)
    while rest and (rest[0] in _KEYWORDS or _ASSIGNMENT.match(rest[0])):
        word = rest.pop(0)
        if word not in _KEYWORDS:
            assigned.append(word)
    if rest or assigned:
        yield Command(tuple(rest), tuple(assigned), line)


def _here_documents(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Takes the here documents out of the lines, so that a quote in one does not reach beyond its end."""
    last = {line.strip(): index for index, line in enumerate(lines)}
    index = 0
    while index < len(lines):
        match = None if lines[index].lstrip().startswith("#") else _HEREDOC.search(lines[index])
        index += 1
        if match is None or last.get(match[2], -1) < index:
            continue
        start = index
        while lines[index].strip() != match[2]:
            index += 1
        yield start, "\n".join(lines[start:index])
        lines[start : index + 1] = [""] * (index + 1 - start)
