"""Reads ``.env`` files as docker compose does: quotes over several lines, escapes, earlier variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from odoo_debt_lint.deployment.lines import Entry, File
from odoo_debt_lint.deployment.variables import interpolated
from odoo_debt_lint.finding import Span

_LINE = re.compile(r"\s*(?:export\s+)?([\w.\[\]-]+)\s*(?:[=:]\s*(.*))?$", re.S)
_ESCAPE = re.compile(r"\\(?:([abcfnrtv\"\\])|0(\d{0,3})|(\$))")
_CHARACTERS = dict(zip('abfnrtv"\\', '\a\b\f\n\r\t\v"\\', strict=True))
_MAX_LINES = 200
"""A quote that is not closed within so many lines was none."""


@dataclass
class EnvFile(File):
    """A ``.env``. ``tracked`` and ``ignored`` say what git makes of it; ``None``: git does not tell."""

    entries: dict[str, Entry] = field(default_factory=dict)
    tracked: bool | None = None
    ignored: bool = False
    kind: ClassVar[str] = "env"

    @property
    def values(self) -> dict[str, str | None]:
        """The variables that the file sets; ``None`` for a value that it does not tell."""
        return {name: entry.value for name, entry in self.entries.items()}


def read_env(file: EnvFile) -> EnvFile:
    """Fills in the entries; values that refer to variables of other places are not known."""
    known: dict[str, str | None] = {}
    for name, raw, span in _statements(file):
        known[name] = None if raw is None else _value(raw, known)
        file.entries[name] = Entry(name, known[name], span)
    return file


def _statements(file: EnvFile) -> Iterator[tuple[str, str | None, Span]]:
    """Name, raw value and place; no value where only the name stands, which the environment then fills."""
    lines, number = file.text.lines, 0
    while number < len(lines):
        first = number
        number += 1
        match = _LINE.match(lines[first].lstrip("\ufeff"))
        if match is None or lines[first].lstrip().startswith("#"):
            continue
        raw = match[2]
        if raw and raw[0] in "\"'":
            more = _lines_of_quote(raw, lines[number : number + _MAX_LINES])
            raw = "\n".join((raw, *lines[number : number + more]))
            number += more
        last = lines[number - 1]
        span = (
            file.text.line_span(first + 1) if number == first + 1 else Span(first + 1, 0, number, len(last))
        )
        yield match[1], raw, span


def _lines_of_quote(raw: str, following: list[str]) -> int:
    """How many further lines a quoted value takes; none when its quote is not closed."""
    if _end_of_quote(raw) > 0:
        return 0
    text = raw
    for count, line in enumerate(following, 1):
        text += "\n" + line
        if _end_of_quote(text) > 0:
            return count
    return 0


def _end_of_quote(text: str) -> int:
    """Where the quote closes with which the text begins; -1 when it does not."""
    place = 1
    while place < len(text):
        if text[place] == text[0]:
            return place
        place += 2 if text[place] == "\\" else 1
    return -1


def _value(raw: str, known: dict[str, str | None]) -> str | None:
    quote = raw[:1]
    end = _end_of_quote(raw) if quote in ("'", '"') else -1
    if end < 0:
        return interpolated(raw.partition(" #")[0].rstrip(), known)
    text = raw[1:end].replace(f"\\{quote}", quote)
    return text if quote == "'" else interpolated(_ESCAPE.sub(_unescaped, text), known)


def _unescaped(match: re.Match[str]) -> str:
    if match[3]:
        return "$$"
    if match[1]:
        return _CHARACTERS.get(match[1], match[0])
    return chr(int(match[2], 8)) if re.fullmatch(r"[0-3][0-7]{2}", match[2]) else match[0]
