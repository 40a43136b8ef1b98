"""One function or statement as ``ast``, for rules that judge statements and need no exact text.

The skeleton's tree is still there while a file is linted, so this costs a walk over the few functions that
are looked at. It tells in which loops a node lies, and what a name stands for: records, an environment, a
cursor, or something that is none of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from odoo_debt_lint.python.bindings import Binding, elements, names, values
from odoo_debt_lint.python.flow.knowledge import CURSOR, RECORD_CALLS
from odoo_debt_lint.python.literals import dotted
from odoo_debt_lint.python.trees import nodes_of, with_parents

if TYPE_CHECKING:
    from odoo_debt_lint.facts import ClassFact
    from odoo_debt_lint.python.module import PythonFile

RECORDS, ENV, CURSOR_KIND, OTHER, UNKNOWN = "records", "env", "cursor", "other", ""
RELATIONAL = frozenset({"Many2one", "One2many", "Many2many", "Reference"})
EACH = frozenset({"filtered", "mapped", "sorted", "grouped"})
"""Methods of recordsets that call a function for each record."""

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BINDING = frozenset({ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.AugAssign, ast.For, ast.AsyncFor}).union(
    (ast.comprehension, ast.withitem, ast.Lambda)
)
_RECORD_ATTRIBUTES = frozenset({"user", "company", "companies", "_origin"})
_RELATIONS = frozenset({"lines", "product_uom", "company_currency"})
"""Fields of Odoo which hold records and whose names do not tell."""
_RELATIONAL_ENDS = ("_id", "_ids", "_line", "_lines")
"""How names of fields end that hold records: in Odoo 14.0 to 19.0 without an exception."""
_ONLY_RECORDS = frozenset({"sudo", "with_context", "with_company", "with_user"})
"""Methods which nothing but a recordset has."""
_BUILDERS = frozenset({"list", "set", "dict", "str", "int", "open", "tuple", "range", "len", "sum", "bool"})
_WRAPPERS = frozenset({"enumerate", "reversed", "sorted", "list", "tqdm", "tuple", "set"})
_CALLING = frozenset({"map", "filter", "sorted", "min", "max", "groupby"})
_MAX_DEPTH = 12


class Code:
    """A function (``root``) with its parents, bindings and the kinds of its expressions."""

    def __init__(self, file: PythonFile, root: ast.stmt, klass: str) -> None:
        self.file, self.root, self.klass = file, root, klass

    @cached_property
    def fact(self) -> ClassFact | None:
        return self.file.klass(self.klass)

    @property
    def in_model(self) -> bool:
        return self.fact is not None and self.fact.kind in ("model", "transient", "abstract")

    @property
    def name(self) -> str:
        return self.root.name if isinstance(self.root, _FUNCTIONS) else ""

    @property
    def entity(self) -> str:
        return ".".join(part for part in (self.klass, self.name) if part)

    @property
    def nodes(self) -> list[ast.AST]:
        """Every node of the root that is a statement, an expression or holds some."""
        return self._tree[0]

    @property
    def parents(self) -> dict[int, ast.AST]:
        return self._tree[1]

    @cached_property
    def _tree(self) -> tuple[list[ast.AST], dict[int, ast.AST]]:
        return with_parents(self.root)

    def parent(self, node: ast.AST) -> ast.AST | None:
        return self.parents.get(id(node))

    def above(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        """``(parent, child)`` upwards from a node, up to the function in which it lies."""
        child = node
        while True:
            parent = self.parents.get(id(child))
            if parent is None:
                return
            yield parent, child
            if isinstance(parent, (*_FUNCTIONS, ast.ClassDef)):
                return
            child = parent

    def loops(self, node: ast.AST) -> Iterator[ast.AST]:
        """The loops, comprehensions and lambdas called per record that evaluate the node many times,
        innermost first."""
        for parent, child in self.above(node):
            if isinstance(parent, _LOOPS):
                if child in parent.body or child is getattr(parent, "test", None):
                    yield parent
            elif isinstance(parent, _COMPREHENSIONS):
                first = isinstance(child, ast.comprehension) and child is parent.generators[0]
                if not first or self._in_condition(node, parent.generators[0]):
                    yield parent
            elif isinstance(parent, ast.Lambda) and child is parent.body:
                if self.caller(parent) is not None:
                    yield parent

    def _in_condition(self, node: ast.AST, generator: ast.comprehension) -> bool:
        return any(inner is node for test in generator.ifs for inner in nodes_of(test))

    def caller(self, function: ast.Lambda) -> ast.expr | None:
        """What the lambda is called for each item of: a recordset, the argument of ``map`` or ``sorted``."""
        call = self.parent(function)
        while isinstance(call, ast.keyword):
            call = self.parent(call)
        if not isinstance(call, ast.Call):
            return None
        if isinstance(call.func, ast.Attribute) and call.func.attr in EACH:
            return call.func.value
        if isinstance(call.func, ast.Name) and call.func.id in _CALLING and call.args:
            return call.args[-1] if call.args[0] is function else call.args[0]
        return None

    @cached_property
    def bindings(self) -> dict[str, list[Binding]]:
        """What each local name is bound to, wherever in the function."""
        table: dict[str, list[Binding]] = {}
        for node in self.nodes:
            if node.__class__ not in _BINDING:
                continue
            for target, binding in self._bound(node):
                for name, exact in names(target):
                    table.setdefault(name, []).append(binding if exact else ("unknown", None))
        return table

    def _bound(self, node: ast.AST) -> Iterator[tuple[ast.expr, Binding]]:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from values(target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr | ast.AugAssign) and node.value is not None:
            yield node.target, ("value", node.value)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield from elements(node.target, node.iter)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            yield node.optional_vars, ("value", node.context_expr)
        elif isinstance(node, ast.Lambda):
            receiver = self.caller(node)
            for argument in node.args.args:
                name = ast.Name(argument.arg, ast.Store())
                yield name, ("element" if receiver is not None else "unknown", receiver)

    def kind(self, node: ast.expr, depth: int = 0) -> str:
        """What an expression is, as far as its looks and bindings tell."""
        if depth > _MAX_DEPTH:
            return UNKNOWN
        if isinstance(node, ast.Name):
            return self._name(node.id, depth)
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, depth)
        if isinstance(node, ast.Subscript):
            inner = self.kind(node.value, depth + 1)
            return RECORDS if inner in (ENV, RECORDS) else UNKNOWN
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr | ast.BitAnd | ast.Sub | ast.Add):
            return self._either([node.left, node.right], depth)
        if isinstance(node, ast.BoolOp):
            return self._either(node.values, depth)
        if isinstance(node, ast.IfExp):
            return self._either([node.body, node.orelse], depth)
        if isinstance(node, ast.NamedExpr):
            return self.kind(node.value, depth + 1)
        return OTHER

    def _either(self, nodes: list[ast.expr], depth: int) -> str:
        kinds = [self.kind(node, depth + 1) for node in nodes]
        return next((kind for kind in (RECORDS, ENV, CURSOR_KIND) if kind in kinds), kinds[0])

    def _name(self, name: str, depth: int) -> str:
        if name == "self":
            return RECORDS if self.in_model else OTHER
        bound = self.bindings.get(name)
        if bound and not (CURSOR.search(name) and all(value is None for _, value in bound)):
            kinds = [self._binding(binding, name, depth) for binding in bound]
            return next((kind for kind in (RECORDS, ENV, CURSOR_KIND) if kind in kinds), kinds[0])
        if name == "env":
            return ENV
        if CURSOR.search(name):
            return CURSOR_KIND
        if name in self.file.names or name in self.file.defined or ("", name) in self.file.skeleton.values:
            return OTHER
        return UNKNOWN

    def _binding(self, binding: Binding, name: str, depth: int) -> str:
        how, value = binding
        if value is None:
            return UNKNOWN
        if isinstance(value, ast.Name) and value.id == name:
            return UNKNOWN
        if how == "element":
            return self._element(value, depth)
        return self.kind(value, depth + 1)

    def _element(self, value: ast.expr, depth: int) -> str:
        """What iteration over an expression yields."""
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in _WRAPPERS:
            return self._element(value.args[0], depth + 1) if value.args else UNKNOWN
        if isinstance(value, ast.Tuple | ast.List) and value.elts:
            return self.kind(value.elts[0], depth + 1)
        kind = self.kind(value, depth + 1)
        return kind if kind == RECORDS else UNKNOWN

    def _call(self, node: ast.Call, depth: int) -> str:
        function = node.func
        if isinstance(function, ast.Name):
            if function.id == "super":
                return RECORDS if self.in_model else OTHER
            return OTHER if function.id in _BUILDERS else UNKNOWN
        if not isinstance(function, ast.Attribute):
            return UNKNOWN
        name, owner = function.attr, self.kind(function.value, depth + 1)
        if owner == ENV:
            return RECORDS if name == "ref" else UNKNOWN
        if name == "env" or dotted(function) == "api.Environment":
            return ENV
        if name == "cursor":
            return CURSOR_KIND
        if owner == RECORDS:
            if name == "mapped":
                return self._mapped(node)
            return RECORDS if name in RECORD_CALLS else UNKNOWN
        if owner == UNKNOWN and name in _ONLY_RECORDS and (name != "sudo" or not node.args):
            return RECORDS
        return OTHER if owner == OTHER else UNKNOWN

    def _mapped(self, node: ast.Call) -> str:
        first = node.args[0] if node.args else None
        path = first.value if isinstance(first, ast.Constant) else None
        return self.field_kind(path.rpartition(".")[2]) if isinstance(path, str) else UNKNOWN

    def _attribute(self, node: ast.Attribute, depth: int) -> str:
        name = node.attr
        if name == "env":
            return ENV
        if name in ("cr", "_cr"):
            return CURSOR_KIND
        owner = self.kind(node.value, depth + 1)
        if owner == ENV or name == "_origin":
            return RECORDS if name in _RECORD_ATTRIBUTES else UNKNOWN
        if owner == RECORDS:
            return self.field_kind(name)
        if name in ("website",) and dotted(node.value) == "request":
            return RECORDS
        return self.field_kind(name) if owner == UNKNOWN and name.endswith("_ids") else owner

    def field_kind(self, name: str) -> str:
        """What a field of a record holds, by its declaration in this class or else by its name."""
        for field in self.fact.fields if self.fact is not None else ():
            if field.name == name:
                return RECORDS if field.type in RELATIONAL else OTHER
        if name in ("id", "ids", "_ids", "res_id", "res_ids", "active_id", "active_ids"):
            return OTHER
        return RECORDS if name.endswith(_RELATIONAL_ENDS) or name in _RELATIONS else UNKNOWN


def is_constant(node: ast.expr) -> bool:
    """Whether an expression is written out in the source."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return all(is_constant(item) for item in node.elts)
    return isinstance(node, ast.Constant)
