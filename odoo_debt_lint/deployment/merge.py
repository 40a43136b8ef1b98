"""Merges compose files as docker compose does: mappings by key, lists joined, with the exceptions that the
compose specification names. ``unique.py`` says which entries of a list stand for the same thing.
"""

from __future__ import annotations

from typing import TypeAlias

from odoo_debt_lint.deployment.nodes import Node, Pair
from odoo_debt_lint.deployment.unique import without_repeats

Path: TypeAlias = "tuple[str, ...]"
Done: TypeAlias = "dict[tuple[int, int, str], tuple[Node, Node, Node]]"

_REPLACED = frozenset({"services.*.command", "services.*.entrypoint", "services.*.healthcheck.test"})
_MAPS = frozenset(
    (
        "services.*.environment services.*.labels services.*.annotations services.*.sysctls "
        "services.*.build.args services.*.build.additional_contexts services.*.build.labels "
        "services.*.deploy.labels networks.*.labels volumes.*.labels"
    ).split()
)
"""Where a mapping and a list of ``NAME=value`` mean the same."""
_BY_NAME = frozenset({"services.*.depends_on", "services.*.networks", "services.*.models"})
_LISTS = frozenset(
    (
        "services.*.dns services.*.dns_opt services.*.dns_search services.*.env_file services.*.label_file "
        "services.*.tmpfs"
    ).split()
)
"""Where a single text is a list of one."""
_HOSTS = frozenset({"services.*.extra_hosts", "services.*.build.extra_hosts"})


_DEEPEST = 5
"""Keys of the longest path for which there is a rule of its own."""


def pattern_of(path: Path) -> str:
    """A path with ``*`` for the names that users choose."""
    parts = list(path)
    for place in (1, 3):
        if len(parts) > place and (place == 1 or parts[2] in ("networks", "ulimits")):
            parts[place] = "*"
    return ".".join(parts)


def merged(base: Node, over: Node, path: Path = (), done: Done | None = None) -> Node:
    """``over`` on top of ``base``; both stand at ``path`` of their files.

    What aliases put in many places is merged once for all of them: ``done`` holds what was.
    """
    done = {} if done is None else done
    pattern = pattern_of(path) if len(path) <= _DEEPEST else "deep"
    key = (id(base), id(over), pattern)
    if key not in done:
        done[key] = (base, over, _merged(base, over, path, pattern, done))
    return done[key][2]


def _merged(base: Node, over: Node, path: Path, pattern: str, done: Done) -> Node:
    if over.tag == "override" or pattern in _REPLACED or pattern.startswith("services.*.ulimits.*"):
        return over
    if over.tag == "null" or base.tag == "null":
        return base if over.tag == "null" else over
    if pattern in _MAPS:
        return _by_name(as_map(base), as_map(over))
    if pattern in _HOSTS:
        return _hosts(_as_list(base), _as_list(over))
    base, over = _alike(base, over, pattern)
    if base.kind != over.kind or over.kind == "scalar" or _other_driver(base, over, pattern):
        return over
    if over.kind == "map":
        return _maps(base, over, path, done)
    if pattern == "networks.*.ipam.config":
        return _subnets(base, over)
    items = without_repeats((*base.items, *over.items), pattern)
    return Node("list", over.span, over.path, items=items)


def _alike(base: Node, over: Node, pattern: str) -> tuple[Node, Node]:
    """Both in the long form, where there is a short one."""
    if pattern in _BY_NAME:
        condition = "service_started" if pattern.endswith("depends_on") else ""
        return as_names(base, condition), as_names(over, condition)
    if pattern in _LISTS:
        return _as_list(base), _as_list(over)
    if pattern == "services.*.build":
        return _as_build(base), _as_build(over)
    return base, over


def _other_driver(base: Node, over: Node, pattern: str) -> bool:
    """Whether two ways of logging have nothing in common."""
    if pattern != "services.*.logging" or not ("driver" in base.pairs and "driver" in over.pairs):
        return False
    return base.value("driver") != over.value("driver")


