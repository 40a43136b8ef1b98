"""Which specs of an addon's views find a node of Odoo's today and none in the target, and what is near."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from odoo_debt_lint.checks.migration._ahead import Ahead
from odoo_debt_lint.index import Scope
from odoo_debt_lint.migration.shift import plain, shifted, with_lists
from odoo_debt_lint.xml.arch import Invalid, TooLarge, find
from odoo_debt_lint.xml.combine import combined, seen
from odoo_debt_lint.xml.seen import Seen

_LOOKED_AT = 40
Place = tuple[str, int, int]


def breaking(way: Ahead) -> list[tuple[Seen, str]]:
    """The specs that break, each with the nearest anchor in words; worked out once."""
    return way.scope.once("migration.breaking", lambda: list(_breaking(way)))


def _breaking(way: Ahead) -> Iterator[tuple[Seen, str]]:
    if not any(placed.view.specs for placed in way.scope.addon.views.values()):
        return
    before, after = shifted(way.scope, way.source.series), shifted(way.scope, way.to)
    if before is None or after is None:
        return
    later = {_place(item): item for item in seen(after)}
    for item in seen(before):
        other = later.get(_place(item))
        if other is None or not item.matches or other.matches != 0:
            continue
        ours = way.source.core.depends(item.owner) is not None and item.owner not in way.scope.index.addons
        if ours and not way.told.xpath(with_lists(item.spec.expr)):
            yield item, _nearest(way, before, after, item)


def _place(item: Seen) -> Place:
    return (item.path, item.spec.span.start_line, item.spec.span.start_column)


def _nearest(way: Ahead, before: Scope, after: Scope, item: Seen) -> str:
    """The surviving anchor that is nearest to the node, in words."""
    root = item.root.xmlid if item.root is not None else item.view.inherit
    old, new = combined(plain(before), root), combined(plain(after), root)
    if old is None or new is None:
        old, new = combined(plain(before), item.view.inherit), combined(plain(after), item.view.inherit)
    node = _found(old, item.spec.expr) if old is not None and new is not None else None
    if node is None:
        return ""
    itself = _same(new, node)
    if itself:
        how = "is at another place there" if itself == _anchor(node) else "stands in its place there"
        return f"; {itself} {how}"
    for name in sorted(way.told.renamed.get(node.get("name") or "", ())) if node.tag == "field" else ():
        if any(other.get("name") == name for other in new.iter("field")):
            return f"; //field[@name='{name}'] stands in its place there"
    for other in _around(node):
        near = _same(new, other)
        if near:
            return f"; the nearest anchor that is still there is {near}"
    return ""


def _same(tree: Any, node: Any) -> str:
    """An XPath to a node of the same name or id in another tree: of the same tag first."""
    for key in ("name", "id", "data-key"):
        value = node.get(key) or ""
        if not re.fullmatch(r"[\w.-]+", value) or not isinstance(node.tag, str):
            continue
        other = "name" if key == "data-key" else key
        tags = {match.tag for match in tree.iter(etree.Element) if match.get(other) == value}
        if tags:
            tag = node.tag if node.tag in tags else min(tags)
            return f"//{tag}[@{other}='{value}']"
    return ""


def _found(tree: Any, expr: str) -> Any:
    try:
        nodes = find(tree, etree.Element("xpath", {"expr": expr}), True)
    except (Invalid, TooLarge):
        return None
    return nodes[0] if nodes else None


def _around(node: Any) -> Iterator[Any]:
    """Neighbours of a node, nearest first, then those of its parent."""
    count = 0
    while node is not None and count < _LOOKED_AT:
        before, behind = list(node.itersiblings(preceding=True)), list(node.itersiblings())
        for number in range(max(len(before), len(behind))):
            yield from (side[number] for side in (before, behind) if number < len(side))
            count += 1
        node = node.getparent()
        if node is not None:
            yield node


def _anchor(node: Any) -> str:
    """An XPath by the node's own name or id."""
    key = next((key for key in ("name", "id") if node.get(key)), "")
    return f"//{node.tag}[@{key}='{node.get(key)}']" if key else ""
