"""18.0: kanban cards. The template is renamed; what it looks like has to be seen to by a person."""

from __future__ import annotations

import re

from odoo_debt_lint.finding import Edit, Fix
from odoo_debt_lint.migration.fixes.xml_attributes import drop_class
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.xml_edits import layout_of

_NAMES = {"kanban-box": "card", "kanban-menu": "menu"}
_PATH = re.compile(r"(?<=@t-name=['\"])kanban-(?:box|menu)(?=['\"])")


def fix_template(place: Place) -> Fix | None:
    """The template's own name, or an XPath to it."""
    lines, element = layout_of(place), place.node
    if lines is None:
        return None
    edits: list[Edit] = []
    if element.tag == "xpath":
        item = lines.attribute(element, "expr")
        for match in _PATH.finditer(lines.text, item.value_start, item.stop) if item else ():
            edits.append(lines.edit(match.start(), match.end(), _NAMES[match[0]]))
    elif element.get("t-name") in _NAMES:
        edits = lines.valued(element, "t-name", _NAMES[element.get("t-name")])
    return (
        Fix("Rename the template (the layout of cards is new)", tuple(edits), safe=False) if edits else None
    )


def fix_menu(place: Place) -> Fix | None:
    """The menu's template, and the colours to pick in it."""
    lines, element = layout_of(place), place.node
    if element.get("t-name") is not None:
        return fix_template(place)
    field = element.get("data-field")
    if lines is None or not field or len(element) or (element.text or "").strip():
        return None
    if "oe_kanban_colorpicker" not in element.get("class", "").split():
        return None
    edits = lines.replaced(element, f'<field name="{field}" widget="kanban_color_picker"/>')
    return Fix("Use the colour picker's widget", tuple(edits), safe=False)


def fix_click(place: Place) -> Fix | None:
    """Records open when they are clicked, without a class that says so."""
    return drop_class(place) if place.match.match == "xml-class" else None


FIXES = {"kanban-template": fix_template, "kanban-menu": fix_menu, "kanban-click": fix_click}
