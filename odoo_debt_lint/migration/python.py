"""Finds in one Python file what facts name and no other file has to confirm.

One walk over the ``ast`` of a file in which some of the words occur. Fields, models and methods of records
need the index: see ``migration.context``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

from odoo_debt_lint.finding import FIRST_LINE, Span
from odoo_debt_lint.migration.action_views import assigned
from odoo_debt_lint.migration.checks import CHECKS
from odoo_debt_lint.migration.declared import Declared, plain
from odoo_debt_lint.migration.hooks import told_by_name
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.plan import Tables, Wanted
from odoo_debt_lint.migration.terms import old_operators
from odoo_debt_lint.python import members
from odoo_debt_lint.python.literals import dotted, literal, resolve
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.trees import nodes_of


class PythonFinder(Declared):
    """One pass over a file. ``places`` are in the order of the walk."""

    def __init__(self, file: PythonFile, tables: Tables) -> None:
        super().__init__(file, tables)
        self.calls, self.defs = tables.kind("call"), tables.kind("def")
        self.arguments = tables.kind("field-argument")
        self.keys, self.items = tables.kind("context-key"), tables.kind("dict-item")
        self.names, self.hooks = tables.names, tables.kind("hook")
        self.operators, self.strings = tables.kind("domain-operator"), tuple(tables.each("string"))
        self.checks: dict[type, list[Wanted]] = {}
        for wanted in tables.each("check"):
            for kind in CHECKS[wanted.match.value].kinds if wanted.match.needs in file.text.text else ():
                self.checks.setdefault(kind, []).append(wanted)

    def places(self) -> Iterator[Place]:
        """Everything that was met."""
        words = self.file.words
        if not self.tables.imported.isdisjoint(words):
            yield from self._imports()
        if not self.tables.declared.isdisjoint(words):
            yield from self._classes()
        names, others = self.tables.visited
        if names.isdisjoint(words) and (others is None or not others.search(self.file.text.text)):
            return
        for unit in self.file.units:
            self.klass, self.root = unit.klass, unit.node
            yield from self._walk(unit.node)

    def _walk(self, root: ast.AST) -> Iterator[Place]:
        names, checks = self.names, self.checks
        for node in nodes_of(root):
            kind = node.__class__
            if node.__class__ is ast.Name:
                yield from self._name(node) if node.id in names else ()
            elif node.__class__ is ast.Attribute:
                yield from self._attribute(node) if node.attr in names else ()
            elif kind in _VISITS:
                yield from _VISITS[kind](self, node)
            for wanted in checks.get(kind, ()):
                bare = Place(wanted, self.file, node, FIRST_LINE, klass=self.klass, root=self.root)
                check = CHECKS[wanted.match.value]
                if check.test(bare):
                    span = self.file.skeleton.span(check.where(node))
                    yield self._place(wanted, node, span)

    def _hook(self, node: Any) -> Iterator[Place]:
        """A function of the module which takes a cursor as hooks of the manifest did."""
        names = [argument.arg for argument in node.args.args]
        if told_by_name(node.name, names, self.hooks):
            for wanted in self.hooks.get(node.name) or next(iter(self.hooks.values())):
                yield self._place(wanted, node, members.header(self.file.skeleton, node))

    def _function(self, node: Any) -> Iterator[Place]:
        if self.hooks and not self.klass and node is self.root:
            yield from self._hook(node)
        for wanted in self.defs.get(node.name, ()):
            fact = self.file.methods.get((self.klass, node.name)) if node is self.root else None
            if fact is None or not self._owned(wanted):
                continue
            names = {param.name for param in fact.params}
            if wanted.match.params and not names & set(wanted.match.params):
                continue
            place = self._place(wanted, node, fact.span)
            if self._checked(wanted, place):
                yield place

    def _owned(self, wanted: Wanted) -> bool:
        klass = self.file.klass(self.klass)
        owner = wanted.match.of
        if owner in ("", "any"):
            return True
        if klass is None or klass.kind not in ("model", "transient", "abstract"):
            return False
        return (
            owner == "model" or klass.model in owner.split() or bool(set(klass.inherit) & set(owner.split()))
        )

    def _call(self, node: ast.Call) -> Iterator[Place]:
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        for wanted in self.calls.get(name, ()):
            if self._called(wanted, node):
                place = self._place(wanted, node, self._name_span(function))
                if self._checked(wanted, place):
                    yield place
        if (self.arguments or self.operators) and node.keywords:
            yield from self._field(node)
        if self.items and node.keywords:
            yield from self._assigned(node)
        if self.keys and name in _CONTEXTS:
            for word in node.keywords:
                for wanted in self.keys.get(word.arg or "", ()):
                    yield self._place(wanted, word)
        elif self.keys and name in _ASKING and node.args:
            yield from self._key(node.args[0])

    def _key(self, node: ast.expr) -> Iterator[Place]:
        """The key of a context where the code asks for it."""
        text = node.value if isinstance(node, ast.Constant) else None
        for wanted in self.keys.get(text, ()) if isinstance(text, str) else ():
            yield self._place(wanted, node)

    def _compare(self, node: ast.Compare) -> Iterator[Place]:
        if self.keys and isinstance(node.ops[0], ast.In | ast.NotIn):
            yield from self._key(node.left)

    def _called(self, wanted: Wanted, node: ast.Call) -> bool:
        match = wanted.match
        if isinstance(node.func, ast.Name) and self.file.defined & {node.func.id}:
            return False
        if isinstance(node.func, ast.Attribute) and self._is_own_method(node.func):
            return False
        if match.keyword and not any(word.arg == match.keyword for word in node.keywords):
            return False
        if len(node.args) < match.min_args:
            return False
        if match.of and isinstance(node.func, ast.Attribute):
            return match.of in dotted(node.func.value).lower() or "()" in dotted(node.func.value)
        return not match.of

    def _is_own_method(self, function: ast.Attribute) -> bool:
        """Whether a class that is no model calls its own method."""
        if dotted(function.value) != "self" or (self.klass, function.attr) not in self.file.methods:
            return False
        klass = self.file.klass(self.klass)
        return klass is not None and not klass.is_model

    def _name_span(self, function: ast.expr) -> Span:
        """The name that is called: what stays when the receiver changes."""
        span = self.file.skeleton.span(function)
        if isinstance(function, ast.Attribute):
            return Span(span.end_line, span.end_column - len(function.attr), span.end_line, span.end_column)
        return span

    def _field(self, node: ast.Call) -> Iterator[Place]:
        """Arguments of a field's declaration."""
        package, _, kind = plain(resolve(dotted(node.func), self.file.names)).rpartition(".")
        if package != "fields" or not kind[:1].isupper():
            return
        for word in node.keywords:
            text = word.value.value if isinstance(word.value, ast.Constant) else None
            if word.arg == "domain" and isinstance(text, str):
                for wanted in old_operators(text, self.operators):
                    yield self._place(wanted, word)
            for wanted in self.arguments.get(word.arg or "", ()):
                match = wanted.match
                if match.types and kind not in match.types:
                    continue
                if not match.values or literal(word.value) in match.values:
                    yield self._place(wanted, word)

    def _attribute(self, node: ast.Attribute) -> Iterator[Place]:
        for wanted in self.names.get(node.attr, ()):
            match = wanted.match
            written = dotted(node)
            if match.match == "attribute":
                met = written == match.value or written.endswith("." + match.value)
            else:
                resolved = resolve(written, self.file.names)
                met = resolved == match.value and not self._by_import(written, match.value)
            if met:
                place = self._place(wanted, node)
                if self._checked(wanted, place):
                    yield place

    def _by_import(self, written: str, value: str) -> bool:
        """Whether the import of the name itself has been reported."""
        head = self.file.names.get(written.partition(".")[0], "")
        return head == value or head.startswith(value + ".")

    def _name(self, node: ast.Name) -> Iterator[Place]:
        """A bare name that was imported from what a fact names, where the import itself still works."""
        target = self.file.names.get(node.id)
        for wanted in self.names.get(node.id, ()) if target else ():
            if (
                wanted.match.match == "name"
                and target == wanted.match.value
                and isinstance(node.ctx, ast.Load)
            ):
                yield self._place(wanted, node)

    def _dict(self, node: ast.Dict) -> Iterator[Place]:
        for key, value in zip(node.keys, node.values, strict=True):
            name = key.value if isinstance(key, ast.Constant) else None
            if not isinstance(name, str):
                continue
            for wanted in self.keys.get(name, ()):
                yield self._place(wanted, key)
            for wanted in self.items.get(name, ()):
                match, text = wanted.match, literal(value)
                fits = text in match.values if match.values else isinstance(text, str) and wanted.fits(text)
                place = self._place(wanted, value, self._item_span(wanted, key, value))
                if fits and self._checked(wanted, place):
                    yield place

    def _assigned(self, node: ast.Assign | ast.Call) -> Iterator[Place]:
        """``x["a"] = b`` and ``dict(a=b)`` are items too, where no index follows the name."""
        for key, name, value in assigned(node):
            for wanted in self.items.get(name, ()):
                text = literal(value)
                followed = wanted.match.check or wanted.match.values or self._item_span(wanted, key, value)
                if not followed and isinstance(text, str) and wanted.fits(text):
                    yield self._place(wanted, value)

    def _item_span(self, wanted: Wanted, key: Any, value: ast.expr) -> Span | None:
        """From the name on, where the index reports the use of the field too: so there is one finding, and
        the one with the fix stays."""
        name = "." + wanted.match.value
        if not any(item.match == "field" and item.value.endswith(name) for item in wanted.fact.match):
            return None
        start, end = self.file.skeleton.span(key), self.file.skeleton.span(value)
        return Span(start.start_line, start.start_column + 1, end.end_line, end.end_column)

    def _constant(self, node: ast.Constant) -> Iterator[Place]:
        if isinstance(node.value, str):
            for wanted in self.strings:
                if wanted.match.value in node.value and wanted.fits(node.value):
                    yield self._place(wanted, node)

    def _term(self, node: ast.Tuple | ast.List) -> Iterator[Place]:
        """A term of a domain with an operator that is gone."""
        if not self.operators or len(node.elts) != 3:
            return
        field, operator = (literal(item) for item in node.elts[:2])
        if not isinstance(field, str) or not isinstance(operator, str) or not _PATH.fullmatch(field):
            return
        found = list(self.operators.get(operator, ()))
        if operator != operator.lower() and operator.lower() in _OPERATORS:
            found += self.operators.get("upper-case", [])
        for wanted in found:
            yield self._place(wanted, node.elts[1])

    def _subscript(self, node: ast.Subscript) -> Iterator[Place]:
        if self.keys:
            yield from self._key(node.slice)
        name = resolve(dotted(node.value), self.file.names)
        for wanted in self.tables.kind("subscript").get(name, ()):
            if isinstance(literal(node.slice), str):
                yield self._place(wanted, node)


_CONTEXTS = ("with_context", "dict", "update")
"""Calls whose keyword arguments may be keys of a context."""
_ASKING = ("get", "pop", "setdefault")
_PATH = re.compile(r"(?![A-Z_]+$)[\w.]+")
"""A field, or fields over relations; no word in capitals."""
_OPERATORS = frozenset(
    {"in", "not in", "like", "ilike", "not like", "not ilike", "=like", "=ilike", "child_of", "any"}
)
_VISITS: dict[type[ast.AST], Callable[[PythonFinder, Any], Iterator[Place]]] = {
    ast.FunctionDef: PythonFinder._function,
    ast.AsyncFunctionDef: PythonFinder._function,
    ast.Call: PythonFinder._call,
    ast.Dict: PythonFinder._dict,
    ast.Assign: PythonFinder._assigned,
    ast.Compare: PythonFinder._compare,
    ast.Constant: PythonFinder._constant,
    ast.Tuple: PythonFinder._term,
    ast.List: PythonFinder._term,
    ast.Subscript: PythonFinder._subscript,
}
