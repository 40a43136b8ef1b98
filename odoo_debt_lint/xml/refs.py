"""Mentions of XML ids in a data file: in attributes, in changes of attributes, in the code of actions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from odoo_debt_lint.facts import RefFact
from odoo_debt_lint.xml.document import XmlFile

_REF_CALL = re.compile(r"\bref\(\s*['\"]([\w.-]+)['\"]\s*\)")
_CODE_REF = re.compile(r"\benv\.ref\(\s*['\"]([\w-]+\.[\w.-]+)['\"]\s*\)")
_VIEW_REF = re.compile(r"['\"]\w+_view_ref['\"]\s*:\s*['\"]([A-Za-z_]\w*\.\w+)['\"]")
_HAS_GROUP = re.compile(r"\bhas_groups?\(\s*['\"]([^'\"]*)['\"]")
ASKED = "asked"
"""The context of groups for which an expression asks, and which need not be there."""
_PERCENT_REF = re.compile(r"%\(([\w-]+\.[\w.-]+(?=\)[sd])|[\w-]+(?=\)d))")
_XMLID = re.compile(r"[A-Za-z_][\w-]*(\.[\w-]+)?")
_EVALUATED = frozenset({"eval", "context", "domain", "search"})
_CODED = frozenset({"code", "context"})
"""Fields whose text may name records."""
_ID_ATTRIBUTES = frozenset({"ref", "inherit_id", "parent", "action", "t-call", "groups"})
_TAG_IDS = {"report": "paperformat", "act_window": "view_id", "kanban": "quick_create_view"}
"""Attributes that are ids in one element only."""


def full_id(xmlid: str, addon: str) -> str:
    """The XML id with its addon in front; empty stays empty."""
    return xmlid if "." in xmlid or not xmlid else f"{addon}.{xmlid}"


def refs(file: XmlFile) -> Iterator[RefFact]:
    """Every mention of an XML id in attributes and in ``%(…)d`` of texts."""
    for element, attributes in file.attributes:
        for name, value in attributes:
            if name in _ID_ATTRIBUTES:
                if _names_records(element.tag, name, value) and not (name == "ref" and _is_shown(element)):
                    span = file.attribute_span(element, name)
                    for xmlid in _listed(value) if name in ("groups", "parent") else _listed(value, None):
                        yield RefFact(full_id(xmlid, file.addon), span, name)
            elif name == _TAG_IDS.get(element.tag) and _XMLID.fullmatch(value):
                yield RefFact(full_id(value, file.addon), file.attribute_span(element, name), name)
            elif "ref(" in value and (name in _EVALUATED or "env.ref(" in value):
                for xmlid in _REF_CALL.findall(value):
                    yield RefFact(full_id(xmlid, file.addon), file.attribute_span(element, name), "eval")
            if "has_group" in value:
                span = file.attribute_span(element, name)
                for listed in _HAS_GROUP.findall(value):
                    yield from (RefFact(xmlid, span, ASKED) for xmlid in _listed(listed) if "." in xmlid)
            if "_view_ref" in value:
                for xmlid in _VIEW_REF.findall(value):
                    yield RefFact(xmlid, file.attribute_span(element, name), "view_ref")
            if "%(" in value and name != "eval":
                for xmlid in _PERCENT_REF.findall(value):
                    yield RefFact(full_id(xmlid, file.addon), file.attribute_span(element, name), "percent")
            if name == "name" and (value in _CODED or element.tag == "attribute"):
                yield from _of_text(file, element, value)


def _names_records(tag: str, attribute: str, value: str) -> bool:
    """Whether an attribute holds XML ids: ``action`` may be a method, ``t-call`` a part of the same arch."""
    if attribute == "action":
        return tag == "menuitem"
    return attribute == "groups" or (tag != "button" and (attribute != "t-call" or "." in value))


def _is_shown(element: Any) -> bool:
    """Whether a field is one of an arch: there Odoo reads no ``ref``."""
    parent = element.getparent()
    return element.tag == "field" and parent is not None and parent.tag not in ("record", "field", "function")


def _listed(value: str, separator: str | None = ",") -> Iterator[str]:
    """The ids of a list, or the only one."""
    for part in value.split(separator) if separator else [value]:
        xmlid = part.strip().lstrip("-!+")
        if _XMLID.fullmatch(xmlid):
            yield xmlid


def _of_text(file: XmlFile, element: Any, name: str) -> Iterator[RefFact]:
    """What the code of an action looks up, and what a view sets an attribute to."""
    text = element.text or ""
    for xmlid in _VIEW_REF.findall(text) if "_view_ref" in text else ():
        yield RefFact(xmlid, file.span(element), "view_ref")
    if element.tag == "attribute":
        found = _PERCENT_REF.findall(text) if "%(" in text else ()
        if name == "groups":
            found = [*_listed(text), *_listed(element.get("add") or "")]
        for xmlid in found:
            yield RefFact(full_id(xmlid, file.addon), file.span(element), "groups")
    elif element.tag == "field" and "env.ref(" in text:
        first = file.content_start(element)[0]
        for match in _CODE_REF.finditer(text):
            before = text[: match.start()]
            if "#" not in before.rpartition("\n")[2]:
                yield RefFact(match[1], file.text.line_span(first + before.count("\n")), "code")
