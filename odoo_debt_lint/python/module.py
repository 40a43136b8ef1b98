"""One Python file as rules see it: facts at once, exact bodies on demand.

The same class serves a file and Python written inside XML (``<field name="code">``), whose text is padded
so that lines keep their numbers.
"""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from odoo_debt_lint.facts import ClassFact, MethodFact, PythonFacts
from odoo_debt_lint.memo import Memo
from odoo_debt_lint.python.bodies import Body
from odoo_debt_lint.python.code import Code
from odoo_debt_lint.python.skeleton import Outline, Skeleton
from odoo_debt_lint.python.units import Unit, opened
from odoo_debt_lint.source import Text
from odoo_debt_lint.triggers import words_of

if TYPE_CHECKING:
    from odoo_debt_lint.python.flow.values import Value


GRAMMAR = (3, 13)
"""The newest Python that an Odoo series runs on. What 3.14 has added (``except A, B:``, something else in
Python 2) is an error under any interpreter."""
_PROPERTIES = ("property", "cached_property", "lazy_property")


class PythonFile:
    """A parsed Python file.

    ``path`` is relative to the project's root, ``inside`` to the addon, ``role`` as in ``discovery``,
    ``embedded`` the model whose record holds the code when it was found in a data file. Raises SyntaxError
    and its like (see ``reader``) when the text does not parse.
    """

    def __init__(
        self,
        path: str,
        text: str,
        *,
        addon: str = "",
        series: str = "",
        role: str = "code",
        embedded: str = "",
        inside: str = "",
    ) -> None:
        self.path, self.addon, self.series, self.role, self.embedded = path, addon, series, role, embedded
        self.inside = inside or path
        self.text = Text(text)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.tree = ast.parse(text, feature_version=GRAMMAR)
        self.skeleton = (Outline if role == "test" else Skeleton)(self.text, self.tree)
        self._bodies: dict[int, Body | None] = {}
        self._codes: dict[int, Code] = {}
        self.constants: dict[tuple[str, str], Value | None] = {}
        """Names of the module (class ``""``) and of classes which ``constants`` has looked up."""
        self.memo = Memo()
        """What several rules work out of the whole file."""

    @cached_property
    def facts(self) -> PythonFacts:
        return self.skeleton.facts

    @property
    def names(self) -> dict[str, str]:
        """Local names and what they were imported as (``request`` → ``odoo.http.request``)."""
        return self.skeleton.names

    @cached_property
    def units(self) -> list[Unit]:
        """Functions and top-level statements in file order, each line in one unit only."""
        if self.embedded:
            return [Unit("", 1, len(self.text.lines), "", False, self.skeleton.tree)]
        found: list[Unit] = []
        parts = (part for unit in self.skeleton.units for part in opened(unit))
        for unit in sorted(parts, key=lambda item: (item.first, -item.last)):
            if not found or unit.first > found[-1].last:
                found.append(unit)
            else:
                found[-1].shared = True
        return found

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of the text: a rule that looks for names need not look further where they are not."""
        return words_of(self.text.text)

    @cached_property
    def _classes(self) -> dict[str, ClassFact]:
        return {fact.name: fact for fact in self.facts.classes}

    def klass(self, name: str) -> ClassFact | None:
        return self._classes.get(name)

    def klass_at(self, line: int) -> ClassFact | None:
        """The class whose statement begins in a line: of two of one name the one that is meant."""
        return next((fact for fact in self.facts.classes if fact.span.start_line == line), None)

    @cached_property
    def defined(self) -> set[str]:
        """Names of functions and classes of the module itself."""
        functions = {fact.name for fact in self.facts.functions}
        return functions | {fact.name for fact in self.facts.classes}

    @cached_property
    def functions(self) -> dict[tuple[str, str], Unit]:
        """Functions by class name (``""`` for the module) and name; the last definition wins."""
        return {(unit.klass, unit.name): unit for unit in self.units if unit.method}

    @cached_property
    def callers(self) -> dict[str, list[Unit]]:
        """The units that call something of a name which a function of this file has, by that name; of a
        property, those that read it."""
        wanted = {unit.name for unit in self.units if unit.method}
        starts = [unit.first for unit in self.units]
        found: dict[str, dict[int, Unit]] = {}
        for call in self.skeleton.kinds[ast.Call]:
            function = call.func
            name = getattr(function, "attr", None) or getattr(function, "id", "")
            if name in wanted:
                line = function.end_lineno
                unit = self.units[max(bisect_right(starts, line) - 1, 0)]
                if unit.first <= line <= unit.last:
                    found.setdefault(name, {})[unit.first] = unit
        for unit in self.units:
            for name in self.read_by(unit):
                found.setdefault(name, {})[unit.first] = unit
        return {name: [units[first] for first in sorted(units)] for name, units in found.items()}

    def read_by(self, unit: Unit) -> Iterator[str]:
        """The names of properties of this file which a unit reads."""
        names = {name for _, name in self.properties}
        for node in unit.nodes if names else ():
            if isinstance(node, ast.Attribute) and node.attr in names:
                yield node.attr

    @cached_property
    def properties(self) -> frozenset[tuple[str, str]]:
        """Methods that are read as attributes, by class and name."""
        return frozenset(key for key, method in self.methods.items() if method.decorated(*_PROPERTIES))

    def property_of(self, klass: str, name: str) -> Unit | None:
        """The property which an attribute of a class is, looked up as ``helper`` does."""
        unit = self.helper(klass, name) if self.properties else None
        return unit if unit is not None and (unit.klass, unit.name) in self.properties else None

    @cached_property
    def methods(self) -> dict[tuple[str, str], MethodFact]:
        """Method facts by class name and method name, module functions under ``""``."""
        table = {("", fact.name): fact for fact in self.facts.functions}
        for klass in self.facts.classes:
            table.update({(klass.name, fact.name): fact for fact in klass.methods})
        return table

    def source(self, unit: Unit) -> str:
        """The lines of a unit, as they are written."""
        return "\n".join(self.text.lines[unit.first - 1 : unit.last])

    def code(self, root: ast.stmt, klass: str) -> Code:
        """A function or statement with its ``ast``, for rules that need no exact text."""
        key = id(root)
        if key not in self._codes:
            self._codes[key] = Code(self, root, klass)
        return self._codes[key]

    def body(self, unit: Unit) -> Body | None:
        """The unit parsed by libcst; None when its parser refuses what ``ast`` accepted."""
        key = unit.first
        if key not in self._bodies:
            self._bodies[key] = Body.parse(self, unit)
        return self._bodies[key]

    def body_at(self, first: int) -> Body | None:
        """The body of the unit that begins in a line."""
        unit = next((unit for unit in self.units if unit.first == first), None)
        return self.body(unit) if unit is not None else None

    def release(self) -> None:
        """Lets go of the trees, which hold each other: waiting for the garbage collector costs more time and
        memory. Nothing can be asked of the file afterwards."""
        for body in self._bodies.values():
            if body is not None:
                body.__dict__.clear()
        self.__dict__.clear()

    def function(self, klass: str, name: str) -> Body | None:
        """The body of what ``helper`` finds."""
        unit = self.helper(klass, name)
        return self.body(unit) if unit is not None else None

    def helper(self, klass: str, name: str) -> Unit | None:
        """A method, looked up in the class, its bases in this file, then extensions there."""
        found = (self.functions.get((owner, name)) for owner in self.owners(klass))
        return next((unit for unit in found if unit is not None), None)

    def owners(self, klass: str) -> list[str]:
        """The class with those of this file from which it has its methods and attributes."""
        fact = self._classes.get(klass)
        if fact is None:
            return [klass]
        owners = [klass, *(base for base in fact.bases if base in self._classes)]
        if fact.model:
            owners += [other.name for other in self.facts.classes if other.model == fact.model]
            owners += [other.name for other in self.facts.classes if other.model in fact.inherit]
        return owners
