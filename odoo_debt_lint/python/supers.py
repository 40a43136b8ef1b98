"""What a method does with ``super()``: which calls, what becomes of their result, which paths skip them.

One walk over the ``ast`` of a method. Statements are followed in order with one bit of state: has super()
been called yet. What their expressions read and set is noted on the way, and tells in the end whether a
result of the parent reaches a ``return``.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.facts import SuperFact
from odoo_debt_lint.finding import Span
from odoo_debt_lint.python.results import (
    SCOPES,
    TRY,
    Function,
    body_kind,
    calls_again,
    given,
    guard,
    is_receiver,
    is_super,
    missed,
    result,
    returned,
    roots,
)

if TYPE_CHECKING:
    from odoo_debt_lint.python.expressions import Expressions

_NESTED = (*SCOPES, ast.Lambda)
_OUT = (ast.Return, ast.Assert, *SCOPES)
_LEAVES = (ast.Constant, ast.expr_context, ast.operator, ast.cmpop)


@dataclass
class Outcome:
    """Result for ``facts.MethodFact``; the fields have the meaning given there."""

    supers: tuple[SuperFact, ...] = ()
    body: str = "code"
    result: str = ""
    skips: Span | None = None
    guard: str = ""


def without_super(node: Function) -> Outcome:
    """The outcome of a method in which the name ``super`` is never called."""
    found = returned(node.body)
    return Outcome(body=body_kind(node, bool(found)), result=result(found, set(), set()))


def outcome(file: Expressions, node: Function) -> Outcome:
    """The outcome of a method that calls ``super``."""
    walk = _Walk(node.name)
    falls = walk.block(node.body, {False})
    skips, tests = walk.skip, walk.skip_tests
    if skips is None and False in falls:
        skips, tests = node.body[-1], walk.super_tests
    span = file.span
    facts = [SuperFact(c.name, span(c.node), walk.use(c), c.nested, *given(c.node)) for c in walk.calls]
    return Outcome(
        tuple(sorted(facts, key=lambda fact: fact.span)),
        body_kind(node, bool(walk.values)),
        result(walk.values, walk.passed, {id(call.node) for call in walk.calls}),
        span(skips) if skips is not None else None,
        guard(tests) if skips is not None else "",
    )


@dataclass
class _Call:
    """A call of a parent method; ``names`` are the variables that hold its result alone."""

    name: str
    node: ast.expr
    use: str = "used"
    nested: bool = False
    names: tuple[str, ...] = ()


@dataclass
class _Walk:
    """Follows a function's statements with the set of possible states {super called, not called}."""

    name: str
    calls: list[_Call] = field(default_factory=list)
    values: list[ast.expr | None] = field(default_factory=list)
    passed: set[str] = field(default_factory=set)
    skip: ast.stmt | None = None
    skip_tests: list[ast.expr] = field(default_factory=list)
    super_tests: list[ast.expr] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)
    bound: dict[str, str] = field(default_factory=dict)
    live: set[str] = field(default_factory=set)
    tested: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    edges: list[tuple[set[str], set[str]]] = field(default_factory=list)
    tests: list[ast.expr] = field(default_factory=list)
    broken: list[set[bool]] = field(default_factory=list)

    def block(self, body: list[ast.stmt], state: set[bool]) -> set[bool]:
        """States in which the block is left at its end; empty when no path reaches it."""
        for node in body:
            state = self._statement(node, state)
        return state

    def _statement(self, node: ast.stmt, state: set[bool]) -> set[bool]:
        if isinstance(node, ast.If):
            return self._if(node, state)
        if isinstance(node, ast.For | ast.AsyncFor | ast.While):
            return self._loop(node, state)
        if isinstance(node, TRY):
            return self._try(node, state)
        if isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                state = self._expression(item.context_expr, state)
            return self.block(node.body, state)
        if isinstance(node, ast.Match):
            state = self._control(node.subject, state)
            return state.union(*[self.block(case.body, state) for case in node.cases])
        return self._simple(node, state)

    def _simple(self, node: ast.stmt, state: set[bool]) -> set[bool]:
        known = len(self.calls)
        before, self.read = self.read, set()
        self._scan(node, None, isinstance(node, SCOPES))
        self._flows(node, self.read)
        self.read |= before
        self._uses(node, self.calls[known:])
        if len(self.calls) > known and state:
            state = {True}
            self.super_tests = missed(self.tests) or self.super_tests
        if isinstance(node, ast.Return):
            self.values.append(node.value)
            if False in state and self.skip is None and not calls_again(node.value, self.name):
                self.skip = node
                self.skip_tests = list(self.tests or self.super_tests)
            return set()
        if isinstance(node, ast.Break | ast.Continue):
            if self.broken:
                self.broken[-1] |= state
            return set()
        return set() if isinstance(node, ast.Raise) else state

    def _expression(self, node: ast.expr, state: set[bool]) -> set[bool]:
        """An expression of a compound statement; what it reads stays in sight of the callers."""
        known = len(self.calls)
        self._scan(node, None, False)
        return {True} if len(self.calls) > known and state else state

    def _control(self, node: ast.expr, state: set[bool]) -> set[bool]:
        """A condition: what it reads decides what happens, and is used by that."""
        before, self.read = self.read, set()
        state = self._expression(node, state)
        self.tested |= self.read
        self.read |= before
        return state

    def _if(self, node: ast.If, state: set[bool]) -> set[bool]:
        state = self._control(node.test, state)
        self.tests.append(node.test)
        then = self.block(node.body, state)
        self.tests = missed(self.tests) if node.orelse else self.tests
        other = self.block(node.orelse, state)
        self.tests.pop()
        return then | other

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, state: set[bool]) -> set[bool]:
        before, self.read = self.read, set()
        state = self._expression(node.test if isinstance(node, ast.While) else node.iter, state)
        if isinstance(node, ast.While):
            self.tested |= self.read
        else:
            self.edges.append((self.read, set(roots(node.target))))
        self.read |= before
        self.broken.append(set())
        end = self.block(node.body, state)
        end |= self.broken.pop()
        # a loop over records that calls super() in its body counts as having called it
        after = end if True in end else state | end
        return self.block(node.orelse, after) if node.orelse else after

    def _try(self, node: Any, state: set[bool]) -> set[bool]:
        known = len(self.calls)
        body = self.block(node.body, state)  # a handler comes after super() where the try is about super()
        failed = {True} if len(self.calls) > known and state else state | body
        end = self.block(node.orelse, body) if node.orelse else body
        for handler in node.handlers:
            end = end | self.block(handler.body, failed)
        if not node.finalbody:
            return end
        final = self.block(node.finalbody, end or state)
        return final if end else set()

    def _scan(self, node: ast.AST, parent: ast.AST | None, nested: bool) -> None:
        """Names that are read and calls of the parent's methods, in a statement or expression."""
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                self.read.add(node.id)
            return
        if isinstance(node, ast.Attribute | ast.Call):
            name = self._parent_method(node, parent)
            if name:
                self.calls.append(_Call(name, node, nested=nested))
        elif isinstance(node, ast.Assign):
            self._alias(node)
        elif isinstance(node, _NESTED):
            nested = True
        for name in node._fields:
            value = getattr(node, name)
            for item in value if isinstance(value, list) else (value,):
                if isinstance(item, ast.AST) and not isinstance(item, _LEAVES):
                    self._scan(item, node, nested)

    def _alias(self, node: ast.Assign) -> None:
        target, value = node.targets[0], node.value
        if not isinstance(target, ast.Name) or len(node.targets) > 1:
            return
        if is_super(value):
            self.aliases.add(target.id)
        elif isinstance(value, ast.Attribute) and self._is_proxy(value.value):
            self.bound[target.id] = value.attr

    def _is_proxy(self, node: ast.AST) -> bool:
        return is_super(node) or (isinstance(node, ast.Name) and node.id in self.aliases)

    def _parent_method(self, node: ast.AST, parent: ast.AST | None) -> str:
        """Name of the parent method which the node calls, or hands on without calling it."""
        if isinstance(node, ast.Attribute):
            called = isinstance(parent, ast.Call) and parent.func is node
            named = isinstance(parent, ast.Assign) and parent.value is node
            return node.attr if not called and not named and self._is_proxy(node.value) else ""
        if not isinstance(node, ast.Call):
            return ""
        function = node.func
        if isinstance(function, ast.Attribute):
            return function.attr if self._is_proxy(function.value) else ""
        if isinstance(function, ast.Name):
            if function.id in ("getattr", "hasattr") and len(node.args) > 1 and self._is_proxy(node.args[0]):
                name = node.args[1]
                sure = function.id == "getattr" and len(node.args) == 2 and isinstance(name, ast.Constant)
                return str(name.value) if sure and isinstance(name, ast.Constant) else "*"
            return self.bound.get(function.id, "")
        return ""

    def _uses(self, node: ast.stmt, calls: list[_Call]) -> None:
        """What the statement does with the results of the calls in it."""
        value = getattr(node, "value", None)
        value = value.value if isinstance(value, ast.Await | ast.Yield | ast.YieldFrom) else value
        for call in calls:
            if call.nested:
                continue
            if value is not call.node:
                if isinstance(node, ast.Expr) and is_receiver(call.node, node.value):
                    call.use = "read"
            elif isinstance(node, ast.Return) or _yields(node):
                call.use = "returned"
            elif isinstance(node, ast.Expr):
                call.use = "dropped"
            elif isinstance(node, ast.Assign) and all(isinstance(item, ast.Name) for item in node.targets):
                call.names = tuple(item.id for item in node.targets if isinstance(item, ast.Name))
                self.passed.update(call.names)

    def _flows(self, node: ast.stmt, read: set[str]) -> None:
        """Where the values read by a statement go: out of the method, or into other variables."""
        if not read:
            return
        if isinstance(node, _OUT) or _yields(node):
            self.live |= read
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {name for target in targets for name in roots(target)}
            self.edges.append((read, names))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            # list.append(x), dict.update(x): the receiver holds x from now on
            self.edges.append((read, set(roots(node.value.func))))

    def use(self, call: _Call) -> str:
        """``bound`` when the result reaches a return, or a decision on what to return."""
        if not call.names:
            return call.use
        if self.edges:
            self.live |= self.tested if any(value is not None for value in self.values) else set()
            edges, self.edges = self.edges, []
            size = -1
            while size != len(self.live):
                size = len(self.live)
                self.live.update(*[read for read, names in edges if names & self.live])
        if any(name in self.live for name in call.names):
            return "bound"
        return "read" if any(name in self.read for name in call.names) else "dropped"


def _yields(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield | ast.YieldFrom)
