"""17.0: ``attrs`` and ``states`` become expressions, and what hides a column says so.

The modifiers of a node are rewritten together, because they are one thing: an ``invisible`` beside ``attrs``
is joined to it, and in a list it becomes ``column_invisible``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from odoo_debt_lint.finding import Edit, Fix
from odoo_debt_lint.migration.expressions import Binding, Expression, Refusal
from odoo_debt_lint.migration.modifiers import (
    attrs_expressions,
    given_expression,
    merged,
    states_expression,
)
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.view_type import in_list
from odoo_debt_lint.migration.xml_edits import Attribute, Layout, escaped, layout_of

_WIDTH = 100
_OLD = ("attrs", "states")
_KEPT = ("invisible", "readonly", "required", "column_invisible")


def fix_modifiers(place: Place) -> Fix | None:
    """The fix of an element with ``attrs`` or ``states``, or of an ``<attribute>`` that sets one of them."""
    lines, element = layout_of(place), place.node
    if lines is None:
        return None
    try:
        if element.tag == "attribute" and element.get("name") in _OLD:
            return _override(lines, element)
        return _element(lines, element)
    except (Refusal, RecursionError):
        return None


def fix_column(place: Place) -> Fix | None:
    """The fix of a column of a list that is always hidden, or of an ``<attribute>`` that hides one."""
    lines, element = layout_of(place), place.node
    if lines is None or element.get("column_invisible") is not None:
        return None
    title = "Hide the column with column_invisible"
    if element.tag == "attribute":
        if any(item.get("name") == "column_invisible" for item in element.getparent()):
            return None
        return Fix(title, tuple(lines.valued(element, "name", "column_invisible")))
    if any(element.get(name) is not None for name in _OLD):
        return fix_modifiers(place)
    edits = lines.attribute_renamed(element, "invisible", "column_invisible")
    return Fix(title, tuple(edits))


def _element(lines: Layout, element: Any) -> Fix | None:
    listed = in_list(element)
    final = merged(dict(element.attrib), bool(listed))
    unsure = listed is None and element.get("invisible") is not None
    pending = dict(final)
    edits = [
        edit for item in lines.attributes(element) for edit in _existing(lines, item, pending, bool(listed))
    ]
    edits += _added(lines, element, pending)
    return _fix(edits, final, safe=not unsure)


def _existing(lines: Layout, item: Attribute, pending: dict[str, Expression], listed: bool) -> Iterator[Edit]:
    """Brings one attribute that stays up to date, and takes it off what has to be added."""
    if item.name not in _KEPT:
        return
    raw = lines.text[item.value_start : item.stop - 1]
    name = "column_invisible" if listed and item.name == "invisible" else item.name
    wanted = pending.pop(name, None)
    if name != item.name:
        if wanted is not None and wanted.constant is not False:
            yield lines.edit(item.start, item.name_stop, name)
            return
        wanted = pending.pop(item.name, None)
    if wanted is not None and (not raw.strip() or given_expression(_decoded(raw)).text != wanted.text):
        yield lines.edit(item.value_start, item.stop - 1, escaped(_value(wanted), item.quote))


def _decoded(raw: str) -> str:
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        raw = raw.replace(entity, sign)
    return raw


def _added(lines: Layout, element: Any, pending: Mapping[str, Expression]) -> Iterator[Edit]:
    """Puts the new attributes where the first of the old ones stands, and takes the others out."""
    wanted = {
        name: expression
        for name, expression in pending.items()
        if expression.constant is not False or name in ("readonly", "required")
    }
    for item in lines.attributes(element):
        if item.name not in _OLD:
            continue
        if not wanted:
            yield lines.edit(item.blank, item.stop, "")
            continue
        blank = lines.text[item.blank : item.start]
        own = blank if "\n" in blank else ""
        wrapped = own if "\n" in lines.text[item.start : item.stop] else ""
        texts = [_attribute(name, expression, wrapped) for name, expression in wanted.items()]
        yield lines.edit(item.start, item.stop, (own or " ").join(texts))
        wanted = {}


def _attribute(name: str, expression: Expression, blank: str) -> str:
    """One attribute. What took several lines takes several again, if ``blank`` begins a line and one would
    be too long."""
    text = f'{name}="{escaped(_value(expression))}"'
    if not blank or len(expression.parts) < 2 or len(blank) + len(text) <= _WIDTH:
        return text
    word = "and " if expression.binding is Binding.AND else "or "
    gap = blank + " " * (len(name) + 2) + word
    return f'{name}="{gap.join(escaped(part) for part in expression.parts)}"'


def _value(expression: Expression) -> str:
    constant = expression.constant
    return expression.text if constant is None else str(int(constant))


def _fix(edits: list[Edit], found: Mapping[str, Expression], safe: bool) -> Fix:
    doubts = [doubt for expression in found.values() for doubt in expression.doubts]
    title = "Write the modifiers as expressions"
    if doubts:
        title += f" (up to 16.0 {', '.join(dict.fromkeys(doubts))})"
    return Fix(title, tuple(edits), safe and not doubts)


def _override(lines: Layout, element: Any) -> Fix | None:
    """An ``<attribute>`` set all modifiers of the parent's ``attrs`` at once, so those it does not name
    should be taken off as well; which these are only the parent knows."""
    text = (element.text or "").strip()
    found: dict[str, Expression | None] = dict.fromkeys(("invisible", "readonly", "required"))
    if element.get("name") == "states":
        found = {"invisible": states_expression(text) if text else None}
    elif text and re.sub(r"\s", "", text) != "{}":
        found = dict(attrs_expressions(text))
    others = {item.get("name") for item in element.getparent() if item is not element}
    found = {name: item for name, item in found.items() if item is not None or name not in others}
    if others & found.keys():
        return None
    if not found:
        return _fix(lines.removed(element), {}, safe=False)
    gap = lines.indentation(element)
    parts = [
        f'<attribute name="{name}"/>'
        if expression is None
        else f'<attribute name="{name}">{escaped(_value(expression), "")}</attribute>'
        for name, expression in found.items()
    ]
    edits = lines.replaced(element, gap.join(parts))
    return _fix(edits, {name: item for name, item in found.items() if item is not None}, safe=False)


FIXES = {"modifiers": fix_modifiers, "column-invisible": fix_column}
