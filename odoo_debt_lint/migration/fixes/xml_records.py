"""Records and the tags around them: root tags, product types, privileges of groups."""

from __future__ import annotations

from typing import Any

from odoo_debt_lint.finding import Edit, Fix
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.xml_edits import Layout, escaped, layout_of

_HIDDEN = ("hidden", "usability")
"""Categories of groups that nobody was to choose; such groups have no privilege."""


def fix_root(place: Place) -> Fix | None:
    """``<openerp>`` is called ``<odoo>``."""
    lines = layout_of(place)
    return Fix("Call it odoo", tuple(lines.renamed(place.node, "odoo"))) if lines else None


def fix_data(place: Place) -> Fix | None:
    """Takes away a ``<data>`` that says nothing. What is in it stays as it is, indentation too."""
    lines, element = layout_of(place), place.node
    root = element.getparent()
    if lines is None or root is None or set(element.attrib) - {"noupdate"} or root.get("noupdate"):
        return None
    tag = lines.tag(element)
    if tag.closed:
        return Fix("Remove the empty data", tuple(lines.removed(element)))
    edits = [lines.edit(*lines.line_around(*place), "") for place in ((tag.start, tag.stop), tag.end)]
    return Fix("Remove data", tuple(edits))


def fix_product_type(place: Place) -> Fix | None:
    """A stored product is goods (``consu``) which are storable."""
    lines, element = layout_of(place), place.node
    record = element.getparent()
    if lines is None or len(element) or element.get("eval") is not None:
        return None
    names = [field.get("name") for field in record if isinstance(field.tag, str)]
    if ("type" in names and "detailed_type" in names) or "is_storable" in names:
        return None
    value = (element.text or "").strip()
    edits = lines.valued(element, "name", "type")
    if value == "product":
        edits.append(lines.edit(*_stripped(lines, element), "consu"))
        stop = lines.extent(element)[1]
        gap = lines.indentation(element)
        edits.append(lines.edit(stop, stop, f'{gap}<field name="is_storable" eval="True"/>'))
    return Fix("Use type and is_storable", tuple(edits))


def _stripped(lines: Layout, element: Any) -> tuple[int, int]:
    start, stop = lines.content(element)
    text = lines.text[start:stop]
    return start + len(text) - len(text.lstrip()), stop - len(text) + len(text.rstrip())


def fix_privilege(place: Place) -> Fix | None:
    """The groups of a category in this file get a privilege of that category: one new record before the first
    of them. All of them are mended together."""
    lines, category = layout_of(place), place.node.get("ref")
    if lines is None or not category:
        return None
    if category.startswith("base.") and category.rpartition("_")[2] in _HIDDEN:
        return Fix("Remove the hidden category", tuple(lines.removed(place.node)), safe=False)
    fields = [
        field
        for record in place.xml.root.iter("record")
        if record.get("model") == "res.groups"
        for field in record.iterchildren("field")
        if field.get("name") == "category_id" and field.get("ref") == category
    ]
    name = f"res_groups_privilege_{'_'.join(_words(category))}"
    if not fields or any(record.get("id") == name for record in place.xml.root.iter("record")):
        return None
    edits = [_privilege(lines, fields[0].getparent(), name, category)]
    for field in fields:
        edits += [*lines.valued(field, "name", "privilege_id"), *lines.valued(field, "ref", name)]
    return Fix("Put a privilege between the category and its groups", tuple(edits), safe=False)


def _privilege(lines: Layout, group: Any, name: str, category: str) -> Edit:
    gap = lines.indentation(group) or "\n"
    inner = gap + ("\t" if "\t" in gap else "    ")
    title = _title(group.getroottree(), category)
    start = lines.tag(group).start
    text = (
        f'<record id="{name}" model="res.groups.privilege">'
        f'{inner}<field name="name">{escaped(title, "")}</field>'
        f'{inner}<field name="category_id" ref="{category}"/>{gap}</record>'
    )
    return lines.edit(start, start, f"{text}{gap}")


def _title(tree: Any, category: str) -> str:
    """The name of the category where this file makes it, else what its id says."""
    local = category.rpartition(".")[2]
    for record in tree.iter("record"):
        if (record.get("id") or "").rpartition(".")[2] == local:
            for field in record.iterchildren("field"):
                if field.get("name") == "name" and (field.text or "").strip():
                    return str(field.text).strip()
    return " ".join(_words(category)).title()


def _words(category: str) -> list[str]:
    """What the XML id of a category says beside that it is one."""
    words = category.rpartition(".")[2].split("_")
    return [word for word in words if word not in ("ir", "module", "category")] or words


FIXES = {
    "openerp-root": fix_root,
    "data-without-noupdate": fix_data,
    "product-type": fix_product_type,
    "group-privilege": fix_privilege,
}
