"""YAML with the place of every key and value; anchors, merge keys and ``${VAR:-default}`` resolved.

A variable that neither the ``.env`` beside the file nor a default tells makes its value unknown (``None``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from odoo_debt_lint.finding import Location, Span
from odoo_debt_lint.lazy import yaml

_VARIABLE = re.compile(r"\$(?:(\$)|\{(\w+)(?:(:?[-?+])((?:[^{}]|\{[^{}]*\})*))?\}|(\w+))")
_MAX_DEPTH = 60
_MERGE = "tag:yaml.org,2002:merge"


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A mapping (``pairs``), a list (``items``) or a scalar (``text``; ``None`` when not known).

    ``tag`` is ``reset`` or ``override`` where the file says so to docker compose.
    """

    kind: str
    span: Span
    path: str
    text: str | None = None
    items: tuple[Node, ...] = ()
    pairs: Mapping[str, Pair] = field(default_factory=dict)
    tag: str = ""

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


def read_yaml(text: str, path: str, values: Mapping[str, str | None]) -> Node | None:
    """The document's root, or nothing for an empty one. Raises Broken."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Broken(str(error.problem or "no YAML"), mark.line + 1 if mark else 1) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Broken(str(error).splitlines()[0] if str(error) else "no YAML", 1) from None
    return _Builder(path, values).node(root, 0) if root is not None else None


class _Builder:
    def __init__(self, path: str, values: Mapping[str, str | None]) -> None:
        self.path, self.values = path, values
        self.known: dict[int, Node] = {}
        self.open: set[int] = set()

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
        else:
            made = Node("scalar", span, self.path, interpolated(raw.value, self.values), tag=tag)
        self.open.discard(key)
        self.known[key] = made
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
                own[key.value] = Pair(_span(key), self.path, self.node(value, depth + 1))
        return {**merged, **own}


def _span(raw: yaml.Node) -> Span:
    start, end = raw.start_mark, raw.end_mark
    if isinstance(raw, yaml.ScalarNode):
        return Span(start.line + 1, start.column, end.line + 1, end.column)
    return Span(start.line + 1, start.column, start.line + 1, start.column + 1)


def interpolated(text: str, values: Mapping[str, str | None]) -> str | None:
    """The text with its variables replaced, ``None`` when one is not known."""
    if "$" not in text:
        return text
    unknown = False

    def value(match: re.Match[str]) -> str:
        nonlocal unknown
        if match[1]:
            return "$"
        name, operator, rest = match[2] or match[5], match[3] or "", match[4] or ""
        found = values.get(name)
        if (operator.endswith("-") and name not in values) or (operator == ":-" and found == ""):
            found = interpolated(rest, values)
        elif operator.endswith("+"):
            found = interpolated(rest, values) if found else None
        unknown = unknown or found is None
        return found or ""

    result = _VARIABLE.sub(value, text)
    return None if unknown else result
