"""Results of helpers, shared by all calls of one shape: arguments lose their history, results get it back."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from msgspec.structs import replace

from odoo_debt_lint.python.flow.values import CONST, MAX_STEPS, NO_ORIGINS, Level, Value

_NESTED = 2
_SHAPED = 8
"""Items of a dict or list by which calls of a helper are told apart."""


def stand_in(name: str, value: Value) -> Value:
    """An argument without its history."""
    if value.source <= Level.CLEAN and not value.steps and not value.via and not value.chosen:
        return value
    origin = frozenset({("given", name)})
    via = origin if value.level > Level.NUMBER else NO_ORIGINS
    return replace(value, steps=(), via=via, chosen=NO_ORIGINS if via else origin)


def filled_in(value: Value, arguments: dict[str, Value], depth: int = 0) -> Value:
    """A result with the histories of the arguments of which it is made."""
    items = value.items
    if items is not None and depth < _NESTED:
        items = {key: filled_in(item, arguments, depth + 1) for key, item in items.items()}
    named = sorted((origin, origin in value.via) for origin in value.roots if origin[0] == "given")
    if not named:
        return value if items is value.items else replace(value, items=items)
    via = {origin for origin in value.via if origin[0] != "given"}
    chosen = {origin for origin in value.chosen if origin[0] != "given"}
    steps = value.steps
    for origin, as_text in named:
        argument = arguments.get(origin[1], CONST)
        (via if as_text else chosen).update(argument.via)
        chosen.update(argument.chosen)
        if argument.steps and argument.source >= value.source:
            steps = (*argument.steps, *value.steps)[:MAX_STEPS]
    return replace(value, items=items, via=frozenset(via), chosen=frozenset(chosen), steps=steps)


def shape(value: Value) -> tuple[Any, ...]:
    items = tuple(
        (str(key), item.level, item.built, item.text, item.via) for key, item in _first(value.items)
    )
    known = (value.source, value.level, value.built, value.symbol, value.text or "", items)
    return (*known, tuple(value.elevated), value.model, bool(value.via))


def _first(items: dict[Any, Value] | None) -> Iterable[tuple[Any, Value]]:
    return islice(items.items(), _SHAPED) if items else ()
