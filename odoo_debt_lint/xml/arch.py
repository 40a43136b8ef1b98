"""Applies inheriting archs to a parent arch as Odoo does (``odoo/tools/template_inheritance.py``).

The trees are ours alone: comments are gone, and every node that a view puts in carries in ``BY`` the addon
which did. Specs that find nothing are told and passed over, where Odoo would stop.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

from odoo_debt_lint.core.arch import bare_value, either
from odoo_debt_lint.xml.views import located

BY = "_by"
"""Attribute of our trees: the addon that put the node (and what is in it) there."""

MAX_NODES = 50_000
MAX_EXPRESSION = 2_000
MAX_DEEP = 8
MAX_STEPS = 50_000_000
"""Bounds: nodes of a tree, characters of an expression, its ``//``, its visits."""

_WIDE = re.compile(r"//|\b(?:descendant|following|preceding|ancestor)\b[\w-]*::|[\[\]]")


class Invalid(ValueError):
    """The expression is no XPath, or none that yields nodes."""


class TooLarge(ValueError):
    """Bounds are exceeded: nothing is said of this arch."""


def _hasclass(context: Any, *classes: str) -> bool:
    """The XPath function ``hasclass()`` of Odoo's views."""
    return set((context.context_node.get("class") or "").split()).issuperset(classes)


@lru_cache(maxsize=8192)
def _compiled(expr: str) -> Any:
    """The expression, or the message why it is none."""
    if len(expr) > MAX_EXPRESSION or expr.count("//") > MAX_DEEP:
        return None
    try:
        return etree.ETXPath(expr, extensions={(None, "hasclass"): _hasclass})
    except (etree.XPathSyntaxError, ValueError) as error:
        return str(error) or "invalid expression"


def find(root: Any, spec: Any, bare: bool = False) -> list[Any]:
    """All nodes that a spec matches; Odoo takes the first. ``bare`` tells that the tree has nodes of the core
    index, without their texts. Raises Invalid or TooLarge."""
    if spec.tag == "xpath":
        expr = spec.get("expr") or ""
        return _evaluate(root, either(expr) if bare else expr)
    if spec.tag == "field":
        name = spec.get("name")
        return [node for node in root.iter("field") if node.get("name") == name]
    tests = [
        (key, (value, bare_value(str(key), str(value)) if bare else value))
        for key, value in spec.attrib.items()
        if key not in ("position", "version", BY)
    ]
    return [node for node in root.iter(spec.tag) if all(node.get(key) in values for key, values in tests)]


@lru_cache(maxsize=8192)
def _cost(expr: str) -> tuple[int, int]:
    """How often an expression looks at whole subtrees: one after the other, and inside of predicates."""
    depth, plain, nested = 0, 0, 0
    for match in _WIDE.finditer(expr):
        depth += (match[0] == "[") - (match[0] == "]")
        if match[0] not in "[]":
            plain, nested = plain + (not depth), nested + bool(depth)
    return plain, nested


def _affordable(root: Any, expr: str) -> bool:
    """Whether the expression is done in less than some seconds, whatever its author had in mind."""
    plain, nested = _cost(expr)
    if plain < 2 and not nested:
        return True
    size = sum(1 for _ in root.iter())
    return bool(size ** (min(plain, 2) + nested) <= MAX_STEPS)


def _evaluate(root: Any, expr: str) -> list[Any]:
    xpath = _compiled(expr)
    if xpath is None or not _affordable(root, expr):
        raise TooLarge(expr)
    if isinstance(xpath, str):
        raise Invalid(xpath)
    try:
        found = xpath(root)
    except etree.XPathError as error:
        raise Invalid(str(error)) from None
    if not isinstance(found, list):
        raise Invalid("yields no nodes")
    nodes = [node for node in found if etree.iselement(node)]
    if found and not nodes:
        raise Invalid("yields no nodes")
    return nodes


def owner(node: Any) -> str:
    """The addon that put a node where it is; empty for the base view's own nodes."""
    while node is not None:
        by = node.get(BY)
        if by is not None:
            return str(by)
        node = node.getparent()
    return ""


Before = Callable[[int, Any, "list[Any] | Exception"], None]
"""Told of every spec before it is applied: its number, its element, what it finds."""


