"""17.0: settings are made of ``<app>``, ``<block>`` and ``<setting>`` where they were ``<div>`` with classes.

What the new elements have as attributes is taken in: the title above a block, the label of a setting, its
help and its documentation. All else in them stays where it is. Views that inherit may look for the old nodes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from odoo_debt_lint.finding import Edit, Fix
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.xml_edits import Layout, escaped, layout_of

_TAGS = {"app_settings_block": "app", "o_settings_container": "block", "o_setting_box": "setting"}
_CLASS = (
    r"(?:hasclass\([^()]*?['\"]{0}['\"][^()]*?\)|contains\(\s*@class\s*,\s*['\"]{0}['\"]\s*\)|"
    r"@class\s*=\s*['\"][^'\"]*?\b{0}\b[^'\"]*?['\"])"
)
_PATHS = [
    (re.compile(rf"\bdiv\[\s*{_CLASS.format('app_settings_block')}\s+and\s+@data-key(?=\s*=)"), "app[@name"),
    (re.compile(r"\bdiv\[\s*@data-key(?=\s*=)"), "app[@name"),
    (re.compile(rf"\bdiv\[\s*{_CLASS.format('settings')}\s*\]"), "form"),
    *((re.compile(rf"\bdiv\[\s*{_CLASS.format(name)}\s*\]"), tag) for name, tag in _TAGS.items()),
]


def fix_setting(place: Place) -> Fix | None:
    """The fix of one of the elements, or of an XPath to one."""
    lines, element = layout_of(place), place.node
    if lines is None:
        return None
    if element.tag == "xpath":
        edits = _path(lines, element)
        return Fix("Look for the new element", tuple(edits), safe=False) if edits else None
    tag = _TAGS.get(place.match.value)
    if element.tag != "div" or tag is None or element.get("position"):
        return None
    edits = list({"app": _app, "block": _block, "setting": _setting}[tag](lines, element))
    return Fix(f"Write it as <{tag}>", (*lines.renamed(element, tag), *edits), safe=False)


def _path(lines: Layout, element: Any) -> list[Edit]:
    item = lines.attribute(element, "expr")
    if item is None:
        return []
    for pattern, new in _PATHS:
        match = pattern.search(lines.text, item.value_start, item.stop - 1)
        if match:
            return [lines.edit(*match.span(), new)]
    return []


def _app(lines: Layout, element: Any) -> Iterator[Edit]:
    hidden = "o_not_app" in element.get("class", "").split()
    yield from _instead_of_class(lines, element, {"notApp": "1"} if hidden else {})
    if element.get("name") is None:
        yield from lines.attribute_renamed(element, "data-key", "name")
    if element.get("string") is None:
        yield from lines.attribute_renamed(element, "data-string", "string")
    else:
        yield from lines.without(element, "data-string")


def _instead_of_class(lines: Layout, element: Any, attributes: dict[str, str]) -> Iterator[Edit]:
    """The classes made the layout, which the new element has by itself."""
    item = lines.attribute(element, "class")
    new = " ".join(f'{name}="{escaped(value)}"' for name, value in attributes.items())
    if item is not None:
        yield lines.edit(item.start if new else item.blank, item.stop, new)


def _block(lines: Layout, element: Any) -> Iterator[Edit]:
    """Headings above it become its title and its help."""
    found: dict[str, str] = {}
    other = element.getprevious()
    while other is not None and other.tag in ("h2", "h3") and not set(other.attrib) - {"class"}:
        name = "title" if other.tag == "h2" else "help"
        text = _plain(other)
        if text is None or name in found or element.get(name) is not None:
            break
        found[name] = text
        yield from lines.removed(other)
        other = other.getprevious()
    yield from _instead_of_class(lines, element, dict(reversed(found.items())))


def _setting(lines: Layout, element: Any) -> Iterator[Edit]:
    """The panes go, and of what is in the right one that which the element has as attributes."""
    left, right = _pane(element, "o_setting_left_pane"), _pane(element, "o_setting_right_pane")
    field = left[0] if left is not None and len(left) == 1 and left[0].tag == "field" else None
    found: dict[str, str] = {}
    if left is not None and not len(left) and not (left.text or "").strip():
        yield from lines.removed(left)
    elif field is not None and _only_child(left):
        yield from _unwrapped(lines, left)
    if right is not None:
        for child in list(right):
            if isinstance(child.tag, str) and _taken(child, field, element, found):
                yield from lines.removed(child)
        yield from _unwrapped(lines, right)
    yield from _instead_of_class(lines, element, found)


def _pane(element: Any, name: str) -> Any:
    """The only child with this class, if it has nothing but a class."""
    panes = [child for child in element if name in (child.get("class") or "").split()]
    return panes[0] if len(panes) == 1 and list(panes[0].attrib) == ["class"] else None


def _only_child(pane: Any) -> bool:
    return not (pane.text or "").strip() and not (pane[0].tail or "").strip()


def _unwrapped(lines: Layout, element: Any) -> Iterator[Edit]:
    """Takes off the tags around the content of an element."""
    tag = lines.tag(element)
    for start, stop in ((tag.start, tag.stop), tag.end) if not tag.closed else ((tag.start, tag.stop),):
        yield lines.edit(*lines.line_around(start, stop), "")


def _taken(child: Any, field: Any, element: Any, found: dict[str, str]) -> bool:
    """Whether an attribute says what the child said."""
    classes, extra = set((child.get("class") or "").split()), set(child.attrib) - {"class"}
    if child.tag == "label" and field is not None and child.get("for") == field.get("name"):
        if extra - {"for", "string"} or field.get("string") is not None:
            return False
        return "string" not in child.attrib or _give(element, found, "string", child.get("string"))
    if child.tag == "span" and "o_form_label" in classes and not extra:
        return _give(element, found, "string", _plain(child))
    if child.tag == "div" and "text-muted" in classes and not extra and not len(child):
        return _give(element, found, "help", _plain(child))
    if (
        child.tag == "span"
        and "fa-building-o" in classes
        and not extra - {"title", "groups", "aria-label", "role"}
    ):
        return child.get("groups", "").endswith("base.group_multi_company") and _give(
            element, found, "company_dependent", "1"
        )
    if child.tag == "a" and "o_doc_link" in classes and not extra - {"href", "title", "target"}:
        return _give(element, found, "documentation", child.get("href"))
    return False


def _give(element: Any, found: dict[str, str], name: str, value: str | None) -> bool:
    """Notes an attribute which the element does not have yet."""
    if not value or name in found or element.get(name) is not None:
        return False
    found[name] = value
    return True


def _plain(element: etree._Element) -> str | None:
    """The text of an element that holds nothing else, on one line."""
    text = " ".join((element.text or "").split())
    return text if text and not len(element) else None


FIXES = {"setting": fix_setting}
