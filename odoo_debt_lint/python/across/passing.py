"""Which calls of a file hand a value on to another file, and what its functions return.

The facts are joined over all addons of the run by ``checks.security._across``. Names are followed by
``names``, which parses nothing; what is exact, the sinks, is judged by ``flow``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from odoo_debt_lint.facts import Carried, PassFact, ReturnFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.python.across.handing import Rights, Wholes, checks_caller, may_elevate, parameters
from odoo_debt_lint.python.across.names import OWN, Names
from odoo_debt_lint.python.across.parts import parts, results
from odoo_debt_lint.python.across.taints import NOTHING, Taint
from odoo_debt_lint.python.flow.callers import can_handle
from odoo_debt_lint.python.flow.knowledge import FRAMEWORK_CALLS, PROJECT
from odoo_debt_lint.python.literals import dotted, resolve
from odoo_debt_lint.python.trees import nodes_of

if TYPE_CHECKING:
    from odoo_debt_lint.facts import MethodFact
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_SQL = re.compile(
    r"\b(SELECT|WHERE|FROM|JOIN|AND|OR|ORDER BY|GROUP BY|I?LIKE|BETWEEN|select|where|ilike)\b|[=<>] ?'[%{]"
)
_SQL_WORDS = frozenset(
    "SELECT WHERE FROM JOIN AND OR ORDER GROUP LIKE ILIKE BETWEEN select where ilike".split()
)
_BUILT = re.compile(r"%|\+|f['\"]|\.format\(")
_SHORT = 12
"""Lines of a function of a module that may do nothing but change a text."""
_AWAY = re.compile(r"\benv\b|\bsuper\(|\bself\.|\bcls\.|\brequest\b")


def passing(
    file: PythonFile, marked: frozenset[tuple[str, str]] = frozenset()
) -> tuple[list[PassFact], list[ReturnFact]]:
    """The calls that hand something on, and the functions that return something, which others must know.

    ``marked`` are functions of which a rule has noted that it must be known what they are given.
    """
    passes: list[PassFact] = []
    returns: list[ReturnFact] = []
    if file.embedded or file.role not in ("code", "hook"):
        return passes, returns
    imported = {name for name, target in file.names.items() if target.startswith(PROJECT)}
    queries = _has_queries(file)
    for unit in file.units:
        method = file.methods.get((unit.klass, unit.name)) if unit.method else None
        if method is not None and not method.decorated("depends", "constrains", "onchange"):
            look = _Look(file, unit, method, imported, marked, queries)
            passes += look.passes()
            returns += look.returns()
    return _leading_away(file, passes, marked), returns


def _has_queries(file: PythonFile) -> bool:
    """Whether the file has anything of SQL; most have not, and their functions need not be searched."""
    text = file.text.text
    return not _SQL_WORDS.isdisjoint(file.words) or "'%" in text or "'{" in text


def _leading_away(
    file: PythonFile, passes: list[PassFact], marked: frozenset[tuple[str, str]]
) -> list[PassFact]:
    """Without the calls that stay in the file for good: ``callers`` has followed those."""
    away = [item for item in passes if not _stays(file, item)]
    inside = [item for item in passes if _stays(file, item)]
    leading = {(item.klass, item.function) for item in away} | marked
    while inside:
        more = [item for item in inside if _callee(item) in leading]
        if not more:
            break
        away += more
        leading |= {(item.klass, item.function) for item in more}
        inside = [item for item in inside if _callee(item) not in leading]
    return away


def _callee(item: PassFact) -> tuple[str, str]:
    return ("" if item.kind == "own" else item.klass, item.name)


def _stays(file: PythonFile, item: PassFact) -> bool:
    """Whether a call finds its function in the same file."""
    klass = file.klass(item.klass)
    if item.kind == "model" and (klass is None or klass.model != item.owner):
        return False
    return item.kind in ("own", "class", "model") and _callee(item) in file.functions


class _Look:
    """One function and what its names may hold."""

    def __init__(
        self,
        file: PythonFile,
        unit: Unit,
        method: MethodFact,
        imported: set[str],
        marked: frozenset[tuple[str, str]],
        queries: bool,
    ) -> None:
        self.file, self.unit, self.method, self.imported = file, unit, method, imported
        self.marked, self.queries = marked, queries
        klass = file.klass(unit.klass)
        self.control = klass is not None and klass.kind == "controller"
        self.takes = any(item.name not in OWN for item in method.params)
        self._names: Names | None = None
        self.handles = can_handle(method, klass)

    @property
    def names(self) -> Names:
        if self._names is None:
            self._names = Names(self.file, self.unit)
        return self._names

    @cached_property
    def text(self) -> str:
        return self.file.source(self.unit)

    @cached_property
    def wholes(self) -> Wholes:
        return Wholes(self.unit, self.file, self.handles)

    @cached_property
    def checked(self) -> bool:
        return checks_caller(self.text)

    @cached_property
    def classes(self) -> set[str]:
        """The imported classes of which the function makes objects."""
        return {name for name in self.imported if name[:1].isupper() and f"{name}(" in self.text}

    def passes(self) -> Iterator[PassFact]:
        """The calls that may lead into another file, with the arguments that matter."""
        if not (self.takes or self.control or "request" in self.text):
            return
        if not (
            self.imported or _AWAY.search(self.text) or any(name in self.text for _, name in self.marked)
        ):
            return
        worth = [call for call in _calls(self.unit) if self._worth(call)]
        worth.sort(key=lambda node: (node.lineno, node.col_offset))
        for number, call in enumerate(worth):
            whom = self._target(call.func)
            if whom is None:
                continue
            args = {key: item for key, value in _given(call) if (item := self._carried(value)) is not None}
            if args or (self.control and whom[0] in ("function", "class", "own")):
                unit, span = self.unit, self.file.skeleton.span(call)
                place = (unit.first, -1 - number, span, unit.klass, unit.name)
                yield PassFact(*place, *whom, args, self.checked)

    def returns(self) -> Iterator[ReturnFact]:
        """What is made of what came in, looked for in short functions, in SQL and where a request is read.

        And functions that lend superuser rights."""
        method = self.method
        if not method.returns or method.result in ("constant", "super") or method.route is not None:
            return
        text = self.text
        lends = may_elevate(text) and Rights(self.unit).lends
        selects = Rights(self.unit).chosen(parameters(self.unit)) if "browse(" in text and self.takes else []
        returned = results(self.unit) if self._makes_values() else []
        value = self._fact(self._joined(returned))
        if value is not None or lends or selects:
            known = self._parts(returned) if value is not None else ()
            yield ReturnFact(
                self.unit.klass, self.unit.name, value or Carried(), lends, tuple(selects), known
            )

    def _makes_values(self) -> bool:
        text = self.text
        short = not self.unit.klass and self.unit.last - self.unit.first < _SHORT and self.takes
        if short or "request." in text:
            return True
        return self.queries and bool(_BUILT.search(text) and _SQL.search(text))

    def _joined(self, nodes: Iterable[ast.expr]) -> Taint:
        whole = NOTHING
        for node in nodes:
            whole = whole | self.names.of(node)
        return whole

    def _parts(self, returned: list[ast.expr]) -> tuple[tuple[Any, Carried], ...]:
        """What the results have under each index or key, if all of them are written down."""
        tables = [parts(node) for node in returned]
        if not all(tables):
            return ()
        keys = dict.fromkeys(key for table in tables for key in table)
        found = {key: self._joined(table[key] for table in tables if key in table) for key in keys}
        return tuple((key, self._fact(taint) or Carried()) for key, taint in found.items())

    # -- which calls ---------------------------------------------------------------------------------

    def _worth(self, call: ast.Call) -> bool:
        """A look that is cheap: may the call lead away, and is it given more than constants?"""
        func = call.func
        if isinstance(func, ast.Name):
            known = func.id in self.imported or ("", func.id) in self.file.functions
        else:
            known = isinstance(func, ast.Attribute) and func.attr not in FRAMEWORK_CALLS
        return known and (
            self.control or any(not isinstance(value, ast.Constant) for _, value in _given(call))
        )

    def _target(self, func: ast.expr) -> tuple[str, str, str] | None:
        """As ``exits.target``."""
        if isinstance(func, ast.Name):
            if func.id not in self.imported:
                return ("own", "", func.id)
            owner, _, name = self.file.names[func.id].rpartition(".")
            if name.endswith(("Error", "Exception", "Warning")):
                return None
            return ("function", owner if owner.strip(".") else owner + ".", name)
        if not isinstance(func, ast.Attribute) or func.attr.startswith("__"):
            return None
        owner_node, name = func.value, func.attr
        if isinstance(owner_node, ast.Call) and getattr(owner_node.func, "id", "") == "super":
            return ("super", self.unit.klass, name)
        root = dotted(owner_node)
        if root.partition(".")[0] in self.imported and "(" not in root and "[" not in root:
            return ("function", resolve(root, self.file.names), name)
        made = self._made(owner_node)
        if made:
            return ("function", made, name)
        record = self.names.record(owner_node)
        if record is not None:
            path = ".".join(record.path)
            return ("path", f"{record.model}:{path}", name) if path else ("model", record.model, name)
        return ("class", self.unit.klass, name) if root in OWN and self.unit.klass else None

    def _made(self, node: ast.expr) -> str:
        """The imported class of which something is an object: ``Orders(request.env)``, or a name for it."""
        if not self.classes:
            return ""
        if isinstance(node, ast.Name):
            known = self.wholes.set.get(node.id, ())
            node = known[0] if len(known) == 1 and known[0] is not None else node
        func = node.func if isinstance(node, ast.Call) else None
        name = func.id if isinstance(func, ast.Name) else ""
        return self.file.names[name] if name in self.classes else ""

    # -- what is given -------------------------------------------------------------------------------

    def _carried(self, node: ast.expr) -> Carried | None:
        fact = self._fact(self.names.of(node))
        whole = self.wholes.of(node) if fact is not None else ""
        return replace(fact, whole=whole) if fact is not None and whole else fact

    def _fact(self, taint: Taint) -> Carried | None:
        """A taint as a fact; None when nobody needs to know."""
        if taint is NOTHING or not (taint.via or taint.chosen or taint.origin > _UNKNOWN):
            return None
        flow: tuple[Location, ...] = ()
        if taint.source is not None and taint.origin > _UNKNOWN:
            node, label = taint.source
            flow = (Location(self.file.path, self.file.skeleton.span(node), label),)
        via, chosen = (tuple(sorted(item, key=repr)) for item in (taint.via, taint.chosen))
        return Carried(int(taint.level), int(taint.origin), taint.built, via, chosen, flow)


_UNKNOWN = 4
"""``Level.UNKNOWN``."""


def _calls(unit: Unit) -> Iterator[ast.Call]:
    """The calls of a function, and those in its decorators and defaults."""
    yield from unit.calls
    function: Any = unit.node
    given: ast.arguments = function.args
    for part in (*function.decorator_list, *given.defaults, *filter(None, given.kw_defaults)):
        yield from (node for node in nodes_of(part) if isinstance(node, ast.Call))


def _given(call: ast.Call) -> Iterator[tuple[str, Any]]:
    """Arguments by position or name; ``*`` and ``**`` for what is spread out."""
    for index, value in enumerate(call.args):
        yield ("*", value.value) if isinstance(value, ast.Starred) else (str(index), value)
    for word in call.keywords:
        yield (word.arg or "**", word.value)
