"""All rules as data, kept between runs: their modules are imported when they have something to look at.

To import two hundred modules takes longer than the rest of a run in which nothing has changed. A rule from
the catalogue is like any other, but each of its functions is a ``Later``. The catalogue lies where Python
keeps the bytecode of the rules, and like that it is made by the first run and anew when a module has changed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import msgspec

from odoo_debt_lint import checks
from odoo_debt_lint.cache import replace_file, sealed, unsealed
from odoo_debt_lint.finding import Confidence, Severity
from odoo_debt_lint.migration.facts import Fact
from odoo_debt_lint.rule import (
    Block,
    Listener,
    OnAddon,
    OnComment,
    OnDeployment,
    OnElement,
    OnInstance,
    OnModule,
    OnNode,
    OnProblem,
    Rule,
)

_LISTENERS = (OnNode, OnModule, OnElement, OnProblem, OnAddon, OnComment, OnDeployment, OnInstance)


class Later:
    """A function of a rule whose module is imported at the first call: that of a listener by its number, or
    the one under a name."""

    __slots__ = ("function", "module", "place")

    def __init__(self, module: str, place: int | str) -> None:
        self.module, self.place = module, place
        self.function: Any = None

    def __call__(self, *args: Any) -> Any:
        if self.function is None:
            rule: Rule = import_module(self.module).RULE
            place = self.place
            self.function = getattr(rule, place) if isinstance(place, str) else rule.listeners[place].check
        return self.function(*args)


class _Card(msgspec.Struct, frozen=True, array_like=True):
    """One rule. ``listeners`` have their kinds as numbers, and their own fields."""

    name: str
    family: str
    doc: str
    severity: Severity
    confidence: Confidence
    block: Block
    minutes: int
    offset: int
    since: str
    until: str
    tags: tuple[str, ...]
    roles: frozenset[str]
    triggers: tuple[bytes, ...]
    needs: tuple[bytes, ...]
    also: tuple[bytes, ...]
    when: bool
    glance: bool
    listeners: tuple[tuple[int, dict[str, Any]], ...]
    fact: Fact | None


_SAME = tuple(
    name for name in _Card.__struct_fields__ if name not in ("when", "glance", "listeners", "roles")
)
_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decode = msgspec.msgpack.Decoder(tuple[_Card, ...]).decode


def written(rules: Iterable[Rule]) -> bytes:
    """The catalogue of some rules."""
    return _encode([_card(rule) for rule in rules])


def read(content: bytes) -> dict[str, Rule]:
    """The rules of a catalogue by name; none where it is none."""
    try:
        return {card.name: _rule(card) for card in _decode(content)}
    except (msgspec.MsgspecError, RecursionError, IndexError, TypeError):
        return {}


def beside_bytecode(key: str) -> bytes | None:
    """The catalogue that an earlier run of this key has put beside the bytecode."""
    try:
        return unsealed(key, _place().read_bytes())
    except (OSError, NotImplementedError):
        return None


def put_beside_bytecode(key: str, content: bytes) -> bool:
    """Keeps a catalogue beside the bytecode, if bytecode is kept; whether that could be done."""
    if sys.dont_write_bytecode:
        return False
    with suppress(OSError, NotImplementedError):
        place = _place()
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_file(place, sealed(key, content), 0o644)  # as readable as bytecode is
        return True
    return False


def _place() -> Path:
    """Raises NotImplementedError where Python keeps no bytecode."""
    return Path(cache_from_source(checks.__path__[0] + "/rules.py")).with_suffix(".rules")


def loaded(rules: Iterable[Rule], but: tuple[type, ...] = ()) -> list[Rule]:
    """The same rules with their modules imported, for those that are going to be called often; rules with
    ``but`` listeners of some kinds may wait."""
    return [_loaded(rule, but) for rule in rules]


def module_of(rule: Rule) -> str:
    """The name of the module in which a rule is."""
    return f"{checks.__name__}.{rule.family}.{rule.name.replace('-', '_')}"


def _card(rule: Rule) -> _Card:
    listeners = tuple((_LISTENERS.index(type(item)), _fields(item)) for item in rule.listeners)
    return _Card(
        **{name: getattr(rule, name) for name in _SAME},
        roles=rule.roles,
        when=rule.when is not None,
        glance=rule.glance is not None,
        listeners=listeners,
    )


def _fields(listener: Listener) -> dict[str, Any]:
    return {name: getattr(listener, name) for name in listener.__struct_fields__ if name != "check"}


def _rule(card: _Card) -> Rule:
    bare = Rule(**{name: getattr(card, name) for name in _SAME}, roles=card.roles, listeners=())
    if not card.listeners:
        return bare
    module = module_of(bare)
    return msgspec.structs.replace(
        bare,
        listeners=tuple(
            _LISTENERS[kind](check=Later(module, number), **_tuples(fields))
            for number, (kind, fields) in enumerate(card.listeners)
        ),
        when=Later(module, "when") if card.when else None,
        glance=Later(module, "glance") if card.glance else None,
    )


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


def _loaded(rule: Rule, but: tuple[type, ...]) -> Rule:
    if not any(isinstance(item.check, Later) and not isinstance(item, but) for item in rule.listeners):
        return rule
    real: Rule = import_module(module_of(rule)).RULE
    return msgspec.structs.replace(rule, listeners=real.listeners, when=real.when, glance=real.glance)
