"""What the names of a function may hold, told from its ``ast`` without regard to the order of statements.

The quick sister of ``flow``, for functions of which only this has to be known: does a parameter or a request
value get into the calls they make? It sees every function of the project and parses nothing again.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.python.across.confirmed import members, words
from odoo_debt_lint.python.across.taints import NOTHING, Record, Taint
from odoo_debt_lint.python.flow.callers import CONVERTER, can_handle, rpc_label
from odoo_debt_lint.python.flow.knowledge import (
    CLEAN_CALLS,
    NUMERIC_ATTRIBUTES,
    NUMERIC_CALLS,
    PASS_THROUGH,
    RECORD_CALLS,
    REQUEST_SAFE,
    REQUEST_SOURCES,
)
from odoo_debt_lint.python.flow.values import Level, attribute_of
from odoo_debt_lint.python.literals import dotted
from odoo_debt_lint.python.trees import captured, place_of

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

OWN = frozenset({"self", "cls"})
_LONGEST = 4
_ROUNDS = 2
"""A loop may use what its body sets further down."""


class Names:
    """Taints and recordsets by name, at any place of one function."""

    def __init__(self, file: PythonFile, unit: Unit) -> None:
        self.file, self.unit = file, unit
        self.method = file.methods[(unit.klass, unit.name)]
        self.klass = file.klass(unit.klass)
        self.handles = can_handle(self.method, self.klass)
        self.env: dict[str, Taint] = {}
        self.records: dict[str, Record] = {}
        self.nodes = unit.nodes
        self._enter()
        steps = [node for node in self.nodes if type(node) in _BINDERS]
        steps.sort(key=place_of)
        for _ in range(1 if _LOOPS.isdisjoint(map(type, self.nodes)) else _ROUNDS):
            for node in steps:
                _BINDERS[type(node)](self, node)
        self._confirm()

    def _confirm(self) -> None:
        """Takes back what was said of names that the function has looked at."""
        for node in self.nodes:
            if type(node) is ast.Compare:
                for name in members(node):
                    self.env.pop(name, None)
            elif type(node) is ast.If:
                for name in words(self.file, self.unit, node):
                    if name in self.env:
                        self.env[name] = self.env[name].number

    # -- what comes in -------------------------------------------------------------------------------

    def _enter(self) -> None:
        if self.klass is not None and self.klass.is_model:
            self.records.update(dict.fromkeys(OWN, Record(self.klass.model)))
        label = rpc_label(self.method, self.klass, self.unit)
        arguments: ast.arguments = self.unit.node.args  # type: ignore[attr-defined]
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [item for item in (arguments.vararg, arguments.kwarg) if item is not None]
        for item in every:
            if item.arg in OWN:
                continue
            if self.handles:
                text = f"{item.arg} comes with the request"
                self.env[item.arg] = Taint(Level.USER, Level.USER, source=(item, text))
                continue
            via = frozenset({("parameter", self.unit.klass, self.unit.name, item.arg)})
            level = Level.ARGUMENT if label else Level.UNKNOWN
            self.env[item.arg] = Taint(level, level, via=via, source=(item, label) if label else None)
        if self.handles and self.method.route is not None:
            self._convert(self.method.route.paths)

    def _convert(self, paths: tuple[str, ...]) -> None:
        """``<int:order_id>`` and ``<model("sale.order"):order>`` in the route's paths."""
        for path in paths:
            for kind, model, name in CONVERTER.findall(path):
                taint = self.env.get(name, NOTHING)
                self.env[name] = taint.number if kind != "model" else taint.number._replace(level=0)
                if kind == "model" and model:
                    self.records[name] = Record(model)

    # -- statements ----------------------------------------------------------------------------------

    def _bind(self, target: ast.AST, taint: Taint, record: Record | None = None) -> None:
        if isinstance(target, ast.Name):
            if taint is not NOTHING:
                self.env[target.id] = self.env.get(target.id, NOTHING) | taint
            if record is not None:
                self.records[target.id] = record
        elif isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                self._bind(element, taint)
        elif isinstance(target, ast.Subscript | ast.Starred):
            self._bind(target.value, taint)

    def _assign(self, node: Any) -> None:
        if node.value is not None:
            taint, record = self.of(node.value), self.record(node.value)
            for target in node.targets if isinstance(node, ast.Assign) else (node.target,):
                self._bind(target, taint, record)

    def _augment(self, node: Any) -> None:
        taint = self.of(node.value)
        self._bind(node.target, taint._replace(built=True) if taint is not NOTHING else taint)

    def _loop(self, node: Any) -> None:
        self._bind(node.target, self.of(node.iter), self.record(node.iter))

    def _match(self, node: Any) -> None:
        for name in captured(node):
            self._bind(ast.Name(name), self.of(node.subject))

    def _with(self, node: Any) -> None:
        if node.optional_vars is not None:
            self._bind(node.optional_vars, self.of(node.context_expr))

    def _changed(self, node: Any) -> None:
        """``values.update(post)`` and ``parts.append(text)``."""
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr in ("append", "extend", "update", "insert", "add"):
            for item in node.args if isinstance(func.value, ast.Name) else ():
                self._bind(func.value, self.of(item))

    # -- expressions ---------------------------------------------------------------------------------

    def of(self, node: ast.AST) -> Taint:
        """What an expression may hold."""
        handler = _EXPRESSIONS.get(type(node))
        taint: Taint = handler(self, node) if handler is not None else NOTHING
        return taint

    def _name(self, node: Any) -> Taint:
        return self.env.get(node.id, NOTHING)

    def _attribute(self, node: Any) -> Taint:
        request = self._request(node)
        if request is not None:
            return request
        if self.record(node.value) is not None:
            return NOTHING
        taint = self.of(node.value)
        if taint is NOTHING or node.attr in NUMERIC_ATTRIBUTES:
            return taint.number if taint is not NOTHING else taint
        sent = taint.level >= Level.USER
        via = attribute_of(taint.via)
        return taint._replace(via=via) if sent else Taint(min(taint.level, Level.UNKNOWN), via=via)

    def _request(self, node: ast.expr) -> Taint | None:
        """A part of the request itself; None for anything else."""
        name = dotted(node)
        if not name or "request" not in name:
            return None
        root, _, rest = name.partition(".")
        symbol = f"{self.file.names.get(root, root)}.{rest}"
        if not REQUEST_SOURCES.search(symbol):
            return None
        if REQUEST_SAFE.search(symbol):
            return NOTHING
        return Taint(Level.USER, Level.USER, source=(node, f"{name} comes with the request"))

    def _subscript(self, node: Any) -> Taint:
        return self.of(node.value)

    def _call(self, node: Any) -> Taint:
        func = node.func
        name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
        given = [*node.args, *(word.value for word in node.keywords)]
        if name in NUMERIC_CALLS:
            return self._all(given).number
        if name in CLEAN_CALLS:
            return NOTHING
        if not isinstance(func, ast.Attribute):
            return self._all(given) if name in PASS_THROUGH else NOTHING
        request = self._request(func)
        if request is not None:
            return request
        if self.record(func.value) is not None:
            return self._all(given).number if name in ("browse", "search") else NOTHING
        taint = self.of(func.value)
        if name in ("format", "format_map", "join"):
            whole = taint | self._all(given)
            return whole._replace(built=True) if whole is not NOTHING else whole
        if taint is not NOTHING:
            return taint if name in PASS_THROUGH or taint.level >= Level.USER else NOTHING
        return self._all(given) if name in PASS_THROUGH and func.value is not None else NOTHING

    def _all(self, nodes: list[Any]) -> Taint:
        whole = NOTHING
        for node in nodes:
            whole = whole | self.of(node)
        return whole

    def _text(self, node: Any) -> Taint:
        whole = self._all([part.value for part in node.values if isinstance(part, ast.FormattedValue)])
        return whole._replace(built=True) if whole is not NOTHING else whole

    def _operation(self, node: Any) -> Taint:
        whole = self.of(node.left) | self.of(node.right)
        if whole is NOTHING or not isinstance(node.op, ast.Add | ast.Mod):
            return whole
        form = node.left.value if isinstance(node.left, ast.Constant) else ""
        if isinstance(node.op, ast.Mod) and isinstance(form, str) and "%" in form and "%s" not in form:
            return whole if "(" in form or "%r" in form else NOTHING
        return whole._replace(built=True)

    def _parts(self, node: Any) -> Taint:
        return self._all(node.elts)

    def _dict(self, node: Any) -> Taint:
        return self._all(node.values)

    def _either(self, node: Any) -> Taint:
        return self._all(node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse])

    def _inner(self, node: Any) -> Taint:
        return self.of(node.value) if node.value is not None else NOTHING

    def _comprehension(self, node: Any) -> Taint:
        return self.of(node.value) if isinstance(node, ast.DictComp) else self.of(node.elt)

    # -- recordsets ----------------------------------------------------------------------------------

    def record(self, node: ast.AST) -> Record | None:
        """The recordset which an expression is, when that can be told."""
        if isinstance(node, ast.Name):
            return self.records.get(node.id)
        if isinstance(node, ast.Call):
            func = node.func
            kept = isinstance(func, ast.Attribute) and func.attr in RECORD_CALLS
            return self.record(func.value) if kept else None  # type: ignore[attr-defined]
        if isinstance(node, ast.Subscript):
            owner = node.value
            if isinstance(owner, ast.Call):
                owner = owner.func
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            key = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if name == "env":
                return Record(key) if isinstance(key, str) else None
            return self.record(node.value)
        if isinstance(node, ast.Attribute) and node.attr not in ("env", "_fields", "_context", "_cr", "pool"):
            base = self.record(node.value)
            if base is not None and len(base.path) < _LONGEST:
                return Record(base.model, (*base.path, node.attr))
        return None


