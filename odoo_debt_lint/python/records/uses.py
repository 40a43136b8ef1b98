"""Which fields and methods of which records a Python file uses, as far as the file alone tells.

Only names are noted: ``self.env["sale.order"].partner_id.customer`` is a chain from a model. What its steps
mean is decided with the index (``migration.resolve``). What has no known beginning is left out.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, NamedTuple

from odoo_debt_lint.facts import ClassFact, UseFact
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.records.chains import SELF, Bound, Items, Records, Sink, Value, either, element
from odoo_debt_lint.python.records.declarations import Declarations
from odoo_debt_lint.python.records.following import Expressions
from odoo_debt_lint.python.records.scopes import Scope
from odoo_debt_lint.python.records.tables import tables_of
from odoo_debt_lint.python.results import TRY
from odoo_debt_lint.python.trees import captured

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_TAKES_VALUES = frozenset("create write copy copy_data new update _create _write".split())
"""Methods whose first parameter holds values of the model."""
_SET_UP = ("setUp", "__init__", "create_", "_create", "prepare", "_prepare")


def uses_of(file: PythonFile, model: str = "") -> tuple[UseFact, ...]:
    """All uses in a file. ``model`` is that of the record at hand where the code stands in a data file."""
    follower = Follower(file)
    if file.embedded:
        names = ("record", "records", "model") if model else ()
        follower.scope = {name: Records(model) for name in names}
    follower.module(file.tree.body)
    return (*follower.sink.found, *tables_of(file))


class Class(NamedTuple):
    """What is known of a class that is no model."""

    attributes: Scope
    returns: dict[str, list[Value]]
    methods: frozenset[str]


class Follower(Expressions):
    """Goes through the statements of one file."""

    def __init__(self, file: PythonFile) -> None:
        super().__init__(Sink(file.text))
        self.file = file
        self.function = ""
        self.classes: dict[str, Class] = {}
        """The file's classes that are no models: a test has what its bases have."""

    def module(self, body: list[ast.stmt]) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef):
                self._class(node, self.file.klass_at(node.lineno))
            else:
                self.guarded(node, "")

    def guarded(self, node: ast.stmt, klass: str) -> None:
        """One function or statement; what it asks for before it uses it is left out."""
        outer, self.sink.found, self.guards, self.actions = self.sink.found, [], set(), []
        name = node.name if isinstance(node, _FUNCTIONS) else ""
        self.sink.entity = ".".join(part for part in (klass, name) if part)
        try:
            self._statement(node)
            self.opened()
        except RecursionError:
            self.scope = {}
        found, self.sink.found = self.sink.found, outer
        outer += found if not self.guards else [u for u in found if not self.guards.intersection(u.path)]

    def _class(self, node: ast.ClassDef, fact: ClassFact | None) -> None:
        is_model = fact is not None and fact.is_model
        self.own = Records(fact.model) if fact is not None and is_model else None
        self.methods = frozenset(method.name for method in fact.methods) if fact is not None else frozenset()
        self.attributes, self.returns, self.sink.pending = {}, {}, []
        for base in reversed(node.bases) if not is_model else ():
            self._inherit(self.classes.get(getattr(base, "id", "")))
        outer, self.scope = self.scope, dict(self.scope)
        self._members(node, fact, node.body if is_model else sorted(node.body, key=_set_up_first))
        self._bind_returned()
        self.classes[node.name] = Class(self.attributes, self.returns, self.methods)
        self.own, self.methods, self.scope = None, frozenset(), outer

    def _inherit(self, base: Class | None) -> None:
        """Takes what a base in the same file sets and returns."""
        if base is not None:
            self.attributes.update(base.attributes)
            self.returns.update(base.returns)
            self.methods |= base.methods

    def _members(self, node: ast.ClassDef, fact: ClassFact | None, body: list[ast.stmt]) -> None:
        """The methods and statements of a class; a method that needs the result of a later one again, once
        that is known."""
        again: list[ast.stmt] = []
        name = fact.name if fact is not None else node.name
        for item in body:
            start, self.early = len(self.sink.found), set()
            if isinstance(item, _FUNCTIONS) or self.own is None:
                self.guarded(item, name)
            else:
                self.sink.entity = name
                Declarations(self, self.own, fact).statement(item)
            if self.early & self.methods and isinstance(item, _FUNCTIONS):
                del self.sink.found[start:]
                again.append(item)
        for item in again:
            assert isinstance(item, _FUNCTIONS)
            self.returns.pop(item.name, None)
        for item in again:
            self.guarded(item, name)

    def _bind_returned(self) -> None:
        """What methods of the class return and others gave to ``create`` or ``write``."""
        done: set[tuple[str, Records]] = set()
        while self.sink.pending:
            name, owner = item = self.sink.pending.pop()
            if item not in done:
                done.add(item)
                self.sink.entity = name
                for value in self.returns.get(name, ()):
                    self.sink.values(owner, value)

    def _block(self, body: list[ast.stmt]) -> bool:
        """Statements in their order; whether they never reach what stands behind them."""
        for node in body:
            self._statement(node)
        return bool(body) and isinstance(body[-1], _ENDS)

    def _statement(self, node: ast.stmt) -> None:
        known = _STATEMENTS.get(type(node))
        if known is not None:
            known(self, node)
        else:
            self.other(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._decorators(node)
        outer, self.scope = self.scope, dict(self.scope)
        name, self.function = self.function, self.function or node.name
        nested = bool(name)
        if not nested:
            self.returns[node.name] = []
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.value(default)
        self._parameters(node, nested)
        self._block(node.body)
        self.scope, self.function = outer, name
        if nested:
            self.scope[node.name] = None

    def _decorators(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and self.own is not None:
                Declarations(self, self.own).decorator(decorator)
            else:
                self.value(decorator)

    def _parameters(self, node: ast.FunctionDef | ast.AsyncFunctionDef, nested: bool) -> None:
        arguments = node.args
        names = [item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        names += [item.arg for item in (arguments.vararg, arguments.kwarg) if item is not None]
        for name in names:
            if name not in ("env", "request"):
                self.scope[name] = None
        if nested or not names or not self.sink.entity.partition(".")[2]:
            return
        plain = any(getattr(item, "id", "") == "staticmethod" for item in node.decorator_list)
        if not plain and names[0] in ("self", "cls"):
            self.scope[names[0]] = self.own if self.own is not None else SELF
        if self.own is not None and node.name in _TAKES_VALUES and len(names) > 1:
            self.scope[names[1]] = Bound(self.own)

    def _assign(self, node: ast.Assign) -> None:
        value = self.value(node.value)
        for target in node.targets:
            self.bind(target, value)

    def _annotated(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.bind(node.target, self.value(node.value))

    def _augmented(self, node: ast.AugAssign) -> None:
        value = self.value(node.value)
        if not isinstance(node.target, ast.Name):
            self.bind(node.target, value)
            return
        known = self.scope.get(node.target.id)
        if isinstance(known, Items):
            self.extend(known, value)
        elif known is None:
            self.scope[node.target.id] = value

    def _return(self, node: ast.Return) -> None:
        value = self.value(node.value) if node.value is not None else None
        if value is not None and self.function:
            self.returns[self.function].append(value)

    def _if(self, node: ast.If) -> None:
        self.value(node.test)
        self._branches([node.body, node.orelse])

    def _branches(self, bodies: list[list[ast.stmt]]) -> None:
        """Follows each way from here, and joins those which go on."""
        before = self.scope
        after: Scope | None = None
        for body in bodies:
            self.scope = dict(before)
            if not self._block(body):
                after = self.scope if after is None else _joined(after, self.scope)
        self.scope = before if after is None else after

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        item = element(self.known(self.value(node.iter)))
        before = dict(self.scope)
        self.bind(node.target, item)
        self._block(node.body)
        self.scope = _joined(self.scope, before)
        self._block(node.orelse)

    def _while(self, node: ast.While) -> None:
        self.value(node.test)
        self._branches([node.body, []])
        self._block(node.orelse)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            value = self.value(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, value)
        self._block(node.body)

    def _try(self, node: ast.Try) -> None:
        before = dict(self.scope)
        self._block([*node.body, *node.orelse])
        for handler in node.handlers:
            after, self.scope = self.scope, dict(before)
            ends = self._block(handler.body)
            self.scope = after if ends else _joined(after, self.scope)
        self._block(node.finalbody)

    def _match(self, node: ast.Match) -> None:
        self.value(node.subject)
        self.scope.update(dict.fromkeys(captured(node)))
        for case in node.cases:
            if case.guard is not None:
                self.value(case.guard)
        self._branches([*(case.body for case in node.cases), []])

    def _nested_class(self, node: ast.ClassDef) -> None:
        outer, self.scope = self.scope, dict(self.scope)
        own, self.own = self.own, None
        self._block(node.body)
        self.scope, self.own = outer, own


def _joined(one: Scope, other: Scope) -> Scope:
    """What names stand for after two ways through the code; one that only one way sets stands for that."""
    if one is other:
        return one
    for name, value in other.items():
        if name not in one:
            one[name] = value
        elif one[name] is not value:
            one[name] = either(one[name], value)
    return one


def _set_up_first(node: ast.stmt) -> bool:
    return not (isinstance(node, _FUNCTIONS) and node.name.startswith(_SET_UP))


_STATEMENTS: dict[type, Callable[[Any, Any], None]] = {
    ast.FunctionDef: Follower._function,
    ast.AsyncFunctionDef: Follower._function,
    ast.ClassDef: Follower._nested_class,
    ast.Assign: Follower._assign,
    ast.AnnAssign: Follower._annotated,
    ast.AugAssign: Follower._augmented,
    ast.Return: Follower._return,
    ast.If: Follower._if,
    ast.For: Follower._for,
    ast.AsyncFor: Follower._for,
    ast.While: Follower._while,
    ast.With: Follower._with,
    ast.AsyncWith: Follower._with,
    **dict.fromkeys(TRY, Follower._try),
    ast.Match: Follower._match,
}
