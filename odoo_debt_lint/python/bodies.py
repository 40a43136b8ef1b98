"""The second reader: libcst over the one function or statement which a rule has to judge.

The unit's text is parsed under an ``if 1:`` line when it is indented, so columns stay as they are and
lines shift by a constant. Positions are computed once per body, and only for nodes that are reported.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.finding import Location, Span
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.walk import walk

if TYPE_CHECKING:
    from odoo_debt_lint.facts import ClassFact, MethodFact
    from odoo_debt_lint.python.flow.engine import Flow
    from odoo_debt_lint.python.flow.values import Origin, Value
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

MAX_DEPTH = 600
MAX_UNIT = 400_000
"""Bounds for the native parser, which recurses on the C stack; larger units are data, not code."""

_LONG_LINE, _LONG_UNIT = 400, 100
_FOLLOWED = 4
"""Calls of helpers which are followed one by one as they are asked for, before all are."""


def _too_deep(unit: Unit, lines: list[str]) -> bool:
    """Whether the unit's tree is deeper than the native parser can bear. Only what is long can be deep."""
    if len(lines) <= _LONG_UNIT and max(map(len, lines), default=0) <= _LONG_LINE:
        return False
    layer: list[ast.AST] = [unit.node]
    for _ in range(MAX_DEPTH):
        layer = [child for node in layer for child in ast.iter_child_nodes(node)]
        # ast keeps "a and b and c" in one flat node, the native parser nests it
        if any(isinstance(node, ast.BoolOp) and len(node.values) > MAX_DEPTH for node in layer):
            return True
        if not layer:
            return False
    return True


def _parsed(text: str) -> cst.Module:
    """The module that a text is. libcst has each node check itself, as if a person had made it: what its own
    parser makes is sound, and to check that takes a fifth of the time."""
    checked = cst.CSTNode.__post_init__
    cst.CSTNode.__post_init__ = lambda self: None  # type: ignore[method-assign]
    try:
        return cst.parse_module(text)
    finally:
        cst.CSTNode.__post_init__ = checked  # type: ignore[method-assign]


class Body:
    """A parsed unit: ``node`` is its ``FunctionDef`` or statement, ``klass`` and ``method`` its context."""

    def __init__(self, file: PythonFile, unit: Unit, module: cst.Module, node: Any, shift: int) -> None:
        self.file, self.unit, self.module, self.node, self.shift = file, unit, module, node, shift
        self.summaries: dict[Any, Value] = {}
        self._following: frozenset[int] = frozenset()
        self._deepening = False

    @classmethod
    def parse(cls, file: PythonFile, unit: Unit) -> Body | None:
        """Parse one unit; None when it is beyond the bounds or refused by libcst."""
        lines = file.text.lines[unit.first - 1 : unit.last]
        text = "\n".join(lines) + "\n"
        if len(text) > MAX_UNIT or _too_deep(unit, lines):
            return None
        first = next((line for line in lines if line.strip()), "")
        indented = first[:1] in " \t"
        try:
            module = _parsed("if 1:\n" + text if indented else text)
        except Exception:
            return None
        node: Any = module
        if indented and module.body:
            node = module.body[0].body
        if len(node.body) == 1:
            node = node.body[0]
        return cls(file, unit, module, node, unit.first - 1 - indented)

    @cached_property
    def klass(self) -> ClassFact | None:
        return self.file.klass(self.unit.klass)

    @cached_property
    def method(self) -> MethodFact | None:
        return self.file.methods.get((self.unit.klass, self.unit.name)) if self.unit.method else None

    @property
    def entity(self) -> str:
        """Name of the enclosing thing, for fingerprints: ``Class.method``."""
        return ".".join(part for part in (self.unit.klass, self.unit.name) if part)

    @cached_property
    def nodes(self) -> list[Any]:
        """All significant nodes of the unit in document order."""
        return list(walk(self.node))

    @cached_property
    def by_kind(self) -> defaultdict[type, list[Any]]:
        """The same nodes by class, each in document order."""
        found: defaultdict[type, list[Any]] = defaultdict(list)
        for node in self.nodes:
            found[node.__class__].append(node)
        return found

    @cached_property
    def uses(self) -> dict[str, list[Any]]:
        """The nodes of each name that stands in the body."""
        found: dict[str, list[Any]] = {}
        for node in self.by_kind[cst.Name]:
            found.setdefault(node.value, []).append(node)
        return found

    @cached_property
    def heads(self) -> set[int]:
        """What is called, by the ids of the nodes."""
        return {id(node.func) for node in self.by_kind[cst.Call]}

    @cached_property
    def flow(self) -> Flow:
        """Where the values in this body come from, computed when first asked for."""
        from odoo_debt_lint.python.flow.engine import Flow

        return Flow(self)

    def helped(self, origins: Iterable[Origin]) -> Flow:
        """The flow for which these helpers of the file have been run, in place of the one without them."""
        from odoo_debt_lint.python.flow.engine import Flow

        if len(self._following) > _FOLLOWED:
            origins = (*origins, *self.flow.skipped)
        wanted = self._following.union(item[1] for item in origins)
        if wanted != self.flow.following:
            self._following = wanted
            self.flow = Flow(self, following=wanted, deep=self.flow.deep)
        return self.flow

    def deepened(self) -> Flow:
        """The flow with what callers pass, which takes the place of the one without; while it is being
        computed there is only that."""
        from odoo_debt_lint.python.flow.engine import Flow

        if not self._deepening and self.flow.shallow:
            self._deepening = True
            self.flow = Flow(self, following=self._following, deep=True)
            self._deepening = False
        return self.flow

    def code(self, node: cst.CSTNode) -> str:
        """Source text of a node."""
        return self.module.code_for_node(node)

    def last_name(self, call: cst.Call) -> str:
        """The last part of what is called, imports resolved but no local aliases: a look without flow."""
        func = call.func
        if isinstance(func, cst.Attribute):
            return func.attr.value
        if isinstance(func, cst.Name):
            return self.file.names.get(func.value, func.value).rpartition(".")[2]
        return ""

    def callee(self, call: cst.Call) -> str:
        """Dotted name of what is called, imports and local aliases resolved."""
        return self.flow.symbol(call.func)

    def origin(self, call: cst.Call) -> str:
        """The same; where it begins with a parameter, what the callers in the file pass has its say."""
        return self.flow.value(call.func).symbol

    def spans(self, nodes: Iterable[Any]) -> dict[int, Span]:
        """File positions of nodes of this body, by ``id``."""
        from odoo_debt_lint.python.positions import positions

        return positions(self.module, nodes, self.shift)

    def flow_locations(self, value: Value) -> tuple[Location, ...]:
        """The stations of a value as locations, for the trace of a finding."""
        spans: dict[int, Span] = {}
        bodies = {id(step.body): step.body for step in value.steps}
        for key, body in bodies.items():
            spans.update(body.spans(step.node for step in value.steps if id(step.body) == key))
        return tuple(
            Location(step.body.file.path, spans[id(step.node)], step.label)
            for step in value.steps
            if id(step.node) in spans
        )
