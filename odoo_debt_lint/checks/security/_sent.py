"""Requests that reach a place through handlers of other files, and rights which other files lend.

The routes of a mark's own file are found with it (``_reach``); those of other files only when all are known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._across import across, sink
from odoo_debt_lint.checks.security._graph import Across, Place, Sender
from odoo_debt_lint.checks.security._reach import called_from_elsewhere
from odoo_debt_lint.checks.security._web import route_of
from odoo_debt_lint.facts import MarkFact, RouteFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.python.flow.values import Level, Value
from odoo_debt_lint.rule import Mark

if TYPE_CHECKING:
    from odoo_debt_lint.index import Index, Scope
    from odoo_debt_lint.python.bodies import Body


def away_mark(body: Body, where: Any, value: Value, **data: Any) -> Mark | None:
    """A mark for a value that handlers of other files may send; None when none can."""
    if value.source >= Level.USER:
        functions = called_from_elsewhere(body)
        known: dict[str, Any] | None = {"functions": functions} if functions else None
    else:
        known = sink(body, value)
    if known is None:
        return None
    return Mark(where, {"away": True, **known, **data}, flow=lambda: body.flow_locations(value))


def sent_marks(
    scope: Scope, rule: str, whole: bool = False
) -> Iterator[tuple[str, MarkFact, list[RouteFact], tuple[Location, ...]]]:
    """The marks which handlers of other files reach, with their routes and the way from there; ``whole`` asks
    for the request's own dict, else what is checked on the way does not count."""
    for path, mark in scope.marks(rule):
        if not mark.data.get("away"):
            continue
        graph = across(scope.index)
        routes: list[RouteFact] = []
        flow: tuple[Location, ...] = ()
        for sender in _senders(graph, path, mark, whole):
            found = _routes(scope.index, graph, sender.place, whole)
            routes, flow = routes + found, flow or (sender.flow if found else ())
        if routes:
            yield path, mark, routes, flow


def is_confirmed(scope: Scope, path: str, mark: MarkFact) -> bool:
    """Whether functions of other files do what a mark takes them to do: lend superuser rights (``rights``),
    or give the record which the request has named (``picked``)."""
    for key in ("rights", "picked"):
        roots = mark.data.get(key)
        if roots is not None:
            graph = across(scope.index)
            known = graph.lending if key == "rights" else graph.chosen
            return any(("call", path, *root[1:3]) in known for root in roots)
    return True


def _senders(graph: Across, path: str, mark: MarkFact, whole: bool) -> Iterator[Sender]:
    for klass, name in mark.data.get("functions", ()):
        yield from (Sender(place, ()) for place in graph.callers(path, klass, name, unchecked=not whole))
    roots = [tuple(root) for root in (*mark.data.get("via", ()), *mark.data.get("chosen", ()))]
    yield from graph.senders(path, roots, whole)


def _routes(index: Index, graph: Across, place: Place, whole: bool) -> list[RouteFact]:
    """The route of a function, else those that lead to it."""
    route = _route_at(index, place)
    if route is not None:
        return [route]
    callers = graph.callers(*place, unchecked=not whole)
    return [found for caller in callers if (found := _route_at(index, caller)) is not None]


def _route_at(index: Index, place: Place) -> RouteFact | None:
    owners = index.once(
        "addons by path", lambda: {item.path: addon for addon in index.all for item in addon.files}
    )
    owner = owners.get(place[0])
    return route_of(index.scope(owner), *place) if owner is not None else None
