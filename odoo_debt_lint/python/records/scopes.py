"""What names stand for while records are followed: locals of a function, attributes of a test, results."""

from __future__ import annotations

import ast
from abc import abstractmethod

from odoo_debt_lint.python.records.chain_calls import Calls
from odoo_debt_lint.python.records.chains import SELF, Items, Keys, Returned, Sink, Value, either

Scope = dict[str, Value]
_MAX_NAMES = 400


class Scopes(Calls):
    """The names of a function. ``attributes`` are what ``self.x`` stands for where ``self`` is no recordset
    (tests), ``returns`` what the methods of the class return, ``early`` those asked for before that was
    known."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink)
        self.scope: Scope = {}
        self.attributes: Scope = {}
        self.returns: dict[str, list[Value]] = {}
        self.early: set[str] = set()

    @abstractmethod
    def value(self, node: ast.AST) -> Value:
        """What an expression stands for."""

    def known(self, value: Value) -> Value:
        """A value, for the result of a method of the class what that returns."""
        if type(value) is not Returned:
            return value
        if value.method not in self.returns:
            self.early.add(value.method)
            return None
        found: Value = None
        for number, item in enumerate(self.returns[value.method]):
            found = either(found, item) if number else item
        return found if type(found) is not Returned else None

    def bind(self, target: ast.AST, value: Value) -> None:
        """An assignment to a name, an attribute, a key, or several of them."""
        kind = type(target)
        if kind is ast.Name:
            assert isinstance(target, ast.Name)
            if len(self.scope) < _MAX_NAMES or target.id in self.scope:
                self.scope[target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            known = value.values if isinstance(value, Items) else []
            for number, item in enumerate(target.elts):
                self.bind(item, known[number] if len(known) == len(target.elts) else None)
        elif isinstance(target, ast.Subscript):
            self._put(target, value)
        elif isinstance(target, ast.Attribute):
            if self.value(target.value) is SELF:
                before = self.attributes.get(target.attr, value)
                self.attributes[target.attr] = either(before, value)
            else:
                self.value(target)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, None)

    def _put(self, target: ast.Subscript, value: Value) -> None:
        owner = target.value
        base = self.scope.get(owner.id) if isinstance(owner, ast.Name) else None
        if base is None and isinstance(owner, ast.Name) and owner.id in self.scope:
            base = self.scope[owner.id] = Keys()
        if isinstance(base, Keys):
            self.put(base, self.value(target.slice), value)
        else:
            self.value(target)
