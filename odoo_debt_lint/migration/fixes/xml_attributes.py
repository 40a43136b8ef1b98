"""Fixes that take out, rename or rewrite one attribute, or one field of a record."""

from __future__ import annotations

import re

from odoo_debt_lint.finding import Edit, Fix
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.xml_edits import Layout, layout_of

_CONSTANTS = {"true": "True", "false": "False"}
_COLOURS = frozenset({"primary", "secondary", "success", "danger", "warning", "info", "light", "dark"})


def _fix(title: str, edits: list[Edit], safe: bool = True) -> Fix | None:
    return Fix(title, tuple(edits), safe) if edits else None


def drop_attribute(place: Place) -> Fix | None:
    """Takes out the attribute that was met."""
    lines, name = layout_of(place), place.match.value
    return _fix(f"Remove {name}", lines.without(place.node, name)) if lines else None


def drop_group_attributes(place: Place) -> Fix | None:
    """``expand`` and ``string`` of a group in a search view."""
    lines = layout_of(place)
    if lines is None:
        return None
    edits = [*lines.without(place.node, "expand"), *lines.without(place.node, "string")]
    return _fix("Remove expand and string", edits)


def rename_attribute(place: Place) -> Fix | None:
    """Gives the attribute that was met the name in ``to``, if the element does not have it yet."""
    lines, new = layout_of(place), place.match.to
    if lines is None or place.node.get(new) is not None:
        return None
    edits = lines.attribute_renamed(place.node, place.match.value, new)
    return _fix(f"Rename to {new}", edits, safe=place.match.within != "static")


def attribute_value(place: Place) -> Fix | None:
    """Gives the attribute that was met the value in ``to``."""
    lines = layout_of(place)
    if lines is None:
        return None
    edits = lines.valued(place.node, place.match.value, place.match.to)
    return _fix(f"Write {place.match.to}", edits)


def python_constant(place: Place) -> Fix | None:
    """``true`` and ``false`` in expressions are Python's."""
    lines, name = layout_of(place), place.match.value
    value = _CONSTANTS.get((place.node.get(name) or "").strip())
    if lines is None or value is None:
        return None
    return _fix(f"Write {value}", lines.valued(place.node, name, value))


def ribbon_colour(place: Place) -> Fix | None:
    """Bootstrap 5 sets the colour of the text along with that of the background."""
    lines, value = layout_of(place), (place.node.get("bg_color") or "").strip()
    if lines is None or value.removeprefix("bg-") not in _COLOURS:
        return None
    return _fix("Use the class of Bootstrap 5", lines.valued(place.node, "bg_color", f"text-{value}"))


def drop_field(place: Place) -> Fix | None:
    """Takes a field out of a record, with its line. A cron that was to stop after some calls, or to make up
    for missed ones, will not."""
    lines = layout_of(place)
    if lines is None:
        return None
    value = (place.node.get("eval") or place.node.text or "").strip()
    safe = not place.match.value.startswith("ir.cron.") or value in ("-1", "False", "0", "")
    return _fix(f"Remove {place.node.get('name')}", lines.removed(place.node), safe)


def rename_field(place: Place) -> Fix | None:
    """Gives a field of a record the name in ``to``, if the record does not set that one too."""
    lines, new = layout_of(place), place.match.to
    if lines is None or any(item.get("name") == new for item in place.node.getparent()):
        return None
    return _fix(f"Rename to {new}", lines.valued(place.node, "name", new))


def drop_class(place: Place) -> Fix | None:
    """Takes a class off; an empty ``class`` goes with it. It may carry styles of one's own, so this is to be
    looked at."""
    lines, name = layout_of(place), place.match.value
    item = lines.attribute(place.node, "class") if lines else None
    if lines is None or item is None:
        return None
    if place.node.get("class", "").split() == [name]:
        return _fix(f"Remove the class {name}", lines.without(place.node, "class"), safe=False)
    pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])\s+|\s+{re.escape(name)}(?![\w-])")
    return _fix(f"Remove the class {name}", _once(lines, place, pattern), safe=False)


def _once(lines: Layout, place: Place, pattern: re.Pattern[str]) -> list[Edit]:
    return lines.substituted(place.node, "class", pattern, "")[:1]


FIXES = {
    "drop-attribute": drop_attribute,
    "drop-search-group-attributes": drop_group_attributes,
    "rename-attribute": rename_attribute,
    "attribute-value": attribute_value,
    "python-constant": python_constant,
    "ribbon-colour": ribbon_colour,
    "drop-record-field": drop_field,
    "rename-record-field": rename_field,
    "drop-class": drop_class,
}
