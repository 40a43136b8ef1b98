"""The graph of values that files hand to one another; ``_across`` asks it.

Its nodes are parameters and results of calls. Levels are carried along its edges until nothing rises any
more: they only rise, and after some calls a value is not followed, so recursion ends.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from odoo_debt_lint.checks.security._callees import Callee, Callees
from odoo_debt_lint.facts import Carried, FlowFacts, PassFact, ReturnFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.python.across.handing import REQUEST
from odoo_debt_lint.python.flow.values import Level

_MAX_CALLS = 6
"""How many calls a value is followed through."""
_MAX_STEPS = 10
_RESULT = 4
"""Length of the node of a call's whole result; those of its parts have a key."""
Node = tuple[Any, ...]
Place = tuple[str, str, str]
"""Path, class and name of a function."""


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

    target: Node
    place: Location
    text: bool
    built: bool
    sent: bool


class _Given(NamedTuple):
    caller: Place
    value: Carried
    place: Location


class Sender(NamedTuple):
    """A function that hands on what it got with a request, and the calls on the way."""

    place: Place
    flow: tuple[Location, ...]


@dataclass
class Across:
    """The graph of one run; its nodes are parameters and results of calls."""

    state: dict[Node, Arrival] = field(default_factory=dict)
    edges: dict[Node, list[_Edge]] = field(default_factory=dict)
    reached: dict[Place, list[Place]] = field(default_factory=dict)
    """Functions by the functions that call them."""
    given: dict[Node, list[_Given]] = field(default_factory=dict)
    """What is handed to a parameter, by whom and where."""
    checked: set[Place] = field(default_factory=set)
    """Functions which may look at who asks."""
    lending: set[Node] = field(default_factory=set)
    """Results of calls which have superuser rights."""
    chosen: set[Node] = field(default_factory=set)
    """Results of calls which are records that a request has chosen."""
    parts: set[Node] = field(default_factory=set)
    """Parts of results that are known by themselves."""

    def fill(self, path: str, flows: FlowFacts, callees: Callees, returns: dict[Node, ReturnFact]) -> None:
        for call in flows.passes:
            caller = (path, call.klass, call.function)
            if call.checked:
                self.checked.add(caller)
            called = list(callees.of(path, call))
            keys = self._keys(path, call, called, returns)
            for callee in called:
                function = (callee.path, callee.klass, callee.method.name)
                self.reached.setdefault(function, []).append(caller)
                place = Location(path, call.span, f"passed to {call.name}()")
                given = dict(_bound(call, callee))
                for name, value in given.items():
                    self._hand_on(caller, value, ("parameter", *function, name), place)
                if call.number >= 0 and function in returns:
                    self._note_result(("call", path, call.line, call.number), returns[function], given)
                    self._give_back(path, call, callee, returns[function].value, given)
                    parts = dict(returns[function].parts)
                    for key in keys:
                        self._give_back(
                            path, call, callee, parts.get(key, returns[function].value), given, key
                        )

    def _note_result(self, node: Node, known: ReturnFact, given: dict[str, Carried]) -> None:
        if known.lends:
            self.lending.add(node)
        if any(given[name].origin >= Level.USER for name in known.selects if name in given):
            self.chosen.add(node)

    def _hand_on(self, caller: Place, value: Carried, target: Node, place: Location) -> None:
        path = caller[0]
        self.given.setdefault(target, []).append(_Given(caller, value, place))
        self.raise_to(target, _arrived(value, (*value.flow, place)))
        for roots, text in ((value.via, True), (value.chosen, False)):
            for root in roots:
                edge = _Edge(target, place, text, value.built, root[0] == "attribute")
                self.edges.setdefault(_node(path, root), []).append(edge)

    def _keys(
        self, path: str, call: PassFact, called: list[Callee], returns: dict[Node, ReturnFact]
    ) -> dict[Any, None]:
        """The parts of a result of which some function that may be called tells what they are."""
        if call.number < 0:
            return {}
        found = (returns.get((item.path, item.klass, item.method.name)) for item in called)
        keys = {key: None for fact in found if fact is not None for key, _ in fact.parts}
        self.parts.update(("call", path, call.line, call.number, key) for key in keys)
        return keys

    def _give_back(
        self,
        path: str,
        call: PassFact,
        callee: Callee,
        value: Carried,
        given: dict[str, Carried],
        *key: Any,
    ) -> None:
        """The result of a call, or its part under a key: what the function says by itself, and what it was
        given here."""
        target = ("call", path, call.line, call.number, *key)
        place = Location(path, call.span, f"returned by {call.name}()")
        self.given.setdefault(target, []).append(
            _Given((callee.path, callee.klass, callee.method.name), value, place)
        )
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

    def _known(self, node: Node) -> Node:
        """A node, or the whole result for a part of which nothing more is known."""
        part = node[0] == "call" and len(node) > _RESULT
        return node[:_RESULT] if part and node not in self.parts else node

    def raise_to(self, node: Node, other: Arrival) -> bool:
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
        for node in [node for node in self.edges if self._known(node) != node]:
            self.edges.setdefault(self._known(node), []).extend(self.edges.pop(node))
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

    def callers(self, path: str, klass: str, name: str, unchecked: bool = False) -> list[Place]:
        """The functions of all files that lead to one; ``unchecked``: and do not look at who asks."""
        found: dict[Place, None] = {}
        layer = [(path, klass, name)]
        for _ in range(_MAX_CALLS):
            layer = [caller for item in layer for caller in self.reached.get(item, ()) if caller not in found]
            if unchecked:
                layer = [caller for caller in layer if caller not in self.checked]
            found.update(dict.fromkeys(layer))
        return list(found)

    def senders(self, path: str, roots: Iterable[Node], whole: bool = False) -> Iterator[Sender]:
        """The functions which hand a part of their request to a parameter, through others or not: with
        ``whole`` the request's own dict, else what they have not checked before."""
        layer: list[tuple[Node, tuple[Location, ...]]] = [
            (self._known(_node(path, root)), ()) for root in roots
        ]
        seen = {node for node, _ in layer}
        for _ in range(_MAX_CALLS):
            following: list[tuple[Node, tuple[Location, ...]]] = []
            for node, flow in layer:
                for caller, value, place in self.given.get(node, ()):
                    if caller in self.checked and not whole:
                        continue
                    steps = (*value.flow, place, *flow)[:_MAX_STEPS]
                    if value.whole == REQUEST if whole else value.origin >= Level.USER:
                        yield Sender(caller, steps)
                    for root in map(self._known, _origins(caller, value, whole)):
                        if root not in seen:
                            seen.add(root)
                            following.append((root, steps))
            layer = following

    def arrival(self, path: str, data: dict[str, Any]) -> Arrival:
        """What reaches a mark, its own value included."""
        own = Arrival(Level(data["level"]), Level(data["origin"]), bool(data["built"]))
        for root in data["via"]:
            known = self.state.get(self._known(_node(path, root)), NOTHING)
            if known.built and not own.built and own.level <= Level.UNKNOWN:
                # a parameter as such: what was put together elsewhere is as bad as what it is made of
                own = own._replace(level=Level.CONST)
            if root[0] != "attribute" or known.level >= Level.USER:
                own = _joined(own, known)
        for root in data["chosen"]:
            known = self.state.get(self._known(_node(path, root)), NOTHING)
            own = _joined(own, known._replace(level=Level.CONST, built=False))
        return own


def _origins(caller: Place, value: Carried, whole: bool) -> list[Node]:
    """The parameters from which a value comes that a function hands on."""
    if whole:
        own = value.whole and value.whole != REQUEST
        return [("parameter", *caller, value.whole)] if own else []
    return [_node(caller[0], root) for root in (*value.via, *value.chosen)]


def _node(path: str, root: tuple[Any, ...]) -> Node:
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
