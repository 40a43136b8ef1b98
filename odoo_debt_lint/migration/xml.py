"""Finds in one XML file what facts name: tags, attributes, record fields, classes and xpaths.

Templates of the browser (``static``) have no views and records: only matches without a place, or those that
ask for ``static``, count there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from odoo_debt_lint.finding import Span
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.plan import Tables, Wanted
from odoo_debt_lint.migration.terms import old_operators
from odoo_debt_lint.xml.document import XmlFile
from odoo_debt_lint.xml.views import said

_VIEW_FIELDS = frozenset({"arch", "arch_db", "arch_base", "view_arch"})
_DOMAINS = frozenset({"domain", "domain_force", "filter_domain", "filter_pre_domain"})
_OPERATORS = (b"<>", b"&lt;&gt;", b"==", b"IN'", b'IN"', b"LIKE'", b'LIKE"', b"_OF'", b'_OF"', b"\0")
"""What a file with an old operator in a domain holds; zeros are those of other encodings."""
_DATA = frozenset({"odoo", "openerp", "data"})


_FEW = 20
"""Names for which the text is searched before its elements are."""


def _held(table: dict[str, list[Wanted]], content: bytes) -> dict[str, list[Wanted]]:
    """The fields of records that may stand in a file. Without a migration ahead there are few."""
    if len(table) > _FEW or b"\0" in content:
        return table
    return {name: found for name, found in table.items() if name.rpartition(".")[2].encode() in content}


class XmlFinder:
    """One pass over a file."""

    def __init__(self, file: XmlFile, tables: Tables) -> None:
        self.file, self.tables = file, tables
        self.tags, self.records = tables.kind("xml-tag"), tables.kind("record")
        self.fields = _held(tables.kind("record-field"), file.content)
        self.classes = tables.kind("xml-class")
        self.attributes = tables.kind("xml-attribute")
        self.paths = tuple(tables.each("xpath"))
        operators = tables.kind("domain-operator")
        held = bool(operators) and any(piece in file.content for piece in _OPERATORS)
        self.operators = operators if held else {}
        self.view = ""
        self.entity = ""

    def places(self) -> Iterator[Place]:
        """Everything that was met, in document order."""
        told = self.tags or self.records or self.fields or self.classes or self.attributes or self.paths
        if told or self.operators:
            yield from self._below(self.file.root, self.file.role == "static")
        for wanted in self.tables.each("xml"):
            if wanted.match.needs in self.file.text.text and self._role(wanted):
                for element in self.file.root.xpath(wanted.match.value):
                    yield self._place(wanted, element, self.file.span(element))

    def _below(self, top: Any, static: bool) -> Iterator[Place]:
        """The elements in document order; what lies in an arch or a template is a view."""
        stack: list[tuple[Any, str, str]] = [(top, "", "")]
        while stack:
            element, view, entity = stack.pop()
            if not isinstance(element.tag, str):
                continue
            parent = element.getparent()
            if parent is not None and parent.tag in _DATA:
                entity = element.get("id", "")
            self.view, self.entity = view, entity
            yield from self._element(element, parent, static)
            inner = view or _opens(element)
            stack.extend((child, inner, entity) for child in reversed(element))

    def _role(self, wanted: Wanted) -> bool:
        static = self.file.role == "static"
        return wanted.match.within == "static" if static else wanted.match.within != "static"

    def _within(self, wanted: Wanted, parent: Any, static: bool) -> bool:
        within = wanted.match.within
        if static:
            return within in ("", "static")
        if within == "view":
            return bool(self.view)
        if within == "arch":
            return self.view == "arch"
        if within == "data":
            return parent is not None and parent.tag in _DATA
        return within != "static"

    def _place(self, wanted: Wanted, element: Any, span: Span) -> Place:
        return Place(wanted, self.file, element, span, self.entity)

    def _element(self, element: Any, parent: Any, static: bool) -> Iterator[Place]:
        for wanted in self.tags.get(element.tag, ()):
            if self._within(wanted, parent, static):
                yield self._place(wanted, element, self.file.span(element))
        attributes = element.attrib
        if attributes:
            yield from self._attributes(element, attributes, parent, static)
        if element.tag == "field" and parent is not None and parent.tag == "record" and not self.view:
            yield from self._record_field(element, parent)
        elif element.tag == "record" and not self.view:
            for wanted in self.records.get(element.get("model", ""), ()):
                yield self._place(wanted, element, self.file.span(element))

    def _attributes(self, element: Any, attributes: Any, parent: Any, static: bool) -> Iterator[Place]:
        for name, value in attributes.items():
            for wanted in self.attributes.get(name, ()):
                tag = wanted.match.tag
                if (
                    (not tag or tag == element.tag)
                    and self._within(wanted, parent, static)
                    and wanted.fits(value)
                ):
                    yield self._place(wanted, element, self.file.attribute_span(element, name))
        if self.operators and element.tag in ("field", "filter", "act_window"):
            for name in ("domain", "filter_domain"):
                yield from self._domain(element, name, str(attributes.get(name, "")))
        if self.classes and "class" in attributes:
            words = set(attributes["class"].split())
            for word in words & self.classes.keys():
                for wanted in self.classes[word]:
                    if wanted.match.tag in ("", element.tag) and self._within(wanted, parent, static):
                        yield self._place(wanted, element, self.file.span(element))
        expression = str(attributes.get("expr", "")) if element.tag == "xpath" else ""
        for wanted in self.paths if expression else ():
            if re.fullmatch(wanted.match.value, expression, re.S):
                yield self._place(wanted, element, self.file.attribute_span(element, "expr"))

    def _domain(self, element: Any, attribute: str, text: str) -> Iterator[Place]:
        """A term with an operator that is gone, in the domain of an attribute or of a record's field."""
        for wanted in old_operators(text, self.operators):
            span = self.file.attribute_span(element, attribute) if attribute else self.file.span(element)
            yield self._place(wanted, element, span)

    def _record_field(self, element: Any, record: Any) -> Iterator[Place]:
        if self.operators and element.get("name") in _DOMAINS:
            yield from self._domain(element, "", element.get("eval") or _text(element))
        name = f"{record.get('model')}.{element.get('name')}"
        for wanted in self.fields.get(name, ()):
            value = said(element.get("eval") or "") or element.get("ref") or _text(element)
            if wanted.fits(value):
                both = any(match.match == "field" and match.value == name for match in wanted.fact.match)
                span = self._name_span(element) if both else self.file.span(element)
                yield self._place(wanted, element, span)

    def _name_span(self, element: Any) -> Span:
        """From the name of a field on. It begins where the index reports the use of a field, so that there is
        one finding, but is not the same span: that one would supersede this, which has the fix."""
        span = self.file.attribute_span(element, "name")
        start = span.end_column - 1 - len(element.get("name"))
        return Span(span.end_line, start, span.end_line, span.end_column)


def _text(element: Any) -> str:
    """The text of a field, markup inside it included."""
    return "".join(element.itertext())


def _opens(element: Any) -> str:
    """What begins inside an element: ``arch`` of a record's view, or a ``template`` of QWeb."""
    if element.tag == "template":
        return "template"
    return "arch" if element.tag == "field" and element.get("name") in _VIEW_FIELDS else ""