class Application:
    """One inheriting arch on its way into a parent tree. ``root`` is the tree, and may be replaced whole."""

    def __init__(self, root: Any, arch: Any, addon: str, bare: bool = False) -> None:
        self.root, self.addon, self.bare = root, addon, bare
        self.arch = copy.deepcopy(arch)
        self.numbers = {node: number for number, node in enumerate(located([self.arch]))}
        self.failed: list[Any] = []
        """Specs that found nothing."""

    def run(self, before: Before | None = None) -> Any:
        """Applies all specs, in Odoo's order, and returns the tree."""
        queue = [self.arch]
        while queue:
            spec = queue.pop(0)
            if spec.tag == "data":
                queue += list(spec)
                continue
            self._apply(spec, before)
        return self.root

    def _find(self, spec: Any, before: Before | None) -> Any:
        found: list[Any] | Exception
        try:
            found = find(self.root, spec, self.bare)
        except (Invalid, TooLarge) as error:
            found = error
        if before is not None:
            before(self.numbers.get(spec, -1), spec, found)
        if isinstance(found, Exception) or not found:
            self.failed.append(spec)
            return None
        return found[0]

    def _apply(self, spec: Any, before: Before | None) -> None:
        node = self._find(spec, before)
        position = spec.get("position", "inside")
        if node is None or (node.getparent() is None and position in ("before", "after")):
            return
        if position == "attributes":
            for change in spec.iter("attribute"):
                _set_attribute(node, change)
        elif position == "replace":
            self._replace(node, spec, before)
        elif position == "inside":
            for child in self._content(spec, node, before):
                node.append(child)
            _append_text(node, spec.text)
        elif position == "before":
            for child in self._content(spec, node, before):
                node.addprevious(child)
        elif position == "after":
            for child in reversed(list(self._content(spec, node, before))):
                node.addnext(child)

    def _content(self, spec: Any, node: Any, before: Before | None) -> Iterator[Any]:
        """What a spec puts in or beside a node: its children, or the nodes they move. None moves into itself,
        which stops Odoo."""
        for child in list(spec):
            if child.get("position") == "move":
                moved = self._find(child, before)
                around = (node, *node.iterancestors()) if moved is not None else ()
                if moved is not None and moved.getparent() is not None and moved not in around:
                    moved.set(BY, owner(moved))
                    moved.getparent().remove(moved)
                    yield moved
            else:
                child.set(BY, self.addon)
                yield child

    def _replace(self, node: Any, spec: Any, before: Before | None) -> None:
        if spec.get("mode") == "inner":
            children = list(node)
            node.text = spec.text
            for child in self._content(spec, node, before):
                node.append(child)
            for child in children:
                if child.getparent() is node:
                    node.remove(child)
            return
        for place in spec.xpath(".//*[text()='$0']"):
            self._bounded(node)
            kept = copy.deepcopy(node)
            kept.set(BY, owner(node))
            kept.tail = None
            place.text = ""
            place.append(kept)
        if node.getparent() is None:
            self._replace_root(node, spec)
            return
        for child in self._content(spec, node, before):
            node.addprevious(child)
        if node.getparent() is not None:
            node.getparent().remove(node)

    def _replace_root(self, node: Any, spec: Any) -> None:
        if len(spec):
            name = node.get("t-name")
            self.root = copy.deepcopy(spec[0])
            self.root.set(BY, self.addon)
            if name:
                self.root.set("t-name", name)

    def _bounded(self, node: Any) -> None:
        """Copies must not grow without end."""
        if sum(1 for _ in node.iter()) + sum(1 for _ in self.root.iter()) > MAX_NODES:
            raise TooLarge("combined arch")


def _append_text(node: Any, text: str | None) -> None:
    if text and text.strip() and not len(node):
        node.text = (node.text or "") + text


_ATTRIBUTE = re.compile(r"[^\W\d][\w.-]*")
"""Names which lxml takes; with any other Odoo refuses the view."""


def _set_attribute(node: Any, change: Any) -> None:
    """Sets, extends or removes one attribute."""
    name, value = change.get("name") or "", change.text or ""
    if name == BY or not _ATTRIBUTE.fullmatch(name):
        return
    if change.get("add") or change.get("remove"):
        value = _changed(node.get(name, ""), change)
    if value:
        node.set(name, value)
    elif name in node.attrib:
        del node.attrib[name]


def _changed(value: str, change: Any) -> str:
    separator = (change.get("separator") or ",").strip() or None
    joint = f" {separator} " if separator in ("and", "or") else separator or " "
    split = re.compile(rf"\s+{separator}\s+").split if separator in ("and", "or") else None
    parts = split(value) if split else value.split(separator)
    removed = {part.strip() for part in (change.get("remove") or "").split(separator)}
    added = [part.strip() for part in (change.get("add") or "").split(separator)]
    kept = [part.strip() for part in parts if part.strip() and part.strip() not in removed]
    return joint.join([*kept, *(part for part in added if part)])
