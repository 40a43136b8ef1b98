"""Follows values through one body: an abstract interpretation in statement order.

Branches are joined, loops run twice, nested functions run where they stand. Every expression's value is
noted, so that a rule asks ``body.flow.value(node)`` at the place it judges. Expressions are evaluated in
``evaluate``; what enters through parameters is found in ``callers``.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow import evaluate, nested, refine
from odoo_debt_lint.python.flow.places import constant_key, local_name, place_name
from odoo_debt_lint.python.flow.statements import COMPOUND, SIMPLE, joined
from odoo_debt_lint.python.flow.values import NO_ORIGINS, UNKNOWN, Called, Origin, Value, join, join_all

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body

MAX_STEPS = 60_000
"""Expressions evaluated for one body, helpers included, before the rest counts as unknown."""
MAX_DEPTH = 4
"""How many helpers deep a value is followed."""


class Flow:
    """The values of one body. ``stores`` are the assignments to attributes, each with the value of the
    object, ``met`` the calls in evaluation order, by the id of their node, ``left`` the environments in which
    the function at hand returns.

    Helpers of the file are run for the calls in ``following`` only. When a value is asked for in which the
    result of another one has its part, a flow that runs this one too takes over. What the callers in the file
    pass is looked up when a value that hangs on a parameter is asked for: a ``shallow`` flow then hands over
    to the ``deep`` one.
    """

    def __init__(
        self,
        body: Body,
        parameters: dict[str, Value] | None = None,
        caller: Flow | None = None,
        following: frozenset[int] = frozenset(),
        deep: bool = False,
    ) -> None:
        self.body, self.parameters, self.deep, self.shallow = body, parameters, deep, False
        self.following, self.skipped, self.pending = following, set[Origin](), False
        self.stack: tuple[int, ...] = (*(caller.stack if caller else ()), body.unit.first)
        self.budget: list[int] = caller.budget if caller else [MAX_STEPS]
        self.values: dict[int, Value] = {}
        self.met: dict[int, Called] = {}
        self.returned: list[Value] = []
        self.left: list[dict[str, Value]] = []
        self._stores: list[tuple[Any, Value]] = []
        self.local: dict[str, Any] = {}
        self.env: dict[str, Value] = {}
        self.dotted = False
        self.breaks: list[dict[str, Value]] = []
        self._running: set[str] = set()
        try:
            self._run(body.node)
        except RecursionError:
            self.budget[0] = 0
        self.pending = bool(self.skipped)

    # -- what rules ask ------------------------------------------------------------------------------

    def value(self, node: Any) -> Value:
        """The value of an expression at the place where it stands."""
        value = self.values.get(id(node), UNKNOWN)
        pending = self.waits_for(value)
        if pending:
            return self.body.helped(pending).value(node)
        return self.deepened.value(node) if self.hangs(value) else value

    def calls(self, names: Container[str] | None = None) -> list[Called]:
        """All calls, or those of these names, with the values of their arguments."""
        chosen = [called for called in self.met.values() if names is None or called.name in names]
        pending = self.waits_for(*(value for called in chosen for value in called.values))
        if pending:
            return self.body.helped(pending).calls(names)
        return [self.call(called.node) or called for called in chosen]

    def call(self, node: Any) -> Called | None:
        """One call, with the values of its arguments."""
        called = self.own_call(node)
        if called is None or not any(map(self.hangs, called.values)):
            return called
        return self.deepened.own_call(node)

    def own_call(self, node: Any) -> Called | None:
        """The same, as far as the body itself and its helpers tell."""
        called = self.met.get(id(node))
        pending = self.waits_for(*called.values) if called is not None else None
        return self.body.helped(pending).own_call(node) if pending else called

    @property
    def stores(self) -> list[tuple[Any, Value]]:
        pending = self.waits_for(*(value for _, value in self._stores))
        return self.body.helped(pending).stores if pending else self._stores

    def waits_for(self, *values: Value) -> frozenset[Origin]:
        """The calls of helpers that have a part in some values and have not been followed."""
        if not self.pending:
            return NO_ORIGINS
        pending = NO_ORIGINS.union(*(value.pending for value in values))
        return frozenset(item for item in pending if item[1] not in self.following)

    def hangs(self, value: Value) -> bool:
        """Whether a value depends on what callers pass and has been computed without them."""
        return self.shallow and bool(value.via or value.chosen)

    @property
    def helped(self) -> Flow:
        """The flow for which all helpers of the file have been run."""
        return self.body.helped(self.skipped).helped if self.pending else self

    @property
    def deepened(self) -> Flow:
        """The flow that knows what the callers in the file pass."""
        return self.body.deepened() if self.shallow else self

    def symbol(self, node: Any) -> str:
        """Dotted name of an expression, imports and aliases resolved."""
        known = self.values.get(id(node))
        if known is None:
            return evaluate.dotted(self, node)
        pending = self.waits_for(known)
        return self.body.helped(pending).symbol(node) if pending else known.symbol

    @property
    def result(self) -> Value:
        """The join of all returned values."""
        return join_all(self.returned)

    # -- statements ----------------------------------------------------------------------------------

    def _run(self, node: Any) -> None:
        if isinstance(node, cst.FunctionDef):
            from odoo_debt_lint.python.flow.callers import bind_parameters

            bind_parameters(self, node)
            for decorator in node.decorators:
                self.eval(decorator.decorator)
            self.block(node.body)
        elif isinstance(node, cst.Module | cst.BaseSuite):
            self.block(node)
        else:
            self.statement(node)

    def eval(self, node: Any) -> Value:
        """Evaluates and notes an expression."""
        self.budget[0] -= 1
        if self.budget[0] < 0:
            return UNKNOWN
        value = evaluate.expression(self, node)
        self.note(node, value)
        return value

    def note(self, node: Any, value: Value) -> None:
        """Remembers the value of an expression, joined with what it was before in a loop."""
        known = self.values.get(id(node))
        self.values[id(node)] = value if known is None else join(known, value)

    def block(self, node: Any) -> bool:
        """Runs a suite; False when no path reaches its end."""
        for statement in node.body:
            if not self.statement(statement):
                return False
        return True

    def statement(self, node: Any) -> bool:
        """Runs one statement; False when what follows it is not reached."""
        if self.budget[0] < 0:
            return True
        if type(node).__name__ in ("SimpleStatementLine", "SimpleStatementSuite"):
            falls = True
            for item in node.body:
                falls = self._small(item) and falls
            return falls
        handler = COMPOUND.get(type(node).__name__)
        return handler(self, node) if handler else True

    def _small(self, node: Any) -> bool:
        """A simple statement."""
        handler = SIMPLE.get(type(node).__name__)
        return handler is None or bool(handler(self, node))

    def assign(self, target: Any, value: Value, source: Any = None) -> None:
        """Binds a value to a name, attribute, subscript or unpacked targets."""
        if isinstance(target, cst.Name):
            if self.dotted:
                self._forget(f"{target.value}.")
            if source.__class__ is cst.Lambda:
                self.local[target.value] = source
            label = f"assigned to {target.value}"
            self.env[target.value] = value.at(self.body, source, label) if source is not None else value
        elif isinstance(target, cst.Tuple | cst.List):
            starred = False
            for index, element in enumerate(target.elements):
                starred = starred or isinstance(element, cst.StarredElement)
                self.assign(element.value, value.element if starred else value.part(index), source)
        elif isinstance(target, cst.Attribute):
            self._stores.append((target, self.eval(target.value)))
            if name := local_name(target):  # else it belongs to what a call gives
                self.env[name] = value
                self.dotted = True
        elif isinstance(target, cst.Subscript):
            self._assign_item(target, value)

    def _forget(self, start: str) -> None:
        """Drops what is known of the attributes and keys of what a name stood for so far."""
        for name in [name for name in self.env if name.startswith(start)]:
            del self.env[name]

    def _assign_item(self, target: Any, value: Value) -> None:
        base = self.eval(target.value)
        named = [self.eval(item.slice.value) for item in target.slice if isinstance(item.slice, cst.Index)]
        self.env.pop(place_name(target), None)
        key = constant_key(target)
        items = dict(base.items or {})
        merged = join(replace(base, items=None), replace(value, items=None, text=None, elevated=frozenset()))
        if base.items is not None and key is not None:
            items[key] = value
            merged = replace(join_all(items.values()), items=items, text=None)
        keys = join_all((base.keys, *named)) if base.keys is not None else None
        self.keep(target.value, replace(merged, keys=keys))

    def keep(self, place: Any, value: Value) -> None:
        """What something holds after it has been changed where it is: a variable, an attribute that was set
        here, or what one of them holds under a key."""
        if isinstance(place, cst.Name) or (self.dotted and local_name(place) in self.env):
            self.env[local_name(place)] = value
        elif isinstance(place, cst.Subscript) and self.eval(place.value).items is not None:
            self._assign_item(place, value)

    def refined(self, test: Any, truth: bool) -> dict[str, Value]:
        """What a test tells of the names in it when it came out true or false."""
        found = refine.refined(self, test, truth)
        self.dotted = self.dotted or any("." in name for name in found)
        return found

    def run_nested(
        self, node: Any, arguments: Sequence[Value] | None, named: Mapping[str, Value] | None = None
    ) -> Value:
        """Runs a nested function or lambda in the present environment and gives its result."""
        key = str(id(node))
        if key in self._running or len(self._running) > MAX_DEPTH:
            return UNKNOWN
        self._running.add(key)
        outer, kept = dict(self.env), (self.returned, self.left)
        self.returned, self.left = [], []
        nested.bind(self, node, arguments, named)
        if isinstance(node, cst.Lambda):
            result = self.eval(node.body)
        else:
            if self.block(node.body):
                self.left.append(self.env)
            result = self.result
        nested.changed(node, outer, joined(*self.left) if self.left else self.env)
        self.env, (self.returned, self.left) = outer, kept
        self._running.discard(key)
        return result


__all__ = ["MAX_DEPTH", "Called", "Flow"]
