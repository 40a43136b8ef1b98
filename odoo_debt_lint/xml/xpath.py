"""Reads an XPath of an inheriting view for its form: on what does it find its node?

lxml evaluates expressions but does not tell how they are made, so they are taken apart here: location paths,
steps, predicates. That is enough to see positions, labels, classes and bare tags in them.
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
_SIBLINGS = frozenset({"following-sibling", "preceding-sibling", "following", "preceding"})
_TEXT_FUNCTIONS = frozenset({"contains", "starts-with", "normalize-space", "string", "translate"})
_FIXED = frozenset({"header", "sheet"})
"""Layout nodes of which a form has one, directly in its root."""

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


@lru_cache(maxsize=4096)
def form(expr: str) -> str:
    """Why an expression is fragile by its form alone: ``label``, ``absolute``, ``position``, ``nearest`` (a
    position that stays what it means), ``class``, ``tag``, or not at all. The worst reason counts."""
    paths = parse(expr)
    steps = [step for path in paths for step in path.steps]
    predicates = [test for step in steps for test in step.predicates]
    if any(
        "text()" in step.test or (not step.component and any(map(_by_label, step.predicates)))
        for step in steps
    ):
        return "label"
    if any(map(_absolute, paths)):
        return "absolute"
    position = max((_positional(path) for path in paths), default=0)
    if position:
        return "position" if position > 1 else "nearest"
    if any(map(_by_class, predicates)):
        return "class"
    return "tag" if any(map(_bare, paths)) else ""


def _by_label(test: Tokens) -> bool:
    padded = (*test, "", "")
    for index, token in enumerate(test):
        before, after = padded[index - 1] if index else "", padded[index + 1]
        name = token.removeprefix("t-attf-")
        if name in TRANSLATED and (before == "@" or (before == "::" and test[index - 2] == "attribute")):
            return True
        if token == "text" and after == "(":
            return True
        if token == "." and (after in ("=", "!=") or before in ("=", "!=")):
            return True
        if token in _TEXT_FUNCTIONS and after == "(" and _of_context(padded[index + 2 :]):
            return True
    return False


def _of_context(arguments: Tokens) -> bool:
    """Whether a function's first argument is the node's own text."""
    if arguments[:1] == (")",):
        return True
    return arguments[:1] == (".",) and arguments[1:2] in ((",",), (")",))


def _positional(path: Path) -> int:
    """2 for a position, 1 for one that means the nearest ancestor or the end of a bundle, 0 for none."""
    worst = 0
    for step in path.steps:
        if step.axis in _SIBLINGS or any(map(_nested_position, step.predicates)):
            worst = 2
        elif any(map(_counts, step.predicates)):
            usual = step.axis.startswith("ancestor") or step.test in ("script", "link")
            worst = max(worst, 1 if usual else 2)
    return worst


def _counts(test: Tokens) -> bool:
    if len(test) == 1 and test[0][0].isdigit():
        return True
    return any(
        token in ("last", "position") and test[index + 1 : index + 2] == ("(",)
        for index, token in enumerate(test)
    )


def _nested_position(test: Tokens) -> bool:
    for index, token in enumerate(test):
        if token in _SIBLINGS and test[index + 1 : index + 2] == ("::",):
            return True
        if token == "[" and test[index + 1][0].isdigit() and test[index + 2 : index + 3] == ("]",):
            return True
    return False


def _by_class(test: Tokens) -> bool:
    return any(
        token == "class" and index and test[index - 1] == "@" and len(test) > 2
        for index, token in enumerate(test)
    )


def _absolute(path: Path) -> bool:
    """From the root through layout nodes that nothing names."""
    steps = path.steps if path.absolute else _in_root(path.steps)
    if len(steps) < 3 or steps[0].deep:
        return False
    for index in range(1, len(steps) - 1):
        step = steps[index]
        plain = step.axis == "child" and all(map(_counts, step.predicates)) and step.test not in (".", "..")
        fixed = index == 1 and step.test in _FIXED and steps[2].deep
        if plain and step.test != "field" and not step.deep and not fixed:
            return True
    return False


def _in_root(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """A relative path with its beginning: Odoo looks for it in the root, so ``sheet/group`` is what
    ``/form/sheet/group`` is."""
    first = steps[0] if steps else Step(".")
    if first.test == "." or first.axis == "self":
        return steps
    return (Step("."), *steps) if first.axis == "child" and not first.deep else ()


def _bare(path: Path) -> bool:
    """Tags alone, and at least one of them looked for anywhere or below the root."""
    steps = path.steps
    if not steps or (path.absolute and len(steps) == 1) or not steps[-1].test.strip("."):
        return False
    return all(step.bare for step in (steps[1:] if steps[0].test == "." else steps))
