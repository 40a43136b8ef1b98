"""What a method does with ``super()``: which calls, what becomes of their result, which paths skip them.

Paths are followed over ``ast`` statements with one bit of state: has super() been called yet.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from odoo_debt_lint.facts import SuperFact
from odoo_debt_lint.finding import Span

if TYPE_CHECKING:
    from odoo_debt_lint.python.skeleton import Skeleton

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass
class Outcome:
    """Result for ``facts.MethodFact``; the fields have the meaning given there."""

    supers: tuple[SuperFact, ...] = ()
    body: str = "code"
    returns: bool = False
    skips: Span | None = None


def own_nodes(root: ast.AST) -> Iterator[ast.AST]:
    """All nodes below ``root`` which belong to its own scope, nested functions left out."""
    stack = list(ast.iter_child_nodes(root))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _SCOPES):
            stack.extend(ast.iter_child_nodes(node))


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements of a body and its nested blocks, nested functions and classes left out."""
    for node in body:
        yield node
        if isinstance(node, _SCOPES):
            continue
        for name in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(node, name, []))
        for handler in [*getattr(node, "handlers", []), *getattr(node, "cases", [])]:
            yield from _statements(handler.body)


def _significant(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """The body without its docstring, ``pass`` and ``...``."""
    return [
        item
        for item in node.body
        if not isinstance(item, ast.Pass)
        and not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))
    ]


def _body_kind(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    body = _significant(node)
    if not body:
        return "pass"
    last = body[-1]
    if isinstance(last, ast.Raise):
        if len(body) == 1:
            return "raise"
        inner = list(_statements(body))
        return "code" if any(isinstance(item, ast.Return) for item in inner) else "raises"
    if len(body) == 1 and isinstance(last, ast.Return) and _is_trivial(last.value):
        return "return"
    return "code"


def _is_trivial(value: ast.expr | None) -> bool:
    """A constant, an empty container, or the untouched ``self``."""
    if value is None or isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.List | ast.Tuple | ast.Set):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    return isinstance(value, ast.Name) and value.id == "self"


def _returns(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(item, ast.Return)
        and item.value is not None
        and not (isinstance(item.value, ast.Constant) and item.value.value is None)
        for item in _statements(node.body)
    )


