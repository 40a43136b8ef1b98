"""Which entries of a list in a compose file stand for the same thing, so that the later one wins."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable

from odoo_debt_lint.deployment.mounts import mount_target
from odoo_debt_lint.deployment.nodes import Node, Pair

_PORT = re.compile(r"(?:(?:(?:\[([^\]]+)\]|([^:\[\]]+)):)?([\d-]*):)?([\d-]+)(?:/(\w+))?")


def _name(node: Node) -> str | None:
    return node.text.partition("=")[0] if node.text is not None else node.head or None


def _text(node: Node) -> str | None:
    return node.text


def _mount(node: Node) -> str | None:
    target = mount_target(node)
    return posixpath.normpath(target) if target else None


def _device(node: Node) -> str | None:
    if node.kind == "map" or node.text is None:
        return node.value("target")
    parts = node.text.split(":")
    return parts[1] if len(parts) > 1 else parts[0]


def _port(node: Node) -> str | None:
    """Interface, published and target port, protocol."""
    if node.kind == "map":
        parts = [node.value(key) for key in ("host_ip", "published", "target", "protocol")]
    else:
        match = _PORT.fullmatch(node.text or "")
        if match is None:
            return node.text
        parts = [match[1] or match[2], match[3], match[4], match[5]]
    if parts[2] is None:
        return None
    return f"{parts[0] or '0.0.0.0'}:{parts[1] or ''}:{parts[2]}/{parts[3] or 'tcp'}"


def _env_file(node: Node) -> str | None:
    return node.value("path") if node.kind == "map" else node.text


def _mounted(folder: str) -> Callable[[Node], str | None]:
    """Secrets and configs: where they are seen, by default under their name."""

    def key(node: Node) -> str | None:
        if node.kind != "map":
            return f"{folder}/{node.text}" if node.text is not None else None
        source = node.value("source")
        return node.value("target") or (f"{folder}/{source}" if source is not None else None)

    return key


_KEYS: dict[str, Callable[[Node], str | None]] = {
    "services.*.volumes": _mount,
    "services.*.devices": _device,
    "services.*.ports": _port,
    "services.*.env_file": _env_file,
    "services.*.expose": _text,
    "services.*.secrets": _mounted("/run/secrets"),
    "services.*.configs": _mounted(""),
    "services.*.networks.*.aliases": _name,
    "services.*.networks.*.link_local_ips": _name,
    **{
        f"services.*.{key}": _name
        for key in (
            "cap_add cap_drop dns dns_opt dns_search links profiles tmpfs build.tags build.platform"
        ).split()
    },
}


def without_repeats(items: Iterable[Node], pattern: str) -> tuple[Node, ...]:
    """The items of the list at a place; what stands twice is there once, first in place, last in value."""
    key_of = _KEYS.get(pattern)
    if key_of is None:
        return tuple(items)
    kept: dict[object, Node] = {}
    for item in items:
        key = key_of(item)
        kept[item if key is None else key] = item
    return tuple(kept.values())


def unique_service(service: Node) -> Node:
    """A service without what its own lists hold twice."""
    pairs = dict(service.pairs)
    for name, pair in service.pairs.items():
        if pair.value.kind == "list":
            items = without_repeats(pair.value.items, f"services.*.{name}")
            if len(items) < len(pair.value.items):
                node = Node("list", pair.value.span, pair.value.path, items=items)
                pairs[name] = Pair(pair.span, pair.path, node)
    return service if pairs == service.pairs else Node("map", service.span, service.path, pairs=pairs)
