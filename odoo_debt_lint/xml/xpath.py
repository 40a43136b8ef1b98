"""Takes an XPath of an inheriting view apart: location paths, steps, predicates.

lxml evaluates expressions but does not tell how they are made. What is fragile in them is told by
``xml.xpath_form``.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

TRANSLATED = frozenset(
    (
        "string help sum avg confirm placeholder alt title value_label label add-label cancel-label "
        "confirm-label data-tooltip data-editor-message aria-label aria-keyshortcuts aria-placeholder "
        "aria-roledescription aria-valuetext"
    ).split()
)
"""Attributes whose text Odoo translates (``TRANSLATED_ATTRS``, 11.0 to 20.0)."""

_TOKEN = re.compile(
    r"\s*(?P<token>\"[^\"]*\"|'[^']*'|\d+(?:\.\d+)?|//|::|\.\.|!=|<=|>=|[/\[\]()@.,|=<>+*$-]"
    r"|(?:[^\W\d]|[_{])[\w.{}-]*(?::(?!:)[\w.-]+)?)",
)

Tokens = tuple[str, ...]


class Step(msgspec.Struct, frozen=True):
    """One step of a location path; ``deep`` when ``//`` leads to it."""

    test: str
    axis: str = "child"
    deep: bool = False
    predicates: tuple[Tokens, ...] = ()

    @property
    def bare(self) -> bool:
        """A plain tag without any condition."""
        return self.axis == "child" and not self.predicates and self.test not in (".", "..")

    @property
    def component(self) -> bool:
        """A component of the browser: its attributes are code, ``<NoteButton label="name(order)"/>``."""
        return self.test[:1].isupper()


class Path(msgspec.Struct, frozen=True):
    """One location path; ``absolute`` when it starts at the root."""

    steps: tuple[Step, ...]
    absolute: bool = False


class Unparsed(ValueError):
    """The text is no XPath that this reader knows."""


def tokens(expr: str) -> list[str]:
    """The expression's tokens. Raises Unparsed."""
    found, offset = [], 0
    text = expr.rstrip()
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            raise Unparsed(expr)
        found.append(match["token"])
        offset = match.end()
    return found


class _Reader:
    """Location paths from tokens."""

    def __init__(self, items: list[str]) -> None:
        self.items, self.at = items, 0

    def peek(self, ahead: int = 0) -> str:
        index = self.at + ahead
        return self.items[index] if index < len(self.items) else ""

    def take(self) -> str:
        token = self.peek()
        if not token:
            raise Unparsed("end of expression")
        self.at += 1
        return token

    def union(self) -> list[Path]:
        paths = self.path()
        while self.peek() == "|":
            self.take()
            paths += self.path()
        return paths

    def path(self) -> list[Path]:
        """A path, or the several paths of a parenthesised union with what follows."""
        if self.peek() == "(":
            self.take()
            heads = self.union()
            if self.take() != ")":
                raise Unparsed("parenthesis")
            predicates = self.predicates()
            tail = self.steps(False) if self.peek() in ("/", "//") else ()
            return [_joined(head, predicates, tail) for head in heads]
        absolute = self.peek() == "/"
        if absolute and self.peek(1) in ("", "|", ")"):
            self.take()
            return [Path((), True)]
        return [_from_root(Path(self.steps(True), absolute))]

    def steps(self, first: bool) -> tuple[Step, ...]:
        found = []
        while first or self.peek() in ("/", "//"):
            separator = self.take() if self.peek() in ("/", "//") else "/"
            found.append(self.step(separator == "//"))
            first = False
        return tuple(found)

    def step(self, deep: bool) -> Step:
        axis = "child"
        if self.peek(1) == "::":
            axis = self.take()
            self.take()
        elif self.peek() == "@":
            self.take()
            axis = "attribute"
        test = self.take()
        if test in ("]", ")", "[", "(", "=", ","):
            raise Unparsed(test)
        if self.peek() == "(":
            test += self.balanced("(", ")")
        return Step(test, axis, deep, self.predicates())

    def predicates(self) -> tuple[Tokens, ...]:
        found = []
        while self.peek() == "[":
            start = self.at + 1
            self.balanced("[", "]")
            found.append(tuple(self.items[start : self.at - 1]))
        return tuple(found)

    def balanced(self, opening: str, closing: str) -> str:
        start, depth = self.at, 0
        while True:
            token = self.take()
            depth += (token == opening) - (token == closing)
            if depth == 0:
                return "".join(self.items[start : self.at])


def _from_root(path: Path) -> Path:
    """A path that starts with ``.`` starts at the root: that is where Odoo evaluates it."""
    steps = path.steps
    if len(steps) < 2 or steps[0] != Step("."):
        return path
    return Path(steps[1:]) if steps[1].deep else Path(steps, True)


def _joined(head: Path, predicates: tuple[Tokens, ...], tail: tuple[Step, ...]) -> Path:
    if not head.steps:
        return Path(tail, head.absolute)
    last = msgspec.structs.replace(head.steps[-1], predicates=head.steps[-1].predicates + predicates)
    return Path((*head.steps[:-1], last, *tail), head.absolute)


@lru_cache(maxsize=4096)
def parse(expr: str) -> tuple[Path, ...]:
    """The location paths of an expression; none when it cannot be read."""
    try:
        reader = _Reader(tokens(expr))
        paths = reader.union()
        return tuple(paths) if not reader.peek() else ()
    except (Unparsed, RecursionError):
        return ()