def _maps(base: Node, over: Node, path: Path, done: Done) -> Node:
    pairs = dict(base.pairs)
    for name, pair in over.pairs.items():
        if pair.value.tag == "reset":
            pairs.pop(name, None)
        elif name in pairs:
            value = merged(pairs[name].value, pair.value, (*path, name), done)
            pairs[name] = pairs[name] if value is pairs[name].value else Pair(pair.span, pair.path, value)
        else:
            pairs[name] = pair
    return Node("map", base.span, base.path, pairs=pairs)


def _by_name(base: Node, over: Node) -> Node:
    """The values of ``over`` win, also those that are none."""
    gone = {name for name, pair in over.pairs.items() if pair.value.tag == "reset"}
    pairs = {name: pair for name, pair in {**base.pairs, **over.pairs}.items() if name not in gone}
    return Node("map", base.span, base.path, pairs=pairs)


def _hosts(base: Node, over: Node) -> Node:
    known = set(base.texts)
    items = (*base.items, *(item for item in over.items if item.text is None or item.text not in known))
    return Node("list", over.span, over.path, items=items)


def _subnets(base: Node, over: Node) -> Node:
    """Ranges of addresses of a network: what is said of the same one belongs together."""
    found: dict[object, Node] = {}
    for item in (*base.items, *over.items):
        key = item.value("subnet") or item
        found[key] = merged(found[key], item) if key in found else item
    return Node("list", over.span, over.path, items=tuple(found.values()))


def without_resets(node: Node) -> Node:
    """The node without what ``!reset`` takes away: it is no value of its own."""
    return _Stripped().of(node)


class _Stripped:
    """Each node once, however often it is aliased."""

    def __init__(self) -> None:
        self.known: dict[int, Node] = {}

    def of(self, node: Node) -> Node:
        if node.kind == "scalar":
            return node
        if id(node) not in self.known:
            self.known[id(node)] = self._made(node)
        return self.known[id(node)]

    def _made(self, node: Node) -> Node:
        items = tuple(self.of(item) for item in node.items if item.tag != "reset")
        pairs = {
            name: Pair(pair.span, pair.path, self.of(pair.value))
            for name, pair in node.pairs.items()
            if pair.value.tag != "reset"
        }
        return Node(node.kind, node.span, node.path, items=items, pairs=pairs, tag=node.tag)


def as_map(node: Node) -> Node:
    """A list of ``NAME=value`` as a mapping."""
    if node.kind != "list":
        return node
    pairs: dict[str, Pair] = {}
    for item in node.items:
        name, sign, value = (item.text or item.head).partition("=")
        if name:
            text, tag = (value if sign else None), ("" if sign or item.head else "null")
            scalar = Node("scalar", item.span, item.path, text, tag=tag)
            pairs[name.strip()] = Pair(item.span, item.path, scalar)
    return Node("map", node.span, node.path, pairs=pairs)


def as_names(node: Node, condition: str = "") -> Node:
    """A list of names as a mapping to nothing, or to the condition that such a list stands for."""
    if node.kind != "list":
        return node
    pairs = {}
    for item in node.items:
        if item.text:
            waits = Node("scalar", item.span, item.path, condition)
            inside = {"condition": Pair(item.span, item.path, waits)} if condition else {}
            value = Node("map", item.span, item.path, pairs=inside)
            pairs[item.text] = Pair(item.span, item.path, value)
    return Node("map", node.span, node.path, pairs=pairs)


def _as_build(node: Node) -> Node:
    """The path of a build as the context that it means."""
    if node.kind != "scalar":
        return node
    return Node("map", node.span, node.path, pairs={"context": Pair(node.span, node.path, node)})


def _as_list(node: Node) -> Node:
    """A single text as a list, and a mapping as a list of ``name=value``."""
    if node.kind == "list":
        return node
    if node.kind == "scalar":
        return Node("list", node.span, node.path, items=(node,))
    items = []
    for name, pair in node.pairs.items():
        for value in pair.value.items if pair.value.kind == "list" else (pair.value,):
            text = name if value.tag == "null" else None if value.text is None else f"{name}={value.text}"
            items.append(Node("scalar", value.span, value.path, text))
    return Node("list", node.span, node.path, items=tuple(sorted(items, key=lambda item: item.text or "")))
