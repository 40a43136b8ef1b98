"""17.0: ``<act_window>`` and ``<report>`` become the records which the loader of 16.0 made of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from odoo_debt_lint.finding import Fix
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.xml_edits import Layout, escaped, layout_of

_TRUE = ("1", "true")
_FORGOTTEN = {"src_model", "multi", "key2"}
"""What the loader did not read any more from 13.0 on: the record does again what was meant."""
_ACTION = {
    "name": "name",
    "res_model": "res_model",
    "view_mode": "view_mode",
    "domain": "domain",
    "context": "context",
    "target": "target",
    "usage": "usage",
    "limit": "limit",
    "binding_type": "binding_type",
    "binding_views": "binding_view_types",
}
_REPORT = {
    "string": "name",
    "model": "model",
    "name": "report_name",
    "file": "report_file",
    "report_type": "report_type",
    "print_report_name": "print_report_name",
    "attachment": "attachment",
}


def fix_shortcut(place: Place) -> Fix | None:
    """The record that a shortcut stands for; None where an attribute is not known or holds more than text."""
    lines, element = layout_of(place), place.node
    if lines is None or len(element) or (element.text or "").strip() or not element.get("id"):
        return None
    make = _action if element.tag == "act_window" else _report
    fields = make(dict(element.attrib))
    if fields is None:
        return None
    model = "ir.actions.act_window" if element.tag == "act_window" else "ir.actions.report"
    edits = lines.replaced(element, _record(lines, element, model, fields))
    return Fix("Write it as a record", tuple(edits), safe=not _FORGOTTEN & set(element.attrib))


def _record(lines: Layout, element: Any, model: str, fields: list[str]) -> str:
    gap = lines.indentation(element) or "\n"
    inner = gap + ("\t" if "\t" in gap else "    ")
    head = f'<record id="{escaped(element.get("id"))}" model="{model}"'
    kept = "".join(
        f' {name}="{escaped(element.get(name))}"' for name in ("forcecreate",) if element.get(name)
    )
    return f"{head}{kept}>{inner}{inner.join(fields)}{gap}</record>"


def _text(name: str, value: str) -> str:
    return f'<field name="{name}">{escaped(value, "")}</field>'


def _action(given: dict[str, str]) -> list[str] | None:
    model = given.pop("binding_model", "") or given.pop("src_model", "")
    view, groups = given.pop("view_id", ""), given.pop("groups", "")
    if model and given.get("multi", "").lower() in _TRUE:
        given.setdefault("binding_views", "list")
    for gone in ("id", "view_type", "forcecreate", "src_model", "binding_model", "multi", "key2"):
        given.pop(gone, None)
    if not _plain(given, _ACTION) or not given.get("name") or not given.get("res_model"):
        return None
    if not model and ("binding_type" in given or "binding_views" in given):
        return None
    fields = [_text(_ACTION[name], value) for name, value in given.items() if value]
    if view:
        fields.append(f'<field name="view_id" ref="{escaped(view)}"/>')
    return [*fields, *_groups(groups), *_binding(model)]


def _report(given: dict[str, str]) -> list[str] | None:
    menu, groups = given.pop("menu", "True"), given.pop("groups", "")
    paper, use, multi = given.pop("paperformat", ""), given.pop("attachment_use", ""), given.pop("multi", "")
    for gone in ("id", "forcecreate"):
        given.pop(gone, None)
    flags = [flag.lower() for flag in (menu, use, multi) if flag]
    if not _plain(given, _REPORT) or not all(flag in (*_TRUE, "0", "false") for flag in flags):
        return None
    if not (given.get("string") and given.get("model") and given.get("name")):
        return None
    fields = [_text(_REPORT[name], value) for name, value in given.items() if value]
    for name, flag in (("attachment_use", use), ("multi", multi)):
        if flag:
            fields.append(f'<field name="{name}" eval="{flag.lower() in _TRUE}"/>')
    if paper:
        fields.append(f'<field name="paperformat_id" ref="{escaped(paper)}"/>')
    bound = menu.lower() in _TRUE
    return [*fields, *_groups(groups), *_binding(given["model"] if bound else "", "report")]


def _plain(given: dict[str, str], known: dict[str, str]) -> bool:
    """Whether all attributes are known and hold no XML ids, which a field's text could not hold."""
    return all(name in known and "%(" not in value and "ref(" not in value for name, value in given.items())


def _groups(text: str) -> Iterator[str]:
    commands = []
    for name in filter(None, (part.strip() for part in text.split(","))):
        code = 3 if name.startswith("-") else 4
        commands.append(f"({code}, ref('{escaped(name.lstrip('-'))}'))")
    if commands:
        yield f'<field name="groups_id" eval="[{", ".join(commands)}]"/>'


def _binding(model: str, kind: str = "") -> Iterator[str]:
    """The model is looked for by its name: in which addon's XML id it is, only the database knows."""
    if model:
        yield f"""<field name="binding_model_id" search="[('model', '=', '{escaped(model)}')]"/>"""
        if kind:
            yield _text("binding_type", kind)


def fix_binding(place: Place) -> Fix | None:
    """``src_model`` of a record: the model to which the action is bound."""
    lines, element = layout_of(place), place.node
    model = (element.text or "").strip()
    names = [item.get("name") for item in element.getparent() if isinstance(item.tag, str)]
    if lines is None or not model or len(element) or "binding_model_id" in names:
        return None
    return Fix("Bind it by binding_model_id", tuple(lines.replaced(element, "".join(_binding(model)))))


FIXES = {"shortcut-to-record": fix_shortcut, "binding-model": fix_binding}