def without_super(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Outcome:
    """The outcome of a method in which the name ``super`` is never called."""
    return Outcome(body=_body_kind(node), returns=_returns(node))


def outcome(skeleton: Skeleton, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Outcome:
    """The outcome of a method that calls ``super``."""
    calls = _Calls(skeleton, node)
    paths = _Paths(calls.nodes)
    falls = paths.block(node.body, {False})
    skip = next((place for place, called in paths.returns if not called), None)
    skips = skeleton.span(skip) if skip is not None else None
    if skips is None and False in falls:
        skips = skeleton.span(node.body[-1])
    return Outcome(tuple(calls.facts), _body_kind(node), _returns(node), skips)


def _is_super(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


@dataclass
class _Calls:
    """Finds every call of a parent method, through ``super()``, an alias of it, or getattr."""

    skeleton: Skeleton
    function: ast.FunctionDef | ast.AsyncFunctionDef
    facts: list[SuperFact] = field(default_factory=list)
    nodes: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.aliases: set[str] = set()
        self.bound: dict[str, str] = {}
        every = list(ast.walk(self.function))
        own = {id(item) for item in own_nodes(self.function)}
        for node in every:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                self._alias(node.targets[0], node.value)
        parents = {id(child): node for node in every for child in ast.iter_child_nodes(node)}
        for node in every:
            name = self._parent_method(node, parents)
            if name:
                assert isinstance(node, ast.expr)
                nested = id(node) not in own
                use = "used" if nested else self._use(node, parents)
                self.facts.append(SuperFact(name, self.skeleton.span(node), use, nested))
                self.nodes.add(id(node))
        self.facts.sort(key=lambda fact: fact.span)

    def _alias(self, target: ast.expr, value: ast.expr) -> None:
        if not isinstance(target, ast.Name):
            return
        if _is_super(value):
            self.aliases.add(target.id)
        elif isinstance(value, ast.Attribute) and self._is_proxy(value.value):
            self.bound[target.id] = value.attr

    def _is_proxy(self, node: ast.AST) -> bool:
        return _is_super(node) or (isinstance(node, ast.Name) and node.id in self.aliases)

    def _parent_method(self, node: ast.AST, parents: dict[int, ast.AST]) -> str:
        """Name of the parent method which the node calls, or hands on without calling it."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in self.bound:
                return self.bound[node.func.id]
            if node.func.id == "getattr" and len(node.args) > 1 and self._is_proxy(node.args[0]):
                name = node.args[1]
                return str(name.value) if isinstance(name, ast.Constant) else "*"
        if isinstance(node, ast.Attribute) and self._is_proxy(node.value):
            parent = parents.get(id(node))
            if isinstance(parent, ast.Call) and parent.func is node:
                return ""
            if isinstance(parent, ast.Assign) and parent.value is node:
                return ""
            return node.attr
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and self._is_proxy(node.func.value)
        ):
            return node.func.attr
        return ""

    def _use(self, node: ast.expr, parents: dict[int, ast.AST]) -> str:
        parent = parents.get(id(node))
        while isinstance(parent, ast.Await | ast.Starred):
            parent = parents.get(id(parent))
        if isinstance(parent, ast.Return):
            return "returned"
        if isinstance(parent, ast.Expr):
            return "dropped"
        if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
            target = parent.targets[0]
            if isinstance(target, ast.Name):
                return "bound" if self._is_read(target.id, parent) else "dropped"
        return "used"

    def _is_read(self, name: str, assignment: ast.Assign) -> bool:
        return any(
            isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Load)
            for item in ast.walk(self.function)
        )


class _Paths:
    """Follows the statements of a function with the set of possible states {super called, not called}."""

    def __init__(self, calls: set[int]) -> None:
        self.calls = calls
        self.returns: list[tuple[ast.Return, bool]] = []
        self.broken: list[set[bool]] = []

    def _calls(self, node: ast.AST) -> bool:
        return any(id(item) in self.calls for item in ast.walk(node))

    def block(self, body: list[ast.stmt], state: set[bool]) -> set[bool]:
        """States in which the block is left at its end; empty when no path reaches it."""
        for node in body:
            if not state:
                return state
            state = self._statement(node, state)
        return state

    def _statement(self, node: ast.stmt, state: set[bool]) -> set[bool]:
        if isinstance(node, ast.If):
            state = {True} if self._calls(node.test) else state
            return self.block(node.body, state) | self.block(node.orelse, state)
        if isinstance(node, ast.For | ast.AsyncFor | ast.While):
            return self._loop(node, state)
        if isinstance(node, ast.Try):
            return self._try(node, state)
        if isinstance(node, ast.With | ast.AsyncWith):
            state = {True} if any(self._calls(item) for item in node.items) else state
            return self.block(node.body, state)
        if isinstance(node, ast.Match):
            ends = [self.block(case.body, state) for case in node.cases]
            return state.union(*ends)
        if self._calls(node):
            state = {True}
        if isinstance(node, ast.Return):
            self.returns.extend((node, called) for called in state)
            return set()
        if isinstance(node, ast.Break | ast.Continue):
            if self.broken:
                self.broken[-1] |= state
            return set()
        return set() if isinstance(node, ast.Raise) else state

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, state: set[bool]) -> set[bool]:
        self.broken.append(set())
        end = self.block(node.body, state)
        # a loop over records that calls super() in its body counts as having called it
        if True in end and not self.broken[-1]:
            self.broken.pop()
            return end | self.block(node.orelse, end) if node.orelse else end
        after = state | end | self.broken.pop()
        return self.block(node.orelse, after) if node.orelse else after

    def _try(self, node: ast.Try, state: set[bool]) -> set[bool]:
        body = self.block(node.body, state)
        end = self.block(node.orelse, body) if node.orelse else body
        for handler in node.handlers:
            end = end | self.block(handler.body, state | body)
        if not node.finalbody:
            return end
        final = self.block(node.finalbody, end or state)
        return final if end else set()
