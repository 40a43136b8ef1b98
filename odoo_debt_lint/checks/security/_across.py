"""What reaches a place from other files of the addon set.

A rule that sees a value which comes in through a parameter, or as the result of a function of another file,
yields a mark with the value's origins (``sink``). Here all calls that hand something on (``PassFact``) are
joined to one graph (``_graph``), which is asked what arrives there, and who sent it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._callees import Callees
from odoo_debt_lint.checks.security._graph import Across, Arrival, Node
from odoo_debt_lint.facts import MarkFact, ReturnFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Index, Scope
from odoo_debt_lint.python.flow.values import Level, Value
from odoo_debt_lint.rule import Confidence, Hit, Hits, Mark, OnAddon, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body

__all__ = ["Arrival", "across", "arriving", "arriving_request", "noted", "requested", "sink"]


def sink(body: Body, value: Value) -> dict[str, Any] | None:
    """The data of a mark for a value that may come from elsewhere; None when it cannot."""
    if not value.via and not value.chosen:
        return None
    from odoo_debt_lint.python.across.exits import carried

    known = carried(body, value, steps=False)
    return {
        "level": known.level,
        "origin": known.origin,
        "built": known.built,
        "via": known.via,
        "chosen": known.chosen,
    }


def across(index: Index) -> Across:
    """The graph of the run, made once."""
    return index.once("across", lambda: _joined(index))


def _joined(index: Index) -> Across:
    graph = Across()
    for series in sorted({addon.series for addon in index.all}):
        _fill(graph, index, series)
    graph.settle()
    return graph


def _fill(graph: Across, index: Index, series: str) -> None:
    files = [
        (result.path, result.flows)
        for addon in index.all
        if addon.series == series
        for result in addon.files
        if result.flows is not None
    ]
    if not files:
        return
    returns: dict[Node, ReturnFact] = {
        (path, item.klass, item.function): item for path, flows in files for item in flows.returns
    }
    callees = Callees(index, series)
    for path, flows in files:
        graph.fill(path, flows, callees, returns)


def arrivals(scope: Scope, rule: str) -> Iterator[tuple[str, MarkFact, Arrival]]:
    """The marks of a rule at which something worse arrives than their own file knows, with what arrives."""
    graph: Across | None = None
    for path, mark in scope.marks(rule):
        if "via" not in mark.data:
            continue
        graph = graph or across(scope.index)
        found = graph.arrival(path, mark.data)
        risen = found.level > mark.data["level"] or found.origin > mark.data["origin"]
        if risen or (found.built and not mark.data["built"]):
            yield path, mark, found


Judged = tuple[str, Severity | None, Confidence | None]


def arriving(rule: str, judge: Callable[[Arrival], Judged | None]) -> OnAddon:
    """A listener that reports what arrives at the rule's marks; ``judge`` gives message, severity and
    confidence, or None where it is harmless."""

    def check(scope: Scope) -> Hits:
        for path, mark, found in arrivals(scope, rule):
            changed = found.level > mark.data["level"] or found.built != mark.data["built"]
            judged = judge(found) if changed else None
            if judged is not None:
                message, severity, confidence = judged
                where, flow = Location(path, mark.span), (*found.flow, *mark.flow)
                yield Hit(where, message, severity, confidence, flow=flow, entity=mark.entity)

    return OnAddon(check)


def noted(body: Body, where: Any, value: Value) -> Iterator[Mark]:
    """A mark for a value that may come from elsewhere."""
    data = sink(body, value)
    if data is not None:
        yield Mark(where, data, flow=lambda: body.flow_locations(value))


def requested(body: Body, where: Any, value: Value, message: str) -> Iterator[Hit | Mark]:
    """A hit for a request value, a mark for one that may be passed by another file."""
    if value.level is Level.USER:
        yield Hit(where, message, flow=lambda: body.flow_locations(value))
    else:
        yield from noted(body, where, value)


def arriving_request(rule: str, message: str) -> OnAddon:
    """A listener that reports where request values arrive."""
    return arriving(rule, lambda found: (message, None, None) if found.level is Level.USER else None)
