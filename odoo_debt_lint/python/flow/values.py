"""What the data flow knows of a value: how far it can be trusted and how it came about."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import msgspec
from msgspec.structs import replace

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body

HOLE = "\x00"
"""Stands in ``Value.text`` for a part that is not constant."""
_MAX_TEXT = 4000
MAX_STEPS = 8


class Level(IntEnum):
    """The lattice, from what the programmer wrote to what a visitor sent. A join takes the higher one."""

    CONST = 0
    """Written in the source."""
    CLEAN = 1
    """Not constant, but known to be harmless: table names, quoted identifiers, whitelisted values."""
    NUMBER = 2
    """A number, date or list of ids: no text can be smuggled in."""
    VAGUE = 3
    """The result of something that cannot be followed."""
    UNKNOWN = 4
    """Record data, parameters: nobody has checked it."""
    STORED = 5
    """Text of a field which users write."""
    ARGUMENT = 6
    """Argument of a public model method: any user can call it through RPC."""
    USER = 7
    """Sent with an HTTP request."""


Origin: TypeAlias = tuple[Any, ...]
"""Where a value comes from that this file alone cannot judge: ``("parameter", class, function, name)`` of a
function which other files may call, ``("attribute", ...)`` likewise of something that such a parameter has,
``("call", line of the unit, id of the node)`` of a function that may stand in another file, with an index or
key at the end of what it has there, or
``("helper", id of the node)`` of the call of a helper of this file that has not been run yet."""
_CALL = 3
NO_ORIGINS: frozenset[Origin] = frozenset()
_NO_IDS: frozenset[int] = frozenset()


def attribute_of(origins: frozenset[Origin]) -> frozenset[Origin]:
    """The origins of an attribute: what RPC sends has none, what comes with a request may have."""
    kept = (item for item in origins if item[0] != "call")
    return frozenset(item if item[0] == "helper" else ("attribute", *item[1:]) for item in kept)


def part_of(origins: frozenset[Origin], key: Any) -> frozenset[Origin]:
    """The origins of what the results of calls have under a key."""
    return frozenset((*item, key) if item[0] == "call" and len(item) == _CALL else item for item in origins)


def unrun(origins: frozenset[Origin]) -> frozenset[Origin]:
    """Those of helpers that have not been run."""
    return frozenset(item for item in origins if item[0] == "helper") if origins else origins


class Step(NamedTuple):
    """One station of a value on its way, in the order of time."""

    body: Body
    node: Any
    label: str


class Value(msgspec.Struct, frozen=True):
    """``built``: text put together with a part above CONST; ``composed``: an SQL object, safe
    unless it is built.

    ``symbol`` is the dotted origin with aliases resolved (``self.env.cr.execute``), ``text`` the literal
    text with ``HOLE`` for unknown parts, ``items`` the values of a dict (by key) or sequence (by index),
    ``elevated`` the ids of the call nodes through which the value got superuser rights. ``origin`` is the
    level of the source even where a conversion has made the value harmless as text (``int(post["id"])``,
    the record which it selects); ``model`` the model of a recordset, when it is known. ``via`` are the
    origins in other files of what it says, ``chosen`` those of its ``origin``. ``keys`` are the keys of a
    dict, when it is known how it was put together.
    """

    level: Level = Level.CONST
    built: bool = False
    composed: bool = False
    symbol: str = ""
    text: str | None = None
    items: dict[Any, Value] | None = None
    steps: tuple[Step, ...] = ()
    elevated: frozenset[int] = _NO_IDS
    origin: Level = Level.CONST
    model: str = ""
    via: frozenset[Origin] = NO_ORIGINS
    chosen: frozenset[Origin] = NO_ORIGINS
    keys: Value | None = None

    @property
    def roots(self) -> frozenset[Origin]:
        """All origins in other files, whatever was done on the way."""
        return self.via | self.chosen if self.chosen else self.via

    @property
    def pending(self) -> frozenset[Origin]:
        """The helpers of the file which have their part in the value and have not been run."""
        return unrun(self.roots)

    @property
    def source(self) -> Level:
        """Where the value comes from, whatever was done to it on the way."""
        return max(self.level, self.origin)

    def at(self, body: Body, node: Any, label: str) -> Value:
        """The same value with one more station."""
        if self.level <= Level.CLEAN or len(self.steps) >= MAX_STEPS:
            return self
        return replace(self, steps=(*self.steps, Step(body, node, label)))

    @property
    def element(self) -> Value:
        """What an unknown subscript yields."""
        if self.items:
            return join_all(self.items.values())
        symbol = f"{self.symbol}[]" if self.symbol else ""
        return replace(self, items=None, text=None, built=False, symbol=symbol, keys=None)

    def part(self, key: Any) -> Value:
        """What stands under a known index or key."""
        if self.items:
            found = self.items.get(key)
            return found if found is not None else self.element
        element = self.element
        if self.via and self.symbol.endswith("()"):  # the result of a call as it is
            return replace(element, via=part_of(self.via, key))
        return element

    @property
    def iterated(self) -> Value:
        """What iteration yields: of a dict its keys."""
        return self.keys if self.keys is not None else self.element


CONST = Value()
CLEAN = Value(Level.CLEAN)
NUMBER = Value(Level.NUMBER)
VAGUE = Value(Level.VAGUE)
UNKNOWN = Value(Level.UNKNOWN)


def as_number(value: Value) -> Value:
    """What is left of a value of which only digits or words can come: no text, but the same origin."""
    return replace(NUMBER, origin=value.source, steps=value.steps, chosen=value.roots)


def join(left: Value, right: Value) -> Value:
    """What holds when either may be the case."""
    if left is right or left == right:
        return left
    worse = left if _rank(left) >= _rank(right) else right
    return Value(
        level=max(left.level, right.level),
        built=left.built or right.built,
        composed=left.composed and right.composed,
        symbol=worse.symbol or left.symbol or right.symbol,
        text=worse.text if worse.text is not None else None,
        items=worse.items,
        steps=worse.steps,
        elevated=left.elevated | right.elevated,
        origin=max(left.source, right.source),
        model=left.model or right.model,
        via=left.via | right.via if right.via else left.via,
        chosen=left.chosen | right.chosen if right.chosen else left.chosen,
        keys=join(left.keys, right.keys) if left.keys is not None and right.keys is not None else None,
    )


def _rank(value: Value) -> tuple[int, bool]:
    return (value.level, value.built)


def join_all(values: Iterable[Value]) -> Value:
    """The join of all; CONST of none."""
    result: Value | None = None
    for value in values:
        result = value if result is None else join(result, value)
    return result if result is not None else CONST


def text_of(parts: Iterable[Value]) -> Value:
    """Text put together from parts, in order."""
    pieces: list[str] = []
    level, source, built = Level.CONST, Level.CONST, False
    worst: Value = CONST
    via = chosen = NO_ORIGINS
    for part in parts:
        pieces.append(part.text if part.text is not None else HOLE)
        level, source = max(level, part.level), max(source, part.source)
        built = built or part.built or part.level > Level.CLEAN
        if part.via:
            via |= part.via if part.level > Level.NUMBER else unrun(part.via)
        if part.chosen:
            chosen |= part.chosen
        if _rank(part) > _rank(worst):
            worst = part
    return Value(
        level,
        built=built,
        text="".join(pieces)[:_MAX_TEXT],
        steps=worst.steps,
        origin=max(level, source),
        via=via,
        chosen=chosen,
    )


def raw_part(parts: Iterable[Value]) -> Value | None:
    """The part that is an SQL object of a text which nobody has checked: put into a query it stays text."""
    for part in parts:
        for value in (part.items or {0: part}).values():
            if value.composed and value.level >= Level.UNKNOWN:
                return replace(value, built=True)
    return None


class Called(NamedTuple):
    """A call that was met: ``receiver`` is the value before the last dot, ``name`` what follows it."""

    node: Any
    name: str
    symbol: str
    receiver: Value | None
    args: tuple[Value, ...]
    kwargs: dict[str, Value]

    @property
    def values(self) -> list[Value]:
        """Receiver and arguments."""
        given = [*self.args, *self.kwargs.values()]
        return given if self.receiver is None else [self.receiver, *given]
