"""Calls by which values leave a file: functions and methods that may stand in another one.

A worker sees one file only. What it cannot follow it writes down: which call is given what, and what a
function returns. ``checks.security._across`` joins these facts over all addons of the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.facts import Carried, FlowFacts, MarkFact, PassFact
from odoo_debt_lint.python.flow.knowledge import FRAMEWORK_CALLS, PROJECT, RECORD_CALLS
from odoo_debt_lint.python.flow.values import Called, Level, Origin, Value

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile


def origin(body: Body, called: Called) -> Origin:
    """How the result of a call is named in ``Value.via``."""
    return ("call", body.unit.first, id(called.node))


def target(body: Body, called: Called) -> tuple[str, str, str] | None:
    """Who may be called: kind, owner and name. None for what Python and Odoo bring along.

    ``function`` has a dotted module as its owner, ``class`` a class of this file whose parents are asked,
    ``super`` the same without the class itself, ``model`` a model, and ``path`` a chain of fields
    (``sale.order:partner_id``).
    """
    receiver, name = called.receiver, called.name
    if called.symbol.startswith(PROJECT):
        owner, _, last = called.symbol.rpartition(".")
        return ("function", owner, last) if owner.strip(".") else ("function", owner + ".", last)
    if receiver is None or name in FRAMEWORK_CALLS or not name or name.startswith("__"):
        return None
    klass = body.klass
    if receiver.symbol == "super()":
        return ("super", body.unit.klass, name) if klass is not None else None
    if receiver.model:
        return ("model", receiver.model, name)
    chain = _chain(receiver)
    if chain is None or klass is None:
        return None
    if klass.is_model:
        return ("path", f"{klass.model}:{'.'.join(chain)}", name) if chain else ("model", klass.model, name)
    return ("class", body.unit.klass, name) if not chain else None


def _chain(receiver: Value) -> list[str] | None:
    """The fields between ``self`` and a recordset; None when it does not begin there."""
    parts = receiver.symbol.replace("[]", "").split(".")
    if parts[0] not in ("self", "cls"):
        return None
    fields = [part for part in parts[1:] if not (part.endswith("()") and part[:-2] in RECORD_CALLS)]
    return fields if all(part.isidentifier() for part in fields) and "env" not in fields else None


def carried(body: Body, value: Value, steps: bool = True) -> Carried:
    """A value as other files may learn of it."""
    return Carried(
        level=int(value.level),
        origin=int(value.source),
        built=value.built,
        via=_encoded(body, value.via),
        chosen=_encoded(body, value.chosen),
        flow=body.flow_locations(value) if steps and value.steps else (),
    )


def _encoded(body: Body, origins: frozenset[Origin]) -> tuple[tuple[Any, ...], ...]:
    """Origins without ids of nodes: a call is named by its number in the order of evaluation."""
    found: list[tuple[Any, ...]] = []
    for item in origins:
        if item[0] != "call":
            found.append(item)
            continue
        owner = body.file.body_at(item[1])
        if owner is not None and item[2] in owner.flow.met:
            found.append(("call", item[1], list(owner.flow.met).index(item[2]), *item[3:]))
    return tuple(sorted(found, key=repr))


def facts(file: PythonFile, marks: Iterable[MarkFact]) -> FlowFacts | None:
    """What leaves a file through calls and returned values, and the calls on whose results marks depend."""
    from odoo_debt_lint.python.across.passing import passing

    marks = list(marks)
    inside = (root for mark in marks if mark.data.get("unfollowed") for root in mark.data.get("via", ()))
    passes, returns = passing(file, frozenset((root[1], root[2]) for root in inside))
    wanted: dict[int, set[int]] = {}
    for mark in marks:
        for root in (*mark.data.get("via", ()), *mark.data.get("chosen", ())):
            if root[0] == "call":
                wanted.setdefault(root[1], set()).add(root[2])
    for first, numbers in sorted(wanted.items()):
        body = file.body_at(first)
        if body is not None:
            passes.extend(_asked(body, numbers))
    return FlowFacts(tuple(passes), tuple(returns)) if passes or returns else None


def _asked(body: Body, numbers: set[int]) -> Iterator[PassFact]:
    """Calls of a body by their number."""
    unit, calls = body.unit, list(body.flow.met.values())
    chosen = [(number, body.flow.own_call(calls[number].node) or calls[number]) for number in sorted(numbers)]
    spans = body.spans(called.node for _, called in chosen)
    for number, called in chosen:
        given = {str(index): value for index, value in enumerate(called.args)} | called.kwargs
        args = {name: carried(body, value) for name, value in given.items() if _matters(value)}
        whom = target(body, called)
        if whom is not None:
            yield PassFact(unit.first, number, spans[id(called.node)], unit.klass, unit.name, *whom, args)


def _matters(value: Value) -> bool:
    """Whether a function that is given the value must know."""
    if value.source >= Level.ARGUMENT or value.via or value.chosen:
        return True
    return value.built and value.level > Level.NUMBER
