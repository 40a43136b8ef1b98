"""Merges compose files as docker compose does: mappings by key, most lists joined, some things replaced."""

from __future__ import annotations

from odoo_debt_lint.deployment.nodes import Node, Pair

_REPLACED = frozenset({"command", "entrypoint", "test"})
_MAPS = frozenset({"environment", "labels", "args", "annotations", "sysctls", "extra_hosts"})
_BY_NAME = frozenset({"depends_on", "networks"})


def merged(base: Node, over: Node, key: str = "") -> Node:
    """``over`` on top of ``base``; ``key`` is the key under which both stand."""
    if over.tag in ("reset", "override") or key in _REPLACED:
        return over
    if key in _MAPS:
        base, over = as_map(base), as_map(over)
    elif key in _BY_NAME and base.kind != over.kind:
        base, over = as_names(base), as_names(over)
    if base.kind != over.kind or over.kind == "scalar":
        return over
    if over.kind == "map":
        return _maps(base, over)
    return Node("list", over.span, over.path, items=_lists(base, over, key))


def _maps(base: Node, over: Node) -> Node:
    pairs = dict(base.pairs)
    for name, pair in over.pairs.items():
        if pair.value.tag == "reset":
            pairs.pop(name, None)
        elif name in pairs:
            old = pairs[name]
            pairs[name] = Pair(pair.span, pair.path, merged(old.value, pair.value, name))
        else:
            pairs[name] = pair
    return Node("map", base.span, base.path, pairs=pairs)


def _lists(base: Node, over: Node, key: str) -> tuple[Node, ...]:
    if key == "volumes":
        targets = {mount_target(item) for item in over.items}
        return (*(item for item in base.items if mount_target(item) not in targets), *over.items)
    known = {item.text for item in over.items if item.kind == "scalar" and item.text is not None}
    return (*(item for item in base.items if item.kind != "scalar" or item.text not in known), *over.items)


def mount_target(node: Node) -> str | None:
    """Where a volume is mounted in the container."""
    if node.kind == "map":
        return node.value("target")
    if node.text is None:
        return None
    parts = split_mount(node.text)
    return parts[1] if len(parts) > 1 else parts[0]


def split_mount(text: str) -> list[str]:
    """``source:target:mode``, with the drive letter of a Windows path left to its path."""
    parts = text.split(":")
    if len(parts) > 1 and len(parts[0]) == 1 and parts[0].isalpha() and parts[1][:1] in ("/", "\\"):
        parts[:2] = [":".join(parts[:2])]
    return parts


def as_map(node: Node) -> Node:
    """A list of ``NAME=value`` as a mapping."""
    if node.kind != "list":
        return node
    pairs: dict[str, Pair] = {}
    for item in node.items:
        name, sign, value = (item.text or "").partition("=")
        if name:
            scalar = Node("scalar", item.span, item.path, value if sign else None)
            pairs[name.strip()] = Pair(item.span, item.path, scalar)
    return Node("map", node.span, node.path, pairs=pairs)


def as_names(node: Node) -> Node:
    """A list of names as a mapping to nothing."""
    if node.kind != "list":
        return node
    pairs = {
        item.text: Pair(item.span, item.path, Node("map", item.span, item.path))
        for item in node.items
        if item.text
    }
    return Node("map", node.span, node.path, pairs=pairs)
