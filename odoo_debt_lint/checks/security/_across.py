"""What reaches a place from other files of the addon set.

A rule that sees a value which comes in through a parameter, or as the result of a function of another file,
yields a mark with the value's origins (``sink``). Here all calls that hand something on (``PassFact``) are
joined to one graph, and levels are carried through it until nothing rises any more: levels only rise, and
after some calls a value is not followed, so recursion ends.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from odoo_debt_lint.checks.security._callees import Callee, Callees
from odoo_debt_lint.facts import Carried, FlowFacts, MarkFact, PassFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Index, Scope
from odoo_debt_lint.python.values import Level, Value
from odoo_debt_lint.rule import Confidence, Hit, Hits, Mark, OnAddon, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body

_MAX_CALLS = 6
"""How many calls a value is followed through."""
_MAX_STEPS = 10
_Node = tuple[Any, ...]
_Place = tuple[str, str, str]
"""Path, class and name of a function."""


def sink(body: Body, value: Value) -> dict[str, Any] | None:
    """The data of a mark for a value that may come from elsewhere; None when it cannot."""
    if not value.via and not value.chosen:
        return None
    from odoo_debt_lint.python.exits import carried

    known = carried(body, value, steps=False)
    return {
        "level": known.level,
        "origin": known.origin,
        "built": known.built,
        "via": known.via,
        "chosen": known.chosen,
    }


class Arrival(NamedTuple):
    """What a value is at worst when all files are known; ``flow`` are its stations in the others."""

    level: Level = Level.CONST
    origin: Level = Level.CONST
    built: bool = False
    flow: tuple[Location, ...] = ()
    calls: int = 0


NOTHING = Arrival()


class _Edge(NamedTuple):
    """A call that hands a value of one node on to another; ``text``: as it is, else as a choice only;
    ``sent``: only what comes with a request has it (an attribute)."""

    target: _Node
    place: Location
    text: bool
    built: bool
    sent: bool


@dataclass
class Across:
    """The graph of one run; its nodes are parameters and results of calls."""

    state: dict[_Node, Arrival] = field(default_factory=dict)
    edges: dict[_Node, list[_Edge]] = field(default_factory=dict)
    reached: dict[_Place, list[_Place]] = field(default_factory=dict)
    """Functions by the functions that call them."""

    def fill(self, path: str, flows: FlowFacts, callees: Callees, returns: dict[_Node, Carried]) -> None:
        for call in flows.passes:
            for callee in callees.of(path, call):
                function = (callee.path, callee.klass, callee.method.name)
                self.reached.setdefault(function, []).append((path, call.klass, call.function))
                place = Location(path, call.span, f"passed to {call.name}()")
                given = dict(_bound(call, callee))
                for name, value in given.items():
                    self._hand_on(path, value, ("parameter", *function, name), place)
                if call.number >= 0 and function in returns:
                    self._give_back(path, call, callee, returns[function], given)

    def _hand_on(self, path: str, value: Carried, target: _Node, place: Location) -> None:
        self.raise_to(target, _arrived(value, (*value.flow, place)))
        for roots, text in ((value.via, True), (value.chosen, False)):
            for root in roots:
                edge = _Edge(target, place, text, value.built, root[0] == "attribute")
                self.edges.setdefault(_node(path, root), []).append(edge)

    def _give_back(
        self, path: str, call: PassFact, callee: Callee, value: Carried, given: dict[str, Carried]
    ) -> None:
        """The result of a call: what the function says by itself, and what it was given here."""
        target = ("call", path, call.line, call.number)
        place = Location(path, call.span, f"returned by {call.name}()")
        own = value if not value.via else Carried(0, 0, value.built, flow=value.flow)
        self.raise_to(target, _arrived(own, (*value.flow, place)))
        for root in value.via:
            passed = given.get(root[3]) if root[0] != "call" else None
            if passed is not None:
                level = max(passed.level, int(Level.UNKNOWN)) if value.built else passed.level
                built = passed.built or value.built
                self.raise_to(
                    target, _arrived(passed, (*passed.flow, place))._replace(level=Level(level), built=built)
                )
                for origin in passed.via:
                    edge = _Edge(target, place, True, built, origin[0] == "attribute")
                    self.edges.setdefault(_node(path, origin), []).append(edge)

    def raise_to(self, node: _Node, other: Arrival) -> bool:
        """Joins what is known of a node with something new; tells whether it has risen."""
        known = self.state.get(node, NOTHING)
        level, origin = max(known.level, other.level), max(known.origin, other.origin)
        built = known.built or other.built
        if (level, origin, built) == known[:3]:
            return False
        worse = other if (other.level, other.origin) > (known.level, known.origin) else known
        self.state[node] = Arrival(level, origin, built, worse.flow or other.flow, worse.calls)
        return True

    def settle(self) -> None:
        """Carries levels along the edges until nothing rises."""
        open_nodes = deque(self.state)
        while open_nodes:
            node = open_nodes.popleft()
            known = self.state[node]
            if known.calls >= _MAX_CALLS:
                continue
            for edge in self.edges.get(node, ()):
                if edge.sent and known.level < Level.USER:
                    continue
                flow = (*known.flow, edge.place)[-_MAX_STEPS:]
                level = known.level if edge.text else min(known.level, Level.NUMBER)
                built = edge.text and (known.built or edge.built)
                if self.raise_to(edge.target, Arrival(level, known.origin, built, flow, known.calls + 1)):
                    open_nodes.append(edge.target)

    def callers(self, path: str, klass: str, name: str) -> list[_Place]:
        """The functions of all files that lead to one."""
        found: dict[_Place, None] = {}
        layer = [(path, klass, name)]
        for _ in range(_MAX_CALLS):
            layer = [caller for item in layer for caller in self.reached.get(item, ()) if caller not in found]
            found.update(dict.fromkeys(layer))
        return list(found)

    def arrival(self, path: str, data: dict[str, Any]) -> Arrival:
        """What reaches a mark, its own value included."""
        own = Arrival(Level(data["level"]), Level(data["origin"]), bool(data["built"]))
        for root in data["via"]:
            known = self.state.get(_node(path, root), NOTHING)
            if root[0] != "attribute" or known.level >= Level.USER:
                own = _joined(own, known)
        for root in data["chosen"]:
            known = self.state.get(_node(path, root), NOTHING)
            own = _joined(own, known._replace(level=Level.CONST, built=False))
        return own


def across(index: Index) -> Across:
    """The graph of the run, made once."""
    known = index.shared.get("across")
    if known is None:
        known = index.shared["across"] = Across()
        for series in sorted({addon.series for addon in index.all}):
            _fill(known, index, series)
        known.settle()
    assert isinstance(known, Across)
    return known


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
    returns: dict[_Node, Carried] = {}
    for path, flows in files:
        for item in flows.returns:
            returns[(path, item.klass, item.function)] = item.value
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


def _node(path: str, root: tuple[Any, ...]) -> _Node:
    return ("parameter" if root[0] == "attribute" else root[0], path, *root[1:])


def _arrived(value: Carried, flow: tuple[Location, ...]) -> Arrival:
    return Arrival(Level(value.level), Level(value.origin), value.built, flow[-_MAX_STEPS:], 1)


def _joined(one: Arrival, other: Arrival) -> Arrival:
    worse = other if (other.level, other.origin) > (one.level, one.origin) else one
    return Arrival(
        max(one.level, other.level), max(one.origin, other.origin), one.built or other.built, worse.flow
    )


def _bound(call: PassFact, callee: Callee) -> Iterator[tuple[str, Carried]]:
    """The parameters of a function and what a call gives them."""
    params = [item for item in callee.method.params if item.name not in ("self", "cls")]
    plain = [item.name for item in params if item.kind in ("p", "k")]
    spread = {item.kind: item.name for item in params if item.kind in ("*", "**")}
    for key, value in call.args.items():
        if key.isdigit():
            names = plain[int(key) : int(key) + 1] or [spread.get("*", "")]
        elif key in ("*", "**"):
            names = [name for name in plain if name not in call.args] + [spread.get(key, "")]
        else:
            names = [key if key in plain else spread.get("**", "")]
        yield from ((name, value) for name in names if name)
