"""Follows records through the expressions and statements of a function, in the order of the code.

Each expression is looked at once. Branches are followed apart and joined: a name that stands for different
records after them stands for none.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from odoo_debt_lint.python.records.chain_calls import EACH
from odoo_debt_lint.python.records.chains import (
    ENV,
    MAX_ITEMS,
    REQUEST,
    SELF,
    Bound,
    Items,
    Keys,
    ModelName,
    Records,
    Value,
    either,
    element,
    plain,
)
from odoo_debt_lint.python.records.scopes import Scopes

_ENV_RECORDS = {"user": "res.users", "company": "res.company", "companies": "res.company"}
_PASSED = frozenset({"id", "ids", "_ids", "_origin", "pool", "_table", "_cr", "_uid", "_context"})
_OF_EACH = frozenset({"sorted", "min", "max", "filter", "map", "groupby", "partition"})
_COMMANDS = frozenset({"create", "update"})


class Expressions(Scopes):
    """What expressions stand for."""

    def value(self, node: ast.AST) -> Value:
        """Looks at an expression and all that is in it."""
        kind = type(node)
        if kind is ast.Constant:
            return node  # type: ignore[return-value]
        known = _TABLE.get(kind)
        return known(self, node) if known is not None else self.other(node)

    def other(self, node: ast.AST) -> Value:
        """An expression or statement that says nothing itself."""
        for name in node._fields:
            child = getattr(node, name)
            if type(child) is list:
                for item in child:
                    if isinstance(item, ast.AST):
                        self.value(item)
            elif isinstance(child, ast.AST):
                self.value(child)
        return None

    def _name(self, node: ast.Name) -> Value:
        if node.id in self.scope:
            return self.scope[node.id]
        return ENV if node.id == "env" else REQUEST if node.id == "request" else None

    def _attribute(self, node: ast.Attribute) -> Value:
        base, name = self.known(self.value(node.value)), node.attr
        if name == "env":
            return ENV
        if type(base) is Records:
            return self._of_field(base, node)
        if base is ENV:
            model = _ENV_RECORDS.get(name)
            return Records(model) if model else None
        if base is REQUEST and name == "website":
            return Records("website")
        if base is SELF:
            return self.attributes.get(name)
        return None

    def _of_field(self, base: Records, node: ast.Attribute) -> Value:
        name = node.attr
        if name in _PASSED:
            return base if name == "_origin" else None
        if name == "_fields":
            return Bound(base, "fields")
        if name in ("_name", "_inherit"):
            return ModelName(base.model) if not base.path else None
        if type(node.ctx) is ast.Load:
            self.sink.attribute(base, node, "read")
        else:
            self.sink.attribute(base, node, "write")
        return base.step(name)

    def _call(self, node: ast.Call) -> Value:
        function = node.func
        if type(function) is ast.Attribute:
            base = self.known(self.value(function.value))
            name = function.attr
            item = base if name in EACH or type(base) is not Records else None
            args, words = self.arguments(node, item if type(base) is Records else None)
            if base is not None:
                return ENV if base is ENV and name == "env" else self.method(base, node, args, words)
            return self._of_unknown(function, args)
        name = function.id if type(function) is ast.Name else ""
        item = self._iterated(node) if name in _OF_EACH else None
        args, words = self.arguments(node, item)
        if not name or name == "Environment":
            return ENV if name or self.value(function) is ENV else None
        return self.named(name, node, args, words)

    def _of_unknown(self, function: ast.Attribute, args: list[Value]) -> Value:
        """``Command.create({...})``, ``expression.AND([...])``, ``self.env(...)``."""
        name, owner = function.attr, function.value
        last = owner.id if type(owner) is ast.Name else owner.attr if type(owner) is ast.Attribute else ""
        if last == "Command" and name in _COMMANDS and args:
            return Items([None, None, args[-1]])
        if name in ("AND", "OR", "deepcopy") and args:
            return args[0]
        return ENV if name in ("env", "Environment") else None

    def arguments(self, node: ast.Call, item: Value) -> tuple[list[Value], dict[str, Value]]:
        """The values of the arguments; functions among them are called with ``item``."""
        args = [self._lambda(arg, item) if type(arg) is ast.Lambda else self.value(arg) for arg in node.args]
        words: dict[str, Value] = {}
        for word in node.keywords:
            inner = word.value
            found = self._lambda(inner, item) if type(inner) is ast.Lambda else self.value(inner)
            if word.arg is not None:
                words[word.arg] = found
                if found is inner:
                    self.sink.models(word.arg, found)
        return args, words

    def _iterated(self, node: ast.Call) -> Value:
        """What a function gets that ``sorted`` or ``map`` call, without looking at the argument twice."""
        plain = [arg for arg in node.args if type(arg) is ast.Name]
        return element(self._name(plain[0])) if plain else None

    def _lambda(self, node: ast.Lambda, item: Value = None) -> Value:
        outer = self.scope
        self.scope = dict(outer)
        for number, argument in enumerate(node.args.args):
            self.scope[argument.arg] = item if not number else None
            if argument.arg == "self" and item is None:
                self.scope["self"] = self.own
        found = self.value(node.body)
        self.scope = outer
        return found

    def _subscript(self, node: ast.Subscript) -> Value:
        base, key = self.known(self.value(node.value)), self.value(node.slice)
        if base is ENV:
            return self._model(key)
        text = key.value if isinstance(key, ast.Constant) else None
        if isinstance(base, Records):
            if not isinstance(text, str):
                return base
            assert isinstance(key, ast.Constant)
            self.sink.path(base, key, "read" if type(node.ctx) is ast.Load else "write")
            return base.step(text)
        if isinstance(base, Bound):
            if base.kind == "values":
                self.sink.path(base.owner, key, "values")
                return base if not isinstance(text, str) else None
            self.sink.path(base.owner, key)
            return None
        if isinstance(base, Items) and isinstance(text, int) and -len(base.values) <= text < len(base.values):
            return base.values[text]
        return element(base) if isinstance(base, Items) else None

    def _model(self, key: Value) -> Value:
        if isinstance(key, ModelName):
            return Records(key.model)
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            self.sink.model(key)
            return Records(key.value)
        return None

    def _items(self, node: Any) -> Value:
        return Items([self.value(item) for item in node.elts])

    def _dict_display(self, node: ast.Dict) -> Value:
        keys = Keys()
        for key, value in zip(node.keys, node.values, strict=True):
            found = self.value(value)
            if key is None:
                keys.spread.append(found)
            elif type(key) is ast.Constant:
                self.put(keys, key, found)
            else:
                self.value(key)
        return keys

    def _comprehension(self, node: Any) -> Value:
        outer = self.scope
        self.scope = dict(outer)
        for generator in node.generators:
            self.bind(generator.target, element(self.known(self.value(generator.iter))))
            for test in generator.ifs:
                self.value(test)
        if type(node) is ast.DictComp:
            self.value(node.key)
            self.value(node.value)
            found: Value = None
        else:
            found = self.value(node.elt)
        self.scope = outer
        return Items([found]) if found is not None else None

    def _either_of(self, nodes: Iterable[ast.expr], last: bool) -> Value:
        known = [self.value(node) for node in nodes]
        telling = [item for item in known if item is not None and not isinstance(item, ast.Constant)]
        if last and telling:
            return telling[-1] if known[-1] is telling[-1] or len(telling) == 1 else None
        return telling[0] if telling else known[-1]

    def _bool(self, node: ast.BoolOp) -> Value:
        return self._either_of(node.values, type(node.op) is ast.And)

    def _if_expression(self, node: ast.IfExp) -> Value:
        self.value(node.test)
        return either(self.value(node.body), self.value(node.orelse))

    def _operation(self, node: ast.BinOp) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        if type(node.op) in (ast.BitOr, ast.BitAnd, ast.Sub, ast.Add):
            if isinstance(left, Items) and isinstance(right, Items):
                return Items([*left.values, *right.values][:MAX_ITEMS])
            if isinstance(left, Records | Items | Keys):
                return left
            return right if isinstance(right, Records | Items) else None
        return None

    def _compare(self, node: ast.Compare) -> Value:
        left = self.value(node.left)
        for operator, other in zip(node.ops, node.comparators, strict=True):
            right = self.value(other)
            self.sink.models(_called(node.left), right)
            texts = plain(right)
            if texts and isinstance(left, Records) and left.path and isinstance(node.left, ast.Attribute):
                self.sink.attribute(Records(left.model, left.path[:-1]), node.left, "compare", texts)
            if isinstance(right, Bound) and isinstance(left, ast.Constant):
                if right.kind == "fields" and type(operator) in (ast.In, ast.NotIn):
                    self.guards.add(str(left.value))
                elif right.kind == "values":
                    self.sink.path(right.owner, left, "values")
        return None

    def _named(self, node: ast.NamedExpr) -> Value:
        found = self.value(node.value)
        self.bind(node.target, found)
        return found

    def _starred(self, node: ast.Starred) -> Value:
        return element(self.value(node.value))


def _called(node: ast.expr) -> str:
    """What an operand is called: ``x.model``, ``context["model"]``, ``context.get("model")``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    key = node.slice if isinstance(node, ast.Subscript) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        key = node.args[0] if node.args else None
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


_TABLE: dict[type, Callable[[Any, Any], Value]] = {
    ast.Name: Expressions._name,
    ast.Attribute: Expressions._attribute,
    ast.Call: Expressions._call,
    ast.Subscript: Expressions._subscript,
    ast.List: Expressions._items,
    ast.Tuple: Expressions._items,
    ast.Set: Expressions._items,
    ast.Dict: Expressions._dict_display,
    ast.Lambda: Expressions._lambda,
    ast.ListComp: Expressions._comprehension,
    ast.SetComp: Expressions._comprehension,
    ast.GeneratorExp: Expressions._comprehension,
    ast.DictComp: Expressions._comprehension,
    ast.BoolOp: Expressions._bool,
    ast.IfExp: Expressions._if_expression,
    ast.BinOp: Expressions._operation,
    ast.Compare: Expressions._compare,
    ast.NamedExpr: Expressions._named,
    ast.Starred: Expressions._starred,
}
