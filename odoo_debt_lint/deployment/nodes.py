"""YAML with the place of every key and value; anchors, merge keys and variables resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from odoo_debt_lint.deployment.variables import interpolated
from odoo_debt_lint.finding import Location, Span
from odoo_debt_lint.lazy import yaml

_MAX_DEPTH, _MAX_NESTING = 60, 500
_MAX_NODES = 50_000
"""Nodes of a document with aliases counted each time that they are used: what rules and merging look at."""
_MAX_DOCUMENTS = 20
_ON = frozenset({"true", "yes", "y", "on", "1"})
_NULL = "tag:yaml.org,2002:null"
_MERGE = "tag:yaml.org,2002:merge"


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A mapping (``pairs``), a list (``items``) or a scalar (``text``; ``None`` when not known).

    ``tag`` is ``reset`` or ``override`` where the file says so to docker compose, and ``null`` for a value
    that is none: it sets nothing. ``head`` is the name in a ``NAME=value`` whose value is not known.
    """

    kind: str
    span: Span
    path: str
    text: str | None = None
    items: tuple[Node, ...] = ()
    pairs: Mapping[str, Pair] = field(default_factory=dict)
    tag: str = ""
    head: str = ""

    def get(self, *names: str) -> Node | None:
        """The value under a chain of keys."""
        node: Node | None = self
        for name in names:
            pair = node.pairs.get(name) if node is not None else None
            node = pair.value if pair is not None else None
        return node

    def value(self, *names: str) -> str | None:
        """The scalar under a chain of keys; ``None`` when it is missing or not known."""
        node = self.get(*names)
        return node.text if node is not None and node.kind == "scalar" else None

    def on(self, *names: str) -> bool:
        """Whether the scalar under a chain of keys is a switch that is on, as docker compose takes it."""
        return (self.value(*names) or "").lower() in _ON

    def place(self, name: str) -> Location:
        """The place of a key."""
        return Location(self.pairs[name].path, self.pairs[name].span)

    @property
    def location(self) -> Location:
        return Location(self.path, self.span)

    @property
    def texts(self) -> list[str]:
        """The scalar, or those of the list, as far as they are known."""
        nodes = self.items if self.kind == "list" else (self,)
        return [item.text for item in nodes if item.text is not None]


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """A value with the place of its key."""

    span: Span
    path: str
    value: Node


class Broken(Exception):
    """The text is no YAML; with its line."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message, self.line = message, line


@dataclass(frozen=True, slots=True)
class Repeated:
    """A key that its mapping has twice, at the second place: docker compose refuses the file."""

    key: str
    line: int
    first: int


def read_yaml(text: str, path: str, values: Mapping[str, str | None]) -> Node | None:
    """The first document's root, or nothing for an empty one. Raises Broken."""
    roots, _ = read_documents(text, path, values)
    return roots[0] if roots else None


def read_documents(
    text: str, path: str, values: Mapping[str, str | None]
) -> tuple[list[Node], list[Repeated]]:
    """The roots of all documents that are not empty, and the keys that stand twice. Raises Broken."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    roots: list[yaml.Node] = []
    try:
        _check_depth(text, loader)
        for root in yaml.compose_all(text, Loader=loader):
            if root is not None and len(roots) < _MAX_DOCUMENTS:
                roots.append(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Broken(str(error.problem or "no YAML"), mark.line + 1 if mark else 1) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Broken(str(error).splitlines()[0] if str(error) else "no YAML", 1) from None
    builder = _Builder(path, values)
    return [builder.node(root, 0) for root in roots], builder.repeated


def _check_depth(text: str, loader: type) -> None:
    """Refuses what would overflow the stack when it is composed; its events come one after the other."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_NESTING:
            raise Broken("nested too deeply", event.start_mark.line + 1 if event.start_mark else 1)


class _Builder:
    def __init__(self, path: str, values: Mapping[str, str | None]) -> None:
        self.path, self.values = path, values
        self.known: dict[int, Node] = {}
        self.weights: dict[int, int] = {}
        self.open: set[int] = set()
        self.repeated: list[Repeated] = []

    def node(self, raw: yaml.Node, depth: int) -> Node:
        """One node; what is aliased is made once, what contains itself is cut."""
        key = id(raw)
        if key in self.known:
            return self.known[key]
        span = _span(raw)
        if key in self.open or depth > _MAX_DEPTH:
            return Node("scalar", span, self.path)
        self.open.add(key)
        tag = raw.tag.removeprefix("!") if raw.tag in ("!reset", "!override") else ""
        if isinstance(raw, yaml.MappingNode):
            made = Node("map", span, self.path, pairs=self._pairs(raw, depth), tag=tag)
        elif isinstance(raw, yaml.SequenceNode):
            items = tuple(self.node(item, depth + 1) for item in raw.value)
            made = Node("list", span, self.path, items=items, tag=tag)
        elif raw.tag == _NULL:
            made = Node("scalar", span, self.path, tag="null")
        else:
            text = interpolated(raw.value, self.values)
            head = raw.value.partition("=")[0] if text is None else ""
            made = Node("scalar", span, self.path, text, tag=tag, head="" if "$" in head else head)
        self.open.discard(key)
        self.known[key] = made
        inner = (*made.items, *(pair.value for pair in made.pairs.values()))
        self.weights[id(made)] = 1 + sum(self.weights.get(id(item), 1) for item in inner)
        if self.weights[id(made)] > _MAX_NODES:
            raise Broken("aliases make it too large", span.start_line)
        return made

    def _pairs(self, raw: yaml.MappingNode, depth: int) -> dict[str, Pair]:
        own: dict[str, Pair] = {}
        merged: dict[str, Pair] = {}
        for key, value in raw.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.tag == _MERGE:
                for source in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                    for name, pair in self.node(source, depth + 1).pairs.items():
                        merged.setdefault(name, pair)
            else:
                if key.value in own:
                    first = own[key.value].span.start_line
                    self.repeated.append(Repeated(key.value, key.start_mark.line + 1, first))
                own[key.value] = Pair(_span(key), self.path, self.node(value, depth + 1))
        return {**merged, **own}


def _span(raw: yaml.Node) -> Span:
    start, end = raw.start_mark, raw.end_mark
    if isinstance(raw, yaml.ScalarNode):
        return Span(start.line + 1, start.column, end.line + 1, end.column)
    return Span(start.line + 1, start.column, start.line + 1, start.column + 1)
