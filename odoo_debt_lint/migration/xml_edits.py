"""Edits of an XML file that leave every byte alone which they do not have to change.

lxml knows no places, so the text is scanned once for all tags: the n-th start tag is the n-th element, and a
stack finds its end tag. Where text and tree do not agree (entities that hold tags), nothing is edited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from odoo_debt_lint.finding import Edit
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.xml.document import XmlFile

_TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>|"
    r"</(?P<end>[^\s>]+)\s*>|"
    r"<(?P<tag>[^\s/>!?]+)(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.S,
)
_ATTRIBUTE = re.compile(r"(?P<blank>\s+)(?P<name>[^\s=/]+)\s*=\s*(?P<value>\"[^\"]*\"|'[^']*')", re.S)


@dataclass(frozen=True, slots=True)
class Tag:
    """Where one element stands, in characters of the text. ``end`` is its end tag, empty when it closes
    itself."""

    start: int
    stop: int
    name_stop: int
    end: tuple[int, int]

    @property
    def closed(self) -> bool:
        """Whether the start tag is all of it."""
        return self.end[0] == self.end[1]


@dataclass(frozen=True, slots=True)
class Attribute:
    """Where one attribute stands: from the blanks before it to the quote that ends it."""

    name: str
    blank: int
    start: int
    name_stop: int
    value_start: int
    stop: int
    quote: str


class Unplaced(Exception):
    """The text cannot be laid over the tree."""


class Layout:
    """The places of all elements of a file, and edits of them."""

    def __init__(self, file: XmlFile) -> None:
        self.file = file
        self.text: str = file.text.text
        self.tags = _tags(self.text)
        self.numbers = {element: number for number, element in enumerate(file.elements)}
        if len(self.tags) != len(file.elements):
            raise Unplaced

    def tag(self, element: Any) -> Tag:
        return self.tags[self.numbers[element]]

    def attributes(self, element: Any) -> Iterator[Attribute]:
        """The attributes of an element in order."""
        tag = self.tag(element)
        for match in _ATTRIBUTE.finditer(self.text, tag.name_stop, tag.stop):
            yield Attribute(
                match["name"],
                match.start(),
                match.start("name"),
                match.end("name"),
                match.start("value") + 1,
                match.end(),
                match["value"][0],
            )

    def attribute(self, element: Any, name: str) -> Attribute | None:
        return next((item for item in self.attributes(element) if item.name == name), None)

    def edit(self, start: int, stop: int, text: str) -> Edit:
        """Puts the text in place of these characters."""
        return Edit(self.file.text.span(start, stop), text)

    def renamed(self, element: Any, name: str) -> list[Edit]:
        """Gives the element another tag."""
        tag = self.tag(element)
        edits = [self.edit(tag.start + 1, tag.name_stop, name)]
        if not tag.closed:
            stop = tag.end[0] + 2 + tag.name_stop - tag.start - 1
            edits.append(self.edit(tag.end[0] + 2, stop, name))
        return edits

    def without(self, element: Any, name: str) -> list[Edit]:
        """Takes an attribute out, with the blanks before it."""
        item = self.attribute(element, name)
        return [self.edit(item.blank, item.stop, "")] if item else []

    def attribute_renamed(self, element: Any, name: str, new: str) -> list[Edit]:
        item = self.attribute(element, name)
        return [self.edit(item.start, item.name_stop, new)] if item else []

    def valued(self, element: Any, name: str, value: str) -> list[Edit]:
        """Gives an attribute another value."""
        item = self.attribute(element, name)
        return [self.edit(item.value_start, item.stop - 1, escaped(value, item.quote))] if item else []

    def substituted(self, element: Any, name: str, pattern: re.Pattern[str], new: str) -> list[Edit]:
        """Replaces what a pattern finds in the raw value of an attribute."""
        item = self.attribute(element, name)
        if item is None:
            return []
        return self.within(item.value_start, item.stop - 1, pattern, new)

    def within(self, start: int, stop: int, pattern: re.Pattern[str], new: str) -> list[Edit]:
        """Replaces what a pattern finds between two places."""
        return [
            self.edit(match.start(), match.end(), match.expand(new))
            for match in pattern.finditer(self.text, start, stop)
        ]

    def content(self, element: Any) -> tuple[int, int]:
        """From behind the start tag to before the end tag."""
        tag = self.tag(element)
        return (tag.stop, tag.end[0]) if not tag.closed else (tag.stop, tag.stop)

    def extent(self, element: Any) -> tuple[int, int]:
        """All of an element, its content included."""
        tag = self.tag(element)
        return tag.start, tag.stop if tag.closed else tag.end[1]

    def replaced(self, element: Any, text: str) -> list[Edit]:
        return [self.edit(*self.extent(element), text)]

    def removed(self, element: Any) -> list[Edit]:
        """Takes an element out, and its line with it when it has one of its own."""
        start, stop = self.extent(element)
        return [self.edit(*self.line_around(start, stop), "")]

    def line_around(self, start: int, stop: int) -> tuple[int, int]:
        """The place with its indentation and line end, when nothing else stands on its lines."""
        before = re.search(r"[ \t]*\Z", self.text[max(start - 400, 0) : start])
        first = start - (len(before[0]) if before else 0)
        after = re.compile(r"[ \t]*(\r\n|\r|\n)").match(self.text, stop)
        alone = first == 0 or self.text[first - 1] in "\r\n"
        return (first, after.end()) if alone and after else (start, stop)

    def indentation(self, element: Any) -> str:
        """The blanks before an element that begins its line, with the line end; empty for others."""
        start = self.tag(element).start
        match = re.search(r"(\r\n|\r|\n)[ \t]*\Z", self.text[max(start - 400, 0) : start])
        return match[0] if match else ""


def _tags(text: str) -> list[Tag]:
    found: list[Tag] = []
    opened: list[int] = []
    for match in _TOKEN.finditer(text):
        if match["end"] and opened:
            number = opened.pop()
            item = found[number]
            found[number] = Tag(item.start, item.stop, item.name_stop, match.span())
        elif match["tag"]:
            if not text.startswith("/", match.end() - 2):
                opened.append(len(found))
            found.append(Tag(match.start(), match.end(), match.end("tag"), (0, 0)))
    return found


@lru_cache(maxsize=2)
def layout(file: XmlFile) -> Layout | None:
    """The layout of a file; None where it has none."""
    try:
        return Layout(file)
    except Unplaced:
        return None


def layout_of(place: Place) -> Layout | None:
    """The layout of the XML file of a place; None in other files, for which the same fact may be met."""
    return layout(place.file) if isinstance(place.file, XmlFile) else None


def escaped(value: str, quote: str = '"') -> str:
    """A value between these quotes, or a text without any."""
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return value.replace(quote, "&quot;" if quote == '"' else "&apos;") if quote else value


def flat(edits: Iterable[Iterable[Edit]]) -> tuple[Edit, ...]:
    """All edits in order, each once."""
    return tuple(dict.fromkeys(edit for group in edits for edit in group))
