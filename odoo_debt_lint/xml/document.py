"""One XML file: a safe lxml tree, and exact places of elements and attributes in the text.

lxml knows only the line on which a start tag ends. Where a tag, an attribute or a text begins is found by
a scan of the text, made when the first position is asked for; the n-th element is the n-th start tag.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import Any

from lxml import etree

from odoo_debt_lint.finding import FIRST_LINE, Span
from odoo_debt_lint.source import Text, decode

_TOKEN = re.compile(
    r"<(?:(?P<tag>[^\s/>!?]+)(?P<attrs>[^>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^>\"']*)*)>|"
    r"!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>|!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)",
    re.S,
)
_ATTRIBUTE = re.compile(r"([^\s=/]+)\s*=\s*(\"[^\"]*\"|'[^']*')", re.S)


class XmlError(Exception):
    """The text is not well-formed; line is 1-based, column 0-based."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


@cache
def parser() -> etree.XMLParser:
    """A parser that expands nothing, fetches nothing and has bounds; one for all, to make it takes longer
    than to parse a view."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, dtd_validation=False
    )


class XmlFile:
    """A parsed data file. Raises XmlError, or Unreadable when the bytes are not its declared encoding."""

    def __init__(
        self, path: str, content: bytes, *, addon: str = "", series: str = "", role: str = "data"
    ) -> None:
        self.path, self.addon, self.series, self.role = path, addon, series, role
        self.content = content
        try:
            self.root: Any = etree.fromstring(content, parser())
        except etree.XMLSyntaxError as error:
            line, column = error.position if error.position else (1, 1)
            raise XmlError(_message(error), max(line or 1, 1), max((column or 1) - 1, 0)) from None
        except ValueError as error:
            raise XmlError(str(error), 1, 0) from None
        self.elements: list[Any] = list(self.root.iter("*"))

    @cached_property
    def text(self) -> Text:
        return Text(decode(self.content, is_xml=True))

    @cached_property
    def attributes(self) -> list[tuple[Any, list[tuple[str, str]]]]:
        """Elements with attributes, and these by name and value."""
        return [(element, given) for element in self.elements if (given := element.items())]

    @cached_property
    def _tags(self) -> dict[Any, re.Match[str]]:
        """The start tags of the elements; none where they were not all found."""
        found = [match for match in _TOKEN.finditer(self.text.text) if match.lastgroup]
        same = len(found) == len(self.elements)
        return dict(zip(self.elements, found, strict=True)) if same else {}

    def span(self, element: Any) -> Span:
        """The start tag of an element."""
        match = self._tags.get(element)
        if match is not None:
            return self.text.span(*match.span())
        line = getattr(element, "sourceline", None) or 1
        return self.text.line_span(line) if line > 1 else FIRST_LINE

    def attribute_span(self, element: Any, name: str) -> Span:
        """One attribute, name and value; the start tag when it is not there."""
        match = self._tags.get(element)
        if match is not None:
            start = match.start("attrs")
            for attribute in _ATTRIBUTE.finditer(match["attrs"]):
                if attribute[1] == name:
                    return self.text.span(start + attribute.start(), start + attribute.end())
        return self.span(element)

    def content_start(self, element: Any) -> tuple[int, int]:
        """Line and column at which the text of an element begins; what stands before a CDATA section below
        the tag is part of it."""
        match = self._tags.get(element)
        if match is None:
            return (element.sourceline or 1, 0)
        offset = match.end()
        blank = re.compile(r"[ \t]*<!\[CDATA\[").match(self.text.text, offset)
        return self.text.position(blank.end() if blank else offset)


def _message(error: etree.XMLSyntaxError) -> str:
    return re.sub(r", line \d+, column \d+.*", "", error.msg or "not well-formed")