_BINDERS: dict[type, Any] = {
    ast.Assign: Names._assign,
    ast.AnnAssign: Names._assign,
    ast.NamedExpr: Names._assign,
    ast.AugAssign: Names._augment,
    ast.For: Names._loop,
    ast.AsyncFor: Names._loop,
    ast.Match: Names._match,
    ast.comprehension: Names._loop,
    ast.withitem: Names._with,
    ast.Call: Names._changed,
}
_LOOPS = frozenset({ast.For, ast.AsyncFor, ast.While})
_EXPRESSIONS: dict[type, Any] = {
    ast.Name: Names._name,
    ast.Attribute: Names._attribute,
    ast.Subscript: Names._subscript,
    ast.Call: Names._call,
    ast.JoinedStr: Names._text,
    ast.BinOp: Names._operation,
    ast.Tuple: Names._parts,
    ast.List: Names._parts,
    ast.Set: Names._parts,
    ast.Dict: Names._dict,
    ast.BoolOp: Names._either,
    ast.IfExp: Names._either,
    ast.Starred: Names._inner,
    ast.NamedExpr: Names._inner,
    ast.Await: Names._inner,
    ast.ListComp: Names._comprehension,
    ast.SetComp: Names._comprehension,
    ast.GeneratorExp: Names._comprehension,
    ast.DictComp: Names._comprehension,
}
