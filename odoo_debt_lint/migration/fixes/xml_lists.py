"""18.0: list views are called ``list``: tags, XPaths, ``mode``, ``view_mode`` and ``list_view_ref``."""

from __future__ import annotations

import re

from odoo_debt_lint.finding import Edit, Fix
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.xml_edits import Layout, layout_of
from odoo_debt_lint.xml.views import said

_STEP = re.compile(r"(^|[/(|\[:,]\s*|\s(?:and|or|not)\s+)tree(?=\s*(?:[/\[\])|=]|$))")
_MODE = re.compile(r"(?<![\w.])tree(?![\w.])")
_EVAL = re.compile(
    r"(?P<key>['\"](?:view_mode|type)['\"]\s*:\s*['\"](?:[\w,\s]*,)?\s*)tree(?=\s*(?:,[\w,\s]*)?['\"])"
)
_REF = re.compile(r"(?<=['\"])tree_view_ref(?=['\"])")


def fix_list(place: Place) -> Fix | None:
    """The fix of whatever the place is."""
    lines, element = layout_of(place), place.node
    if lines is None:
        return None
    if place.match.match == "xpath":
        edits = _path(lines, place)
    elif element.tag == "tree" and place.match.match == "xml-tag":
        edits = lines.renamed(element, "list")
    elif element.tag == "field" and element.getparent() is not None and place.match.match == "record-field":
        edits = _record_field(lines, place)
    elif element.tag == "attribute":
        edits = lines.within(*lines.content(element), _MODE, "list")
    else:
        edits = lines.substituted(element, place.match.value, _MODE, "list")
    return Fix("Call it list", tuple(edits)) if edits else None


def _path(lines: Layout, place: Place) -> list[Edit]:
    """Steps of an XPath; what stands in quotes is none."""
    item = lines.attribute(place.node, "expr")
    if item is None:
        return []
    inner = "'" if item.quote == '"' else '"'
    raw = lines.text[item.value_start : item.stop - 1]
    quoted = [
        match.span()
        for match in re.finditer(rf"{inner}[^{inner}]*{inner}|&(?:quot|apos);.*?&(?:quot|apos);", raw)
    ]
    edits = []
    for match in _STEP.finditer(raw):
        stop = match.end()
        if not any(first < stop <= last for first, last in quoted):
            edits.append(lines.edit(item.value_start + stop - 4, item.value_start + stop, "list"))
    return edits


def _record_field(lines: Layout, place: Place) -> list[Edit]:
    """The text of a record's field, or the string or the dictionaries in its ``eval``."""
    element = place.node
    if element.get("eval") is not None:
        if said(element.get("eval")) != element.get("eval"):
            return lines.substituted(element, "eval", _MODE, "list")
        return lines.substituted(element, "eval", _EVAL, r"\g<key>list")
    if len(element):
        return []
    return lines.within(*lines.content(element), _MODE, "list")


def fix_view_ref(place: Place) -> Fix | None:
    """The key of a context that names the list view."""
    lines, element = layout_of(place), place.node
    if lines is None:
        return None
    edits: list[Edit] = []
    for name in element.attrib:
        if name in ("context", "eval"):
            edits += lines.substituted(element, name, _REF, "list_view_ref")
    if place.match.match == "record-field" and not len(element):
        edits += lines.within(*lines.content(element), _REF, "list_view_ref")
    return Fix("Name the list view by list_view_ref", tuple(edits)) if edits else None


FIXES = {"tree-to-list": fix_list, "xml-list-view-ref": fix_view_ref}
