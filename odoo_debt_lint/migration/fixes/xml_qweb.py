"""Directives of QWeb: ``t-out`` in place of ``t-esc`` and ``t-raw``, and ``t-options`` for all of them."""

from __future__ import annotations

from odoo_debt_lint.finding import Fix
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.xml_edits import layout_of


def fix_output(place: Place) -> Fix | None:
    """``t-esc`` becomes ``t-out``; ``t-raw`` too, but what it puts out has to be Markup then, or it is
    escaped. The body of a call (``0``) is Markup."""
    lines, element, name = layout_of(place), place.node, place.match.value
    if lines is None or element.get("t-out") is not None:
        return None
    if element.get("t-esc") is not None and element.get("t-raw") is not None:
        return None
    safe = name == "t-esc" or element.get(name, "").strip() == "0"
    edits = lines.attribute_renamed(element, name, "t-out")
    title = "Use t-out" if safe else "Use t-out (the value has to be Markup)"
    return Fix(title, tuple(edits), safe) if edits else None


def fix_options(place: Place) -> Fix | None:
    """``t-field-options`` and the like; JSON constants become Python's."""
    lines, element, name = layout_of(place), place.node, place.match.value
    others = [other for other in element.attrib if other.endswith("-options") and other != name]
    value = element.get(name) or ""
    if lines is None or others or any(word in value for word in ("true", "false", "null")):
        return None
    return Fix("Use t-options", tuple(lines.attribute_renamed(element, name, "t-options")))


FIXES = {"t-out": fix_output, "t-options": fix_options}
