"""Facts of values that leave a file, for the findings across files."""

from __future__ import annotations

from typing import Any

from odoo_debt_lint.facts.base import Fact
from odoo_debt_lint.finding import Location, Span


class MarkFact(Fact, frozen=True):
    """What a rule noted in a file for its own index stage (``rule.Mark``)."""

    rule: str
    span: Span
    data: dict[str, Any]
    entity: str = ""
    flow: tuple[Location, ...] = ()


class Carried(Fact, frozen=True):
    """A value where it enters or leaves a file: its level, that of its source, whether it is a text that was
    put together, and where it may come from (``python.values.Origin``) as the text and as the choice of
    something. ``flow`` are its stations in the file. ``whole`` is ``*`` for the request's own dict, or the
    name of the parameter which is handed on as it is."""

    level: int = 0
    origin: int = 0
    built: bool = False
    via: tuple[tuple[Any, ...], ...] = ()
    chosen: tuple[tuple[Any, ...], ...] = ()
    flow: tuple[Location, ...] = ()
    whole: str = ""


class PassFact(Fact, frozen=True):
    """A call which may lead into another file, with the arguments that matter by position or name.

    ``line`` and ``number`` name it inside its file; ``kind``, ``owner`` and ``name`` are those of
    ``python.exits.target``. ``checked``: the function may look at who asks."""

    line: int
    number: int
    span: Span
    klass: str
    function: str
    kind: str
    owner: str
    name: str
    args: dict[str, Carried] = {}
    checked: bool = False


class ReturnFact(Fact, frozen=True):
    """What a function of a file returns, as far as it matters to its callers; ``lends``: records with
    superuser rights, ``selects``: the parameters which choose the record. ``parts`` are what a tuple, list
    or dict has under an index or key, where it always returns one that is written down."""

    klass: str
    function: str
    value: Carried
    lends: bool = False
    selects: tuple[str, ...] = ()
    parts: tuple[tuple[Any, Carried], ...] = ()


class FlowFacts(Fact, frozen=True):
    """Values that leave a file."""

    passes: tuple[PassFact, ...] = ()
    returns: tuple[ReturnFact, ...] = ()
