"""Finds what facts name in the imports, classes and decorators of a Python file: its facts tell them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from odoo_debt_lint.finding import Span
from odoo_debt_lint.migration.checks import CHECKS
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.plan import Tables, Wanted
from odoo_debt_lint.python.literals import UNKNOWN
from odoo_debt_lint.python.module import PythonFile

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
MODELS = ("model", "transient", "abstract")
_ROOTS = ("odoo.", "openerp.")


def plain(name: str) -> str:
    """A dotted name without the name of the server in front."""
    return name[name.index(".") + 1 :] if name.startswith(_ROOTS) else name


class Declared:
    """What stands outside of the bodies of functions."""

    def __init__(self, file: PythonFile, tables: Tables) -> None:
        self.file, self.tables = file, tables
        self.klass = ""
        self.root: Any = None

    def _place(self, wanted: Wanted, node: Any, span: Span | None = None) -> Place:
        name = self.root.name if isinstance(self.root, FUNCTIONS) else ""
        entity = ".".join(part for part in (self.klass, name) if part)
        return Place(
            wanted, self.file, node, span or self.file.skeleton.span(node), entity, self.klass, self.root
        )

    def _checked(self, wanted: Wanted, place: Place) -> bool:
        name = wanted.match.check
        return not name or CHECKS[name].test(place)

    def _imports(self) -> Iterator[Place]:
        """Imports of a name, of what lies below it, or of the module it was in."""
        for fact in self.file.facts.imports:
            if fact.guarded or fact.level:
                continue
            for wanted in self._imported(fact.target):
                if not self._inherited(wanted, fact.target):
                    yield self._place(wanted, None, fact.span)

    def _inherited(self, wanted: Wanted, target: str) -> bool:
        """Whether the same change is told where a class of the file has what is imported as its base: what
        is left behind fails at the import."""
        told = wanted.ahead and any(
            item.fact.hardness > wanted.fact.hardness or item.fact.breaks == "hard"
            for item in self.tables.kind("base").get(wanted.match.value, ())
        )
        return told and any(target in klass.bases for klass in self.file.facts.classes)

    def _imported(self, target: str) -> Iterator[Wanted]:
        table = self.tables.kind("import")
        if target.partition(".")[0] == "openerp":
            yield from table.get("openerp", ())
        parts = plain(target).split(".")
        for count in range(len(parts), 0, -1):
            name = ".".join(parts[:count])
            found = table.get(f"odoo.{name}") or table.get(name)
            if found:
                yield from found
                return

    def _classes(self) -> Iterator[Place]:
        for klass in self.file.facts.classes:
            self.klass = klass.name
            for base in klass.bases:
                for wanted in self.tables.kind("base").get(base, ()):
                    if wanted.ahead or base not in self.file.names.values():
                        yield self._place(wanted, None, klass.span)
            for name, items in self.tables.kind("class-attribute").items():
                if klass.kind in MODELS and name in klass.attr_spans:
                    for wanted in items:
                        place = self._place(wanted, None, klass.attr_spans[name])
                        if self._checked(wanted, place):
                            yield place
            for method in klass.methods:
                yield from self._decorated(method.decorators)
        self.klass = ""
        for function in self.file.facts.functions:
            yield from self._decorated(function.decorators)

    def _decorated(self, decorators: Any) -> Iterator[Place]:
        for decorator in decorators:
            name = plain(decorator.name)
            for wanted in self.tables.kind("decorator").get(name, ()):
                yield self._place(wanted, None, decorator.span)
            short = "http.route" if name in ("http.route", "route") else name
            for wanted in self.tables.kind("decorator-argument").get(short, ()):
                match = wanted.match
                given = decorator.kwargs.get(match.argument, UNKNOWN)
                if given is UNKNOWN or (match.without and match.without in decorator.kwargs):
                    continue
                if not match.values or given in match.values:
                    yield self._place(wanted, None, decorator.span)
