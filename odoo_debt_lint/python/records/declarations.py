"""Names in the declarations of a model: fields and their arguments, decorators, attributes of the class."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from odoo_debt_lint.facts import ClassFact
from odoo_debt_lint.python.literals import dotted, resolve
from odoo_debt_lint.python.records.chains import Items, Records, Value

if TYPE_CHECKING:
    from odoo_debt_lint.python.records.uses import Follower

_RELATIONAL = frozenset({"Many2one", "One2many", "Many2many"})
_PATHS = frozenset({"depends", "onchange", "constrains"})
_NAMES = frozenset(
    "_rec_name _rec_names_search _parent_name _date_name _fold_name _active_name _mail_post_access".split()
)


class Declarations:
    """The body of one model's class."""

    def __init__(self, follower: Follower, own: Records, fact: ClassFact | None = None) -> None:
        self.follower, self.own, self.fact, self.sink = follower, own, fact, follower.sink

    def statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Assign):
            name, value = getattr(node.targets[0], "id", ""), node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            name, value = getattr(node.target, "id", ""), node.value
        else:
            self.follower.guarded(node, self.fact.name if self.fact is not None else "")
            return
        kind = self._field_kind(value)
        if kind:
            assert isinstance(value, ast.Call)
            self._field(name, kind, value)
        else:
            self.follower.scope[name] = found = self.follower.value(value)
            self._attribute(name, found)

    def _field_kind(self, value: ast.expr) -> str:
        if not isinstance(value, ast.Call):
            return ""
        package, _, kind = resolve(dotted(value.func), self.follower.file.names).rpartition(".")
        return kind if package in ("odoo.fields", "fields", "openerp.fields") and kind[:1].isupper() else ""

    def decorator(self, node: ast.Call) -> None:
        """The paths of ``@api.depends`` and its like."""
        args, _ = self.follower.arguments(node, self.own)
        if dotted(node.func).rpartition(".")[2] in _PATHS:
            for arg in args:
                self.sink.path(self.own, arg)

    def _attribute(self, name: str, value: Value) -> None:
        if name in _NAMES:
            self.sink.path(self.own, value)
        elif name == "_order":
            self.follower.order(self.own, value)
        elif name == "_inherit":
            for item in value.values if isinstance(value, Items) else (value,):
                if isinstance(item, ast.Constant) and isinstance(item.value, str):
                    self.sink.model(item, "inherit")

    def _field(self, name: str, kind: str, node: ast.Call) -> None:
        args, words = self.follower.arguments(node, None)
        comodel = words.get("comodel_name") or (args[0] if args and kind in _RELATIONAL else None)
        target = self.own.step(name)
        if isinstance(comodel, ast.Constant) and isinstance(comodel.value, str) and kind in _RELATIONAL:
            self.sink.model(comodel)
            target = Records(comodel.value)
        for word in ("related", "currency_field", "definition"):
            self.sink.path(self.own, words.get(word))
        if target is None or kind not in _RELATIONAL:
            return
        inverse = words.get("inverse_name") or (args[1] if kind == "One2many" and len(args) > 1 else None)
        self.sink.path(target, inverse)
        self.sink.domain(target, words.get("domain"))
        self.sink.defaults(target, words.get("context"))
