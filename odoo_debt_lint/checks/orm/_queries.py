"""Which calls ask the database, and which methods of a file do so."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from odoo_debt_lint.python.code import CURSOR_KIND, ENV, RECORDS, UNKNOWN, Code
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.python.units import Event

PLAIN = frozenset({"search", "read", "name_search"})
"""Names which other libraries have too: the receiver must be a recordset."""
OWN = frozenset(
    {"search_count", "search_read", "search_fetch", "read_group", "_read_group", "formatted_read_group"}
)
"""Names which nobody but Odoo has."""
_OF_ENV = frozenset({"execute_query", "execute_query_dict"})
"""Methods of the environment, since 18.0."""
NAMES = (*sorted(PLAIN), *sorted(OWN), "execute", *sorted(_OF_ENV))
_SAME = frozenset("filtered sorted with_context with_company with_user sudo exists".split())
_FINDING = frozenset({"browse", "search"})
_MAX_DEPTH = 3
_SHORT = 30
_STEP = re.compile(r"^_?(action|button|do|process|send|request|generate|create|confirm|validate|run|sync)_")


def is_query(code: Code, call: ast.Call) -> bool:
    """Whether the call sends a query by itself."""
    function = call.func
    if not isinstance(function, ast.Attribute):
        return False
    name, receiver = function.attr, function.value
    if isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Name) and receiver.func.id == "super":
        return False
    kind = code.kind(receiver)
    if name == "execute":
        return kind == CURSOR_KIND and bool(call.args) and not _is_setting(call.args[0])
    if name in _OF_ENV:
        return kind == ENV
    if name in OWN:
        return kind in (RECORDS, UNKNOWN)
    return name in PLAIN and (kind == RECORDS or (kind == UNKNOWN and _takes_records(name, call)))


def _takes_records(name: str, call: ast.Call) -> bool:
    """Whether the arguments tell that it is Odoo's method: a domain, or a list of names of fields."""
    first = call.args[0] if call.args else None
    if not isinstance(first, ast.List) or not first.elts:
        return False
    if name == "read":
        return all(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in first.elts)
    return name == "search" and any(
        isinstance(item, ast.Tuple) and len(item.elts) == 3 for item in first.elts
    )


def _is_setting(query: ast.expr) -> bool:
    """Statements about the session or the structure of tables, and locks of one record after the other, which
    nobody could batch."""
    text = _beginning(query)
    if isinstance(text, str) and " for update" in text.lower():
        return True
    words = ("set ", "create ", "alter ", "drop ", "comment ", "savepoint", "release", "rollback", "truncate")
    return isinstance(text, str) and text.strip().lower().startswith(words)


def _beginning(query: ast.expr | None) -> object:
    """The text before the names that are put in, also of what ``SQL()`` is given."""
    if isinstance(query, ast.BinOp):
        return _beginning(query.left)
    if isinstance(query, ast.JoinedStr):
        return _beginning(query.values[0] if query.values else None)
    if isinstance(query, ast.Call):
        function = query.func
        if isinstance(function, ast.Attribute) and function.attr == "format":
            return _beginning(function.value)
        return _beginning(query.args[0] if query.args else None)
    return query.value if isinstance(query, ast.Constant) else None


