"""The first reader: one pass over the ``ast`` of a file, which feeds the index and all rules of breadth.

It sees every Python file, Odoo's own included, so it stays one flat walk. Classes, methods and routes are
put together in ``members``; what a method does with ``super()`` is told by ``supers``.
"""

from __future__ import annotations

import ast
from typing import Any

from odoo_debt_lint.facts import ClassFact, ImportFact, MethodFact, PythonFacts
from odoo_debt_lint.python import members
from odoo_debt_lint.python.expressions import Expressions
from odoo_debt_lint.python.literals import dotted
from odoo_debt_lint.python.results import TRY, only_tells
from odoo_debt_lint.python.trees import FIELDS
from odoo_debt_lint.python.units import Unit
from odoo_debt_lint.source import Text

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_WITHOUT_PLACE = frozenset({ast.comprehension, ast.arguments, type(None)})
"""Parts of expressions that have no line of their own."""


class Skeleton(Expressions):
    """Facts, code lines, and the units of one file.

    ``blocks`` are the first and last header line and the last line of every function and class.
    ``defs`` maps ``(class, name)`` to the functions. ``statements`` are all statements in document order,
    ``branches`` how much in a function may branch, by its id.
    """

    def __init__(self, text: Text, tree: ast.Module) -> None:
        super().__init__(text)
        self.tree = tree
        self.imports: list[ImportFact] = []
        self.classes: list[ClassFact] = []
        self.functions: list[MethodFact] = []
        self.units: list[Unit] = []
        self.blocks: list[tuple[int, int, int]] = []
        self.defs: dict[tuple[str, str], ast.FunctionDef | ast.AsyncFunctionDef] = {}
        self.tries: list[tuple[ast.Try, str, ast.stmt]] = []
        self.statements: list[ast.stmt] = []
        self.branches: dict[int, int] = {}
        self._forks = 0
        self._times: dict[str, int] = {}
        self._block(tree.body, 0, 1)

    @property
    def facts(self) -> PythonFacts:
        return PythonFacts(
            imports=tuple(self.imports),
            classes=tuple(self.classes),
            functions=tuple(self.functions),
            calls=tuple(self.calls),
        )

    def _block(self, body: list[ast.stmt], loop: int, depth: int) -> None:
        for node in body:
            self._statement(node, loop, depth)

    def _statement(self, node: ast.stmt, loop: int, depth: int) -> None:
        self.lines.add(node.lineno)
        self.statements.append(node)
        kind = node.__class__
        if kind in _FUNCTIONS:
            self._function(node, depth)  # type: ignore[arg-type]
        elif kind is ast.ClassDef:
            self._class_statement(node, depth)  # type: ignore[arg-type]
        elif kind is ast.Import or kind is ast.ImportFrom:
            self._import(node)  # type: ignore[arg-type]
        else:
            if depth == 1 or (self.klass and not self._method):
                self.units.append(
                    Unit("", node.lineno, node.end_lineno or node.lineno, self.klass, False, node)
                )
                self._assigned(node, self.values)
                self._root = node
            elif not self.klass and not self._method:
                self._assigned(node, self.branched)
            self._plain(node, loop, depth)

    def _assigned(self, node: ast.stmt, into: dict[tuple[str, str], list[ast.expr]]) -> None:
        """Remembers what the names of the module and of classes are set to, for constant look-ups."""
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign | ast.AugAssign) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            return
        for target in targets:
            if isinstance(target, ast.Name):
                into.setdefault((self.klass, target.id), []).append(value)

    def _plain(self, node: ast.stmt, loop: int, depth: int) -> None:
        """Any other statement: expressions, then nested blocks."""
        kind = node.__class__
        if kind is ast.Expr or kind is ast.Return:
            if node.value is not None:  # type: ignore[attr-defined]
                self._expression(node.value, loop, depth)  # type: ignore[attr-defined]
            return
        if kind is ast.Assign:
            for target in node.targets:  # type: ignore[attr-defined]
                self._expression(target, loop, depth)
            self._expression(node.value, loop, depth)  # type: ignore[attr-defined]
            return
        inner, guard = loop, False
        if kind in _LOOPS:
            inner = loop + 1
            self._forks += 1
        elif kind is ast.If:
            guard = "TYPE_CHECKING" in dotted(node.test)  # type: ignore[attr-defined]
            self._forks += 1
        elif kind is ast.Match:
            self._forks += 1
        elif kind in TRY:
            guard = kind is ast.Try
            self._forks += len(node.handlers)  # type: ignore[attr-defined]
            self.tries.append((node, self.klass, self._root))  # type: ignore[arg-type]
        self._guarded += guard
        for name in FIELDS[kind]:
            value = getattr(node, name)
            if value.__class__ is list:
                if value and isinstance(value[0], ast.stmt):
                    self._block(value, inner if name == "body" else loop, depth + 1)
                else:
                    for item in value:
                        self._other(item, loop, depth)
            elif value is not None:
                # the iterable of a for is evaluated once, the test of a while each time
                self._expression(value, inner if name == "test" else loop, depth)
        self._guarded -= guard

    def _other(self, node: ast.AST, loop: int, depth: int) -> None:
        """Handlers, match cases, with items and whatever else hangs in a statement's lists."""
        if isinstance(node, ast.expr):
            self._expression(node, loop, depth)
            return
        line = getattr(node, "lineno", 0)
        if line:
            self.lines.add(line)
        for name in FIELDS[node.__class__]:
            value = getattr(node, name)
            if value.__class__ is not list:
                if value is not None:
                    self._other(value, loop, depth)
            elif value and isinstance(value[0], ast.stmt):
                self._block(value, loop, depth + 1)
            else:
                for item in value:
                    if item is not None:
                        self._other(item, loop, depth)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        level = node.level if isinstance(node, ast.ImportFrom) else 0
        prefix = ""
        if isinstance(node, ast.ImportFrom):
            prefix = "." * level + (node.module or "")
            prefix += "." if node.module else ""
        for alias in node.names:
            self.lines.add(alias.lineno)
            name = alias.asname or (alias.name if prefix else alias.name.partition(".")[0])
            target = prefix + alias.name
            self.names[name] = target if prefix or alias.asname else name
            guarded, local = bool(self._guarded), bool(self._method)
            needed = guarded and not local and isinstance(self._root, ast.Try) and only_tells(self._root)
            self.imports.append(ImportFact(name, target, self.span(node), level, guarded, local, needed))

    def _extent(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
        header = max(node.lineno, node.body[0].lineno - 1)
        self.blocks.append((first, header, node.end_lineno or header))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, depth: int) -> None:
        self._extent(node)
        for decorator in node.decorator_list:
            self._expression(decorator, 0, depth)
        self._signature(node.args, depth)
        if node.returns is not None:
            self._expression(node.returns, 0, depth)
        if self._method:
            self._forks += 1
            self._block(node.body, 0, depth + 1)
            return
        before = self._branching()
        self._method, self._supers, self._delegates = node.name, False, set()
        first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
        unit = Unit(node.name, first, node.end_lineno or first, self.klass, True, node)
        self.units.append(unit)
        calls = len(self.kinds[ast.Call])
        self.defs[self.klass, node.name] = node
        self._root = node
        self._block(node.body, 0, depth + 1)
        unit.calls = self.kinds[ast.Call][calls:]
        self.branches[id(node)] = self._branching() - before
        fact = members.method(self, node, self._supers, tuple(sorted(self._delegates)))
        self._method = ""
        if not self.klass:
            self.functions.append(fact)
        else:
            self._methods.append(fact)

    def _branching(self) -> int:
        kinds = self.kinds
        return self._forks + len(kinds[ast.BoolOp]) + len(kinds[ast.IfExp]) + len(kinds[ast.Lambda])

    def _signature(self, arguments: ast.arguments, depth: int) -> None:
        self.kinds[ast.arguments].append(arguments)
        everything = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        everything += [item for item in (arguments.vararg, arguments.kwarg) if item is not None]
        for argument in everything:
            self.lines.add(argument.lineno)
            if argument.annotation is not None:
                self._expression(argument.annotation, 0, depth)
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self._expression(default, 0, depth)

    def _class_statement(self, node: ast.ClassDef, depth: int) -> None:
        self._extent(node)
        for part in (*node.decorator_list, *node.bases):
            self._expression(part, 0, depth)
        for word in node.keywords:
            self.lines.add(word.lineno)
            self._expression(word.value, 0, depth)
        if self.klass or self._method:
            # a class inside a class or function holds no model: its code belongs to the outer unit
            self._forks += 1
            outer, self._method = self._method, self._method or node.name
            self._block(node.body, 0, depth + 1)
            self._method = outer
            return
        name = self.klass = self._known_as(node.name)
        self._methods = []
        self._block(node.body, 0, depth + 1)
        self.klass = ""
        self.classes.append(members.klass(self, node, name, tuple(self._methods)))

    def _known_as(self, name: str) -> str:
        """The name under which a class is told. Odoo has both models of two classes of one name; here the
        second gets another, for what one has must not be taken for the other's."""
        times = self._times[name] = self._times.get(name, 0) + 1
        return name if times == 1 else f"{name}:{times}"

    _methods: list[MethodFact]


class Outline(Skeleton):
    """The skeleton of a file of tests: imports, classes, functions and lines. What its expressions hold
    concerns no rule, and they are a third of all code."""

    def _expression(self, root: ast.expr, loop: int, depth: int) -> None:
        add, fields = self.lines.add, FIELDS
        stack: list[Any] = [root]
        while stack:
            node = stack.pop()
            if node.__class__ not in _WITHOUT_PLACE:
                add(node.lineno)
                if node.end_lineno == node.lineno:
                    continue  # and so are its parts
            for name in fields[node.__class__]:
                value = getattr(node, name)
                if value.__class__ is list:
                    stack += value
                else:
                    stack.append(value)
