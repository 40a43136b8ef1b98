"""Records, menus, templates and csv rows of data files as facts."""

from __future__ import annotations

import csv
import io
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from odoo_debt_lint.facts import DataFacts, RecordFact, ValueFact, ViewFact
from odoo_debt_lint.finding import Span
from odoo_debt_lint.source import Text
from odoo_debt_lint.xml.document import XmlFile
from odoo_debt_lint.xml.refs import full_id, refs
from odoo_debt_lint.xml.views import template_fact, view_fact

BROKEN = "broken"
"""The tag of records in a file that does not parse."""
ROOTS = ("odoo", "openerp", "data")
_GIVEN_ID = re.compile(r"['\"]xml_id['\"]\s*:\s*['\"]([\w.-]+)['\"]")
_FALSE = ("0", "false", "off", "no")


def data_facts(file: XmlFile) -> DataFacts:
    """Facts of an XML data file; a file with another root (QWeb assets) has none."""
    if file.root.tag not in ROOTS:
        return DataFacts()
    records: list[RecordFact] = []
    views: list[ViewFact] = []
    for element, noupdate in _entries(file.root, False):
        if element.tag == "record":
            record = _record(file, element, noupdate)
            records.append(record)
            if record.model == "ir.ui.view":
                views.append(view_fact(file, element, record))
        elif element.tag == "template":
            xmlid = element.get("id") or element.get("t-name", "")
            view = template_fact(file, element, full_id(xmlid, file.addon))
            views.append(view)
            records.append(RecordFact(view.xmlid, "ir.ui.view", view.span, (), noupdate, "template"))
        elif element.tag in _SHORTCUTS:
            records.append(_shortcut(file, element, noupdate))
        elif element.tag == "function":
            records += _named_by(file, element)
    return DataFacts(tuple(records), tuple(views), tuple(refs(file)))


_SHORTCUTS = {
    "menuitem": "ir.ui.menu",
    "act_window": "ir.actions.act_window",
    "report": "ir.actions.report",
    "url": "ir.actions.act_url",
    "asset": "ir.asset",
}


_GIVEN_TAG = re.compile(
    r"<(?:record|template|menuitem|act_window|report)\s[^<>]*?\bid\s*=\s*['\"]([\w.-]+)['\"]"
)


def broken_facts(content: bytes, addon: str) -> DataFacts:
    """The ids in a file that does not parse: others refer to them, and the file itself is the defect."""
    text = content.decode("utf-8", "replace")
    ids = dict.fromkeys(full_id(xmlid, addon) for xmlid in _GIVEN_TAG.findall(text))
    return DataFacts(tuple(RecordFact(xmlid, "", noupdate=True, tag=BROKEN) for xmlid in ids))


def _entries(parent: Any, noupdate: bool) -> Iterator[tuple[Any, bool]]:
    given = parent.get("noupdate")
    inner = noupdate if given is None else given.strip().lower() not in _FALSE
    for child in parent:
        if not isinstance(child.tag, str):
            continue
        if child.tag in ROOTS:
            yield from _entries(child, inner)
            continue
        yield child, inner
        if child.tag in ("record", "menuitem") and len(child):
            # records of a one2many field and menus below a menu may stand inside
            for nested in child.iter(child.tag):
                if nested is not child:
                    yield nested, inner


def _record(file: XmlFile, element: Any, noupdate: bool) -> RecordFact:
    values = []
    for child in element:
        if child.tag == "field" and child.get("name"):
            values.append(_value(file, child))
    return RecordFact(
        xmlid=full_id(element.get("id", ""), file.addon),
        model=element.get("model", ""),
        span=file.span(element),
        values=tuple(values),
        noupdate=noupdate,
    )


def _value(file: XmlFile, element: Any) -> ValueFact:
    for kind in ("ref", "eval", "search"):
        given = element.get(kind)
        if given is not None:
            return ValueFact(element.get("name"), file.span(element), kind, given.strip())
    kind = "xml" if element.get("type") in ("xml", "html") else "text"
    return ValueFact(element.get("name"), file.span(element), kind, (element.text or "").strip()[:2000])


def _named_by(file: XmlFile, element: Any) -> Iterator[RecordFact]:
    """What a function call gives XML ids to (``_update_xmlids``)."""
    for part in element.iter(etree.Element):
        for value in (part.text or "", *part.attrib.values()):
            for xmlid in _GIVEN_ID.findall(value) if "xml_id" in value else ():
                yield RecordFact(full_id(xmlid, file.addon), "", file.span(part), (), True, "function")


def _shortcut(file: XmlFile, element: Any, noupdate: bool) -> RecordFact:
    values = tuple(
        ValueFact(name, file.attribute_span(element, name), "text", value)
        for name, value in element.attrib.items()
        if name != "id"
    )
    xmlid = full_id(element.get("id", ""), file.addon)
    return RecordFact(xmlid, _SHORTCUTS[element.tag], file.span(element), values, noupdate, element.tag)


_NO_RECORD = ("0", "false", "no")
"""How Odoo's import lets one write that there is none (``db_id_for`` of ``ir.fields.converter``)."""


def _told(column: str, value: str) -> str:
    return "" if column.endswith((":id", "/id")) and value.lower() in _NO_RECORD else value


def csv_facts(path: str, text: str, addon: str) -> DataFacts:
    """One record per row of a csv file; the model is the file's name. Raises csv.Error."""
    model = posixpath.basename(path)[: -len(".csv")].partition("-")[0]
    lines = Text(text)
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip() for name in next(reader, [])]
    records: list[RecordFact] = []
    first = reader.line_num + 1
    for row in reader:
        span = Span(first, 0, first, len(lines.line(first)))
        first = reader.line_num + 1
        given = [cell.strip() for cell in row]
        if any(given):
            cells = dict(zip(header, given, strict=False))
            xmlid = full_id(cells.pop("id", ""), addon)
            values = [ValueFact(name, span, "text", _told(name, value)) for name, value in cells.items()]
            records.append(RecordFact(xmlid, model, span, tuple(values), tag="csv"))
    return DataFacts(records=tuple(records))