class Helpers:
    """Methods of a file that ask the database each time they are called."""

    def __init__(self, file: PythonFile) -> None:
        self.file = file
        self._events: dict[tuple[str, str], list[tuple[str, Event]]] = {}
        self._known: dict[tuple[str, str], str] = {}
        for name in NAMES:
            for event in file.skeleton.events.get(name, ()):
                root = event.root
                if isinstance(root, ast.FunctionDef):
                    self._events.setdefault((event.klass, root.name), []).append((name, event))

    def _direct(self, key: tuple[str, str]) -> str:
        """The first query of a method."""
        if key not in self._known:
            queries = (name for name, event in self._events.get(key, ()) if self._asks(event))
            self._known[key] = next(queries, "")
        return self._known[key]

    def _asks(self, event: Event) -> bool:
        if any("cache" in ast.unparse(item) for item in getattr(event.root, "decorator_list", ())):
            return False
        code = self.file.code(event.root, event.klass)
        return is_query(code, event.node) and is_own(code, event.node, code.root)

    def query_of(self, code: Code, call: ast.Call) -> tuple[str, ast.FunctionDef] | None:
        """The query which a call of a helper sends, and the helper."""
        function = call.func
        if not isinstance(function, ast.Attribute) or code.kind(function.value) != RECORDS:
            return None
        name = function.attr
        if same_model(function.value, code):
            return self.found((self.owner(code.klass, name), name))
        owner = self._only_owner(name)
        return self.found((owner, name)) if owner and owner != code.klass else None

    def _only_owner(self, name: str) -> str:
        """The one model of the file that has a private method, for calls on records of another one."""
        owners = {klass for klass, method in self.file.skeleton.defs if method == name and klass}
        fact = self.file.klass(next(iter(owners))) if len(owners) == 1 and name.startswith("_") else None
        return fact.name if fact is not None and fact.is_model else ""

    def found(self, key: tuple[str, str]) -> tuple[str, ast.FunctionDef] | None:
        query = self._query(key, 0)
        node = self.file.skeleton.defs.get(key)
        return (query, node) if query and isinstance(node, ast.FunctionDef) else None

    def owner(self, klass: str, name: str) -> str:
        """The class of the file whose method is called on records of a class: its own, that of another
        extension of the model, or of a mixin which stands in the same file."""
        if (klass, name) in self.file.skeleton.defs:
            return klass
        fact = self.file.klass(klass)
        models = {fact.model, *fact.inherit} if fact is not None and fact.model else set()
        known = (other.name for other in self.file.facts.classes if other.model in models)
        return next((other for other in known if (other, name) in self.file.skeleton.defs), klass)

    def names(self) -> Iterator[tuple[str, str]]:
        """The classes and names of all that may ask, in the order of the file."""
        yield from self._events

    def functions(self) -> dict[str, tuple[str, ast.FunctionDef]]:
        """The functions of the module, in no class, which send a query."""
        names = [name for klass, name in self._events if not klass]
        found = {name: self.found(("", name)) for name in names}
        return {name: helper for name, helper in found.items() if helper is not None}

    def _query(self, key: tuple[str, str], depth: int) -> str:
        direct = self._direct(key)
        if direct:
            return direct
        node = self.file.skeleton.defs.get(key)
        if node is None or depth >= _MAX_DEPTH or len(node.body) > 3:
            return ""
        code = self.file.code(node, key[0])
        for inner in nodes_of(node):
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
                owner = inner.func.value
                if isinstance(owner, ast.Name) and inner.func.attr != key[1] and not _waits(code, inner):
                    name = inner.func.attr
                    found = self._query((self.owner(key[0], name), name), depth + 1)
                    if found:
                        return found
        return ""


def is_lookup(helper: ast.FunctionDef) -> bool:
    """Whether the helper looks something up for its caller; else it is a step of work per record."""
    if _STEP.match(helper.name) or (helper.end_lineno or helper.lineno) - helper.lineno > _SHORT:
        return False
    return any(isinstance(node, ast.Return) and node.value is not None for node in nodes_of(helper))


def _waits(code: Code, call: ast.Call) -> bool:
    """Whether it stands in a lambda that is handed on, and runs when somebody calls that."""
    return any(
        isinstance(parent, ast.Lambda) and code.caller(parent) is None for parent, _ in code.above(call)
    )


def is_own(code: Code, call: ast.Call, helper: ast.AST) -> bool:
    """Whether each run of the helper reaches the query: no inner function's, not kept in a table, and no
    search for a code that nobody has yet."""
    if _waits(code, call):
        return False
    last: ast.AST | None = None
    for parent, child in code.above(call):
        last = parent
        if isinstance(parent, ast.While):
            return False
        if isinstance(parent, ast.If) and child is not parent.test and "not in" in ast.unparse(parent.test):
            return False
    return last is helper


def same_model(receiver: ast.expr, code: Code) -> bool:
    """``self`` or a variable over records: the method is likely the one of this class."""
    while isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Attribute):
        receiver = receiver.func.value
    if not isinstance(receiver, ast.Name):
        return False
    return receiver.id == "self" or _from_self(receiver.id, code)


def _from_self(name: str, code: Code) -> bool:
    for _, value in code.bindings.get(name, ()):
        while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            if value.func.attr not in _SAME | _FINDING:
                return False
            value = value.func.value
        if isinstance(value, ast.Name) and value.id == "self":
            return True
    return False
