"""Views and QWeb templates as facts: the arch as text, and the inheritance specs with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from odoo_debt_lint.facts import RecordFact, SpecFact, ValueFact, ViewFact
from odoo_debt_lint.finding import Span
from odoo_debt_lint.xml.document import XmlFile
from odoo_debt_lint.xml.refs import full_id

_NAMING = frozenset("field button a groupby progressbar calendar gantt kanban filter".split())
_SAYING = frozenset("invisible readonly required column_invisible attrs default_order".split())
_NAMED = re.compile(r"@name\s*=\s*['\"]([\w.]+)['\"][^/]*$")
"""The name for which the last step of an XPath looks."""
_STRING = re.compile(r"\s*(['\"])([^'\"\\]*)\1\s*")


def view_fact(file: XmlFile, element: Any, record: RecordFact) -> ViewFact:
    """The fact of a ``<record model="ir.ui.view">``."""
    values = {value.name: value for value in record.values}
    inherit = values.get("inherit_id")
    parent = ""
    if inherit is not None:
        parent = inherit.value if inherit.kind in ("ref", "text") else _ref_of(inherit.value)
    nodes, text = _arch(element)
    active = values.get("active")
    return ViewFact(
        xmlid=record.xmlid,
        span=record.span,
        model=_given(values.get("model")),
        inherit=full_id(parent, file.addon),
        mode=_given(values.get("mode")),
        priority=_integer(values["priority"].value) if "priority" in values else 16,
        type=_type(values.get("type"), nodes, parent),
        arch=text or arch_text(nodes),
        specs=tuple(specs(file, nodes)) if parent else (),
        active=not (active is not None and active.value.strip().lower() in ("false", "0")),
        record=record.model,
        given=tuple(values),
        places=_places(file, nodes),
    )


def said(text: str) -> str:
    """An ``eval`` as it is written; of one that is nothing but a string, what the string says."""
    plain = _STRING.fullmatch(text)
    return plain[2] if plain is not None else text


def _given(value: ValueFact | None) -> str:
    """The text of a field; empty where it is worked out."""
    if value is None or value.kind not in ("text", "eval"):
        return ""
    if value.kind == "text":
        return value.value
    plain = said(value.value)
    return plain if plain != value.value else ""


def _arch(element: Any) -> tuple[list[Any], str]:
    """The top nodes of a record's arch, or its text where it is written as CDATA."""
    for child in element:
        if child.tag == "field" and child.get("name") in ("arch", "arch_db", "arch_base"):
            nodes = [node for node in child if isinstance(node.tag, str)]
            text = "" if nodes else (child.text or "").strip()
            return nodes, text if text.startswith("<") else ""
    return [], ""


def _type(value: ValueFact | None, nodes: list[Any], parent: str) -> str:
    if value is not None:
        return _given(value)
    return str(nodes[0].tag) if nodes and not parent else ""


def _places(file: XmlFile, nodes: list[Any]) -> tuple[Span, ...]:
    """Where the elements of an arch stand which name fields or methods."""
    return tuple(file.span(item) for node in nodes for item in naming(node))


def naming(node: Any) -> Iterator[Any]:
    """The elements of an arch which name fields or methods of its model, in document order."""
    for item in node.iter(etree.Element):
        if item.tag in _NAMING or any(_says(name) for name in item.attrib):
            yield item


def _says(name: str) -> bool:
    return name in _SAYING or name.startswith("decoration-")


def template_fact(file: XmlFile, element: Any, xmlid: str) -> ViewFact:
    """The fact of a ``<template>``."""
    parent = full_id(element.get("inherit_id", ""), file.addon)
    nodes = [child for child in element if isinstance(child.tag, str)]
    return ViewFact(
        xmlid=xmlid,
        span=file.span(element),
        inherit=parent,
        mode="primary" if element.get("primary") == "True" else "",
        priority=_integer(element.get("priority") or "16"),
        type="qweb",
        arch=arch_text(nodes) if parent else arch_text([element]),
        specs=tuple(specs(file, nodes)) if parent else (),
        active=element.get("active") != "False",
        record="template",
        given=("arch", *map(str, element.attrib)),
    )


def _ref_of(text: str) -> str:
    match = re.search(r"ref\(\s*['\"]([\w.-]+)['\"]", text)
    return match[1] if match else ""


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 16


def arch_text(nodes: list[Any]) -> str:
    """The nodes as XML text without comments; several are put under one ``<data>``."""
    parts = [etree.tostring(node, encoding="unicode", with_tail=False) for node in nodes]
    text = "".join(parts)
    return f"<data>{text}</data>" if len(nodes) > 1 else text


def spec_nodes(nodes: list[Any]) -> Iterator[Any]:
    """The specs among the top nodes of an inheriting arch, ``<data>`` taken off."""
    for node in nodes:
        if not isinstance(node.tag, str):
            continue
        if node.tag == "data":
            yield from spec_nodes(list(node))
        else:
            yield node


def spec_expression(node: Any) -> str:
    """The XPath of a spec; a short form is written out as Odoo matches it."""
    if node.tag == "xpath":
        return (node.get("expr") or "").strip()
    if node.tag == "field":
        return f"//field[@name={_quoted(node.get('name') or '')}]"
    tests = "".join(
        f"[@{name}={_quoted(value)}]"
        for name, value in node.attrib.items()
        if name not in ("position", "version")
    )
    return f"//{node.tag}{tests}"


def _quoted(value: str) -> str:
    return f'"{value}"' if '"' not in value else f"'{value}'"


def located(nodes: list[Any]) -> Iterator[Any]:
    """All nodes of an inheriting arch that look for a node, in document order: its specs, and the nodes
    which these move to another place."""
    for node in spec_nodes(nodes):
        yield node
        for child in node:
            if isinstance(child.tag, str) and child.get("position") == "move":
                yield child


def specs(file: XmlFile, nodes: list[Any]) -> Iterator[SpecFact]:
    """Facts of all specs in document order."""
    for node in located(nodes):
        short = node.tag != "xpath"
        yield SpecFact(
            span=file.span(node),
            tag=str(node.tag),
            expr=spec_expression(node),
            position=node.get("position") or "inside",
            short=short,
            keeps=_keeps(node) if node.get("position") == "replace" else "",
        )


def _keeps(node: Any) -> str:
    """How a replacement puts the node back: ``$0``, ``same`` name, all but what is in it (``inner``), or not
    at all (``removed`` when nothing takes its place)."""
    if any(text.strip() == "$0" for text in node.itertext(etree.Element)):
        return "$0"
    if node.get("mode") == "inner":
        return "inner"
    name = node.get("name") if node.tag == "field" else None
    if name is None:
        match = _NAMED.search(node.get("expr") or "")
        name = match[1] if match else None
    if name and any(child.get("name") == name for child in node.iter(etree.Element) if child is not node):
        return "same"
    content = any(isinstance(child.tag, str) for child in node)
    if not content and not (node.text or "").strip():
        return "removed"
    return ""
