"""Takes the uses of one XML file, and finds the exact place of a name in an attribute or a text."""

from __future__ import annotations

import re
from typing import Any

from odoo_debt_lint.facts import UseFact
from odoo_debt_lint.finding import Span
from odoo_debt_lint.python.records.chains import Records
from odoo_debt_lint.xml.document import XmlFile

LEAF = re.compile(r"[\[(]\s*(['\"])([A-Za-z_][\w.]*)\1\s*,\s*(['\"])[=!<>?a-z_ ]+\3\s*,")
"""A condition of a domain."""
_ANY = re.compile(r"(['\"])(?:not )?any!?\1\s*,")
"""The operator whose value is a domain of another model."""
_VALUE = re.compile(r"\s*(?:[\[(][^\])]*|['\"][^'\"]*['\"])")
_TEXT = re.compile(r"['\"]([^'\"]*)['\"]")
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


class Source:
    """An attribute or a text of an element: what it holds, and where that stands."""

    def __init__(self, file: XmlFile, element: Any, attribute: str = "") -> None:
        self.file, self.element, self.attribute = file, element, attribute
        self.text: str = (element.get(attribute) if attribute else element.text) or ""
        self._start: int | None = None
        self._raw = ""

    def _located(self) -> None:
        text = self.file.text
        if self.attribute:
            span = self.file.attribute_span(self.element, self.attribute)
            start = text.starts[span.start_line - 1] + span.start_column
            end = text.starts[span.end_line - 1] + span.end_column
            raw = text.text[start:end]
            shift = min((place for quote in "\"'" if (place := raw.find(quote)) >= 0), default=0) + 1
            self._start, self._raw = start + shift, raw[shift:-1]
        else:
            line, column = self.file.content_start(self.element)
            self._start = text.starts[line - 1] + column
            self._raw = text.text[self._start : self._start + len(self.text)]

    def span(self, start: int, end: int) -> Span:
        """The place of a part of the value."""
        if self._start is None:
            self._located()
        name = self.text[start:end]
        if self._raw[start:end] != name:
            start = self._raw.find(name)
        if start < 0 or self._start is None:
            return self.file.span(self.element)
        return self.file.text.span(self._start + start, self._start + start + len(name))


class XmlSink:
    """The uses of one file."""

    def __init__(self, file: XmlFile) -> None:
        self.file = file
        self.found: list[UseFact] = []
        self.entity = ""

    def add(self, owner: Records, name: str, span: Span, kind: str, value: Any = None) -> None:
        self.found.append(UseFact(owner.model, (*owner.path, name), span, kind, self.entity, value))

    def model(self, element: Any, attribute: str = "") -> None:
        """A model that an attribute or a text names."""
        source = Source(self.file, element, attribute)
        name = source.text.strip()
        if re.fullmatch(r"[\w.]+", name):
            start = source.text.find(name)
            self.found.append(UseFact(name, (), source.span(start, start + len(name)), "model", self.entity))

    def path(
        self,
        owner: Records | None,
        source: Source,
        start: int,
        path: str,
        kind: str = "path",
        value: Any = None,
    ) -> None:
        """Every step of a dotted path."""
        if not _PATH.fullmatch(path):
            return
        for name in path.split("."):
            if owner is None:
                return
            if name != "id":
                self.add(owner, name, source.span(start, start + len(name)), kind, value)
            start += len(name) + 1
            owner = owner.step(name)

    def attribute(
        self, owner: Records | None, element: Any, attribute: str, kind: str = "path", value: Any = None
    ) -> None:
        """An attribute that is a path."""
        source = Source(self.file, element, attribute)
        path = source.text.strip()
        self.path(owner, source, source.text.find(path), path, kind, value)

    def domain(self, owner: Records | None, source: Source) -> None:
        """The left operands of a domain in a text."""
        if _ANY.search(source.text):
            return
        for match in LEAF.finditer(source.text):
            behind = _VALUE.match(source.text, match.end())
            texts = _TEXT.findall(behind[0]) if behind is not None else None
            self.path(owner, source, match.start(2), match[2], "domain", texts)
