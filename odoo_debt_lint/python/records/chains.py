"""What an expression stands for while the records of a function are followed: by names alone, no types.

A chain is a model and the names of fields from there. Whether they are fields, and of which model, is
decided later with the index.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias

from odoo_debt_lint.facts import UseFact
from odoo_debt_lint.finding import Span
from odoo_debt_lint.source import Text

MAX_PATH = 8
MAX_STEPS = 100_000
"""Uses in a file, and looks at lists and dicts, which may hold one another many times over."""
MAX_ITEMS = 2_000
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_LEAF = re.compile(r"[\[(]\s*(['\"])([A-Za-z_][\w.]*)\1\s*,\s*(['\"])[=!<>?a-z_ ]+\3\s*,")
"""A condition of a domain that is text."""
_COMMAND = 3
"""Length of ``(0, 0, values)``."""
_QUOTES = 3
DEFAULT = "default_"
_MODEL_WORDS = ("model", "relation", "_name")
"""How fields and keys end that hold the name of a model."""


class Records(NamedTuple):
    """A recordset: where its chain begins, and the fields from there."""

    model: str
    path: tuple[str, ...] = ()

    def step(self, name: str) -> Records | None:
        """What a field of the records holds; None where chains become too long."""
        return Records(self.model, (*self.path, name)) if len(self.path) < MAX_PATH else None


class Bound(NamedTuple):
    """A dict whose keys are fields of records: what ``create`` gets, ``read`` gives, or ``_fields``."""

    owner: Records
    kind: str = "values"


class Returned(NamedTuple):
    """What a method of the same class returns."""

    method: str


class ModelName(NamedTuple):
    """``self._name``."""

    model: str


class Mark(NamedTuple):
    """One of the few objects with a meaning of their own."""

    name: str


class Keys:
    """A dict which the function puts together: constant keys with their places, and dicts that go into it."""

    __slots__ = ("entries", "spread")

    def __init__(self) -> None:
        self.entries: list[tuple[str, Span, Value]] = []
        self.spread: list[Value] = []


class Items:
    """A list, tuple or set; what is not known in it is None."""

    __slots__ = ("values",)

    def __init__(self, values: Iterable[Value]) -> None:
        self.values = list(values)[:MAX_ITEMS]


Value: TypeAlias = "Records | Bound | Returned | ModelName | Mark | Keys | Items | ast.Constant | None"

ENV, REQUEST, SUPER, SELF = Mark("env"), Mark("request"), Mark("super"), Mark("self")
"""``SELF`` is ``self`` where that is no recordset."""


def element(value: Value) -> Value:
    """What iteration yields."""
    if isinstance(value, Items):
        known = value.values
        first = known[0] if known else None
        return first if all(item == first for item in known) else None
    return value if isinstance(value, Records | Bound) else None


def either(one: Value, other: Value) -> Value:
    """What a name stands for after two branches; constants that are false say nothing."""
    if one is other or one == other:
        return one
    if isinstance(one, ast.Constant) and not one.value:
        return other
    if isinstance(other, ast.Constant) and not other.value:
        return one
    return None


def plain(value: Value) -> Any:
    """A text or a list of texts."""
    if isinstance(value, ast.Constant):
        return value.value if isinstance(value.value, str) else None
    if isinstance(value, Items):
        return [item for item in map(plain, value.values) if isinstance(item, str)]
    return None


class Sink:
    """Takes the uses of one file, and knows the places of names in it."""

    def __init__(self, text: Text) -> None:
        self.text, self._plain = text, text.text.isascii()
        self.found: list[UseFact] = []
        self.steps = 0
        self.entity = ""
        self.pending: list[tuple[str, Records]] = []

    def add(self, owner: Records, name: str, span: Span, kind: str, value: Any = None) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            return
        self.found.append(UseFact(owner.model, (*owner.path, name), span, kind, self.entity, value))

    def attribute(self, owner: Records, node: ast.Attribute, kind: str, value: Any = None) -> None:
        """The name of an attribute ends where the node does."""
        line, end = node.end_lineno or node.lineno, node.end_col_offset or 0
        end = end if self._plain else self.text.column(line, end)
        self.add(owner, node.attr, Span(line, end - len(node.attr), line, end), kind, value)

    def model(self, node: ast.Constant, kind: str = "model") -> None:
        """A model that is named."""
        name = str(node.value)
        self.found.append(UseFact(name, (), self.inside(node, 0, len(name)), kind, self.entity))

    def models(self, word: str, value: Value) -> None:
        """The models that something called ``res_model``, ``active_model`` ... is or is compared with."""
        if not word.endswith(_MODEL_WORDS):
            return
        for item in value.values if isinstance(value, Items) else (value,):
            if isinstance(item, ast.Constant) and isinstance(item.value, str) and "." in item.value:
                self.model(item)

    def span(self, node: ast.expr | ast.keyword) -> Span:
        line, end_line = node.lineno, node.end_lineno or node.lineno
        if self._plain:
            return Span(line, node.col_offset, end_line, node.end_col_offset or 0)
        column = self.text.column
        return Span(line, column(line, node.col_offset), end_line, column(end_line, node.end_col_offset or 0))

    def inside(self, node: ast.Constant, start: int, end: int) -> Span:
        """A part of a string; all of it where the source is not written like its value."""
        whole = self.span(node)
        first = whole.start_column + 1
        if whole.start_line == whole.end_line and whole.end_column - first == len(str(node.value)) + 1:
            return Span(whole.start_line, first + start, whole.start_line, first + end)
        return self._in_lines(whole, str(node.value), start, end) or whole

    def _in_lines(self, whole: Span, value: str, start: int, end: int) -> Span | None:
        """A part of a string in triple quotes."""
        lines = self.text.lines[whole.start_line - 1 : whole.end_line]
        if not lines or len(lines[0]) < whole.start_column + _QUOTES:
            return None
        lines = [*lines[:-1], lines[-1][: whole.end_column]]
        lines[0] = lines[0][whole.start_column :]
        raw = "\n".join(lines)
        if raw[_QUOTES:-_QUOTES] != value or raw[:_QUOTES] not in ('"""', "'''"):
            return None
        first, last = value.rfind("\n", 0, start), value.count("\n", 0, start)
        shift = start - first - 1 if first >= 0 else whole.start_column + _QUOTES + start
        return Span(whole.start_line + last, shift, whole.start_line + last, shift + end - start)

    def path(
        self,
        owner: Records,
        node: Value,
        kind: str = "path",
        start: int = 0,
        text: str = "",
        value: Any = None,
    ) -> None:
        """Every step of a dotted path in a string, or in each string of a list."""
        if isinstance(node, Items):
            for item in node.values:
                self.path(owner, item, kind)
            return
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            return
        text = text or node.value
        if not _PATH.fullmatch(text):
            return
        current: Records | None = owner
        for name in text.split("."):
            if current is None:
                return
            if name != "id":
                self.add(current, name, self.inside(node, start, start + len(name)), kind, value)
            start += len(name) + 1
            current = current.step(name)

    def domain(self, owner: Records, value: Value) -> None:
        """The left operands of a domain, and of those inside of ``any``; it may be text."""
        self.steps += 1
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            for match in _LEAF.finditer(value.value):
                self.path(owner, value, "domain", match.start(2), match[2])
        if not isinstance(value, Items) or self.steps > MAX_STEPS:
            return
        for leaf in value.values:
            if not isinstance(leaf, Items):
                continue
            first = leaf.values[0] if leaf.values else None
            if len(leaf.values) == _COMMAND and isinstance(first, ast.Constant):
                self.path(owner, first, "domain", value=plain(leaf.values[2]))
                self.models(str(first.value), leaf.values[2])
                if isinstance(leaf.values[2], Items) and isinstance(first.value, str):
                    self._any(owner, first.value, leaf.values)
            else:
                self.domain(owner, leaf)

    def _any(self, owner: Records, path: str, leaf: list[Value]) -> None:
        operator = leaf[1]
        if isinstance(operator, ast.Constant) and operator.value in ("any", "not any", "any!", "not any!"):
            inner = Records(owner.model, (*owner.path, *path.split(".")))
            self.domain(inner, leaf[2])

    def values(self, owner: Records, value: Value, seen: frozenset[int] = frozenset()) -> None:
        """The keys of what ``create`` or ``write`` get, also through commands of relational fields."""
        if isinstance(value, Returned):
            self.pending.append((value.method, owner))
        self.steps += 1
        if id(value) in seen or len(seen) > MAX_PATH or self.steps > MAX_STEPS:
            return
        seen |= {id(value)}
        if isinstance(value, Items):
            for item in value.values:
                self.values(owner, item, seen)
        elif isinstance(value, Keys):
            for name, span, given in value.entries:
                self.add(owner, name, span, "values", plain(given))
                self._commands(owner.step(name), given, seen)
            for other in value.spread:
                self.values(owner, other, seen)

    def defaults(self, owner: Records, context: Value) -> None:
        """The values which a context gives to new records: ``default_name``."""
        for name, span, given in context.entries if isinstance(context, Keys) else ():
            if name.startswith(DEFAULT) and span.start_line == span.end_line:
                column = span.start_column + len(DEFAULT)
                inside = Span(span.start_line, column, span.end_line, span.end_column)
                self.add(owner, name[len(DEFAULT) :], inside, "values", plain(given))

    def _commands(self, owner: Records | None, value: Value, seen: frozenset[int]) -> None:
        self.steps += 1
        if owner is None or not isinstance(value, Items) or self.steps > MAX_STEPS:
            return
        for item in value.values:
            if isinstance(item, Items) and len(item.values) == _COMMAND:
                last = item.values[2]
                if isinstance(last, Keys | Returned):
                    self.values(owner, last, seen)
            elif isinstance(item, Items):
                self._commands(owner, item, seen)
