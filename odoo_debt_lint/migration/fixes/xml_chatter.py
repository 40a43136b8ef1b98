"""18.0: the chatter is one element, ``<chatter/>``; what were options of its fields are its attributes."""

from __future__ import annotations

import ast
import re
from typing import Any

from lxml import etree

from odoo_debt_lint.finding import Edit, Fix
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.xml_edits import Layout, escaped, layout_of

_FIELDS = frozenset({"message_follower_ids", "activity_ids", "message_ids", "website_message_ids"})
_PATH = re.compile(
    r"div\s*\[\s*(?:hasclass\(\s*(['\"])oe_chatter\1\s*\)|@class\s*=\s*(['\"])oe_chatter\2|"
    r"contains\(\s*@class\s*,\s*(['\"])oe_chatter\3\s*\))\s*\]\s*$"
)
_OUTSIDE = ("before", "after", "replace", "move")


def fix_chatter(place: Place) -> Fix | None:
    """The fix of the element, of a spec that looks for it, or of an XPath to it."""
    lines, element = layout_of(place), place.node
    if lines is None:
        return None
    if element.tag == "xpath":
        return _path(lines, element)
    if element.get("position"):
        return _spec(lines, element)
    return _chatter(lines, element)


def _path(lines: Layout, element: Any) -> Fix | None:
    item = lines.attribute(element, "expr")
    if item is None or element.get("position") not in _OUTSIDE:
        return None
    raw = lines.text[item.value_start : item.stop - 1]
    match = _PATH.search(raw)
    if match is None:
        return None
    edit = lines.edit(item.value_start + match.start(), item.value_start + match.end(), "chatter")
    return Fix("Look for <chatter>", (edit,))


def _spec(lines: Layout, element: Any) -> Fix | None:
    names = set(element.attrib) - {"class", "position"}
    if names or element.get("class") != "oe_chatter" or element.get("position") not in _OUTSIDE:
        return None
    edits = [*lines.renamed(element, "chatter"), *lines.without(element, "class")]
    return Fix("Look for <chatter>", tuple(edits))


def _chatter(lines: Layout, element: Any) -> Fix | None:
    """Without all of its fields the chatter showed less than it will."""
    children = list(element)
    plain = all(isinstance(child.tag, str) and child.tag == "field" and not len(child) for child in children)
    names = {child.get("name") for child in children} if plain else set()
    text = [element.text, *(child.tail for child in children)]
    if not plain or not names <= _FIELDS or any((part or "").strip() for part in text):
        return None
    attributes = _attributes(element, children)
    if attributes is None:
        return None
    given = "".join(f' {name}="{escaped(value)}"' for name, value in attributes.items())
    edits: list[Edit] = lines.replaced(element, f"<chatter{given}/>")
    return Fix("Use <chatter/>", tuple(edits), safe="message_ids" in names)


def _attributes(element: Any, children: list[etree._Element]) -> dict[str, str] | None:
    """The attributes of the new element; None where something would be lost."""
    classes = [name for name in (element.get("class") or "").split() if name != "oe_chatter"]
    found = {"class": " ".join(classes)} if classes else {}
    for name, value in element.attrib.items():
        if name in ("groups", "invisible"):
            found[name] = value
        elif name not in ("class", "name"):
            return None
    for child in children:
        options = _options(child.get("options"))
        if options is None or set(child.attrib) - {"name", "options", "groups", "widget", "help"}:
            return None
        found.update(_reloads(child.get("name"), options))
    return found


def _options(text: str | None) -> dict[str, Any] | None:
    try:
        value = ast.literal_eval(text.strip()) if text else {}
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    return value if isinstance(value, dict) else None


def _reloads(name: str | None, options: dict[str, Any]) -> dict[str, str]:
    """When the form was loaded again, as the client of 17.0 read the options."""
    found = {}
    refresh = options.get("post_refresh")
    if name == "message_follower_ids" and refresh:
        found["reload_on_follower"] = "True"
    if name == "message_ids" and refresh:
        found["reload_on_post"] = "True"
        if refresh == "always":
            found["reload_on_attachment"] = "True"
    if options.get("open_attachments"):
        found["open_attachments"] = "True"
    return found


FIXES = {"chatter": fix_chatter}
