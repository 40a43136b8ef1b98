"""What the expressions of a file tell in the skeleton's pass: calls, look-ups in the environment, kinds.

The hot loop of the first reader: every expression of every file comes through here once.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import Any

from odoo_debt_lint.facts import CallFact
from odoo_debt_lint.finding import Span
from odoo_debt_lint.python.literals import UNKNOWN, dotted, literal, resolve
from odoo_debt_lint.python.trees import FIELDS, nodes_of
from odoo_debt_lint.python.units import Event
from odoo_debt_lint.source import Text

CALLS = frozenset(
    {
        "ref",
        "xmlid_to_object",
        "xmlid_to_res_id",
        "_xmlid_to_res_id",
        "_xmlid_lookup",
        "_xmlid_to_res_model_res_id",
        "_for_xml_id",
        "has_group",
        "has_groups",
        "user_has_groups",
        "render",
        "_render",
        "_render_template",
        "render_template",
        "message_post_with_view",
        "message_post_with_source",
        "_render_qweb_pdf",
        "_render_qweb_html",
        "_render_qweb_text",
        "activity_schedule",
        "activity_feedback",
        "activity_reschedule",
        "activity_unlink",
    }
)
"""Last names of the calls that become ``CallFact``."""
PAIRS = frozenset({"get_object", "get_object_reference", "check_object_reference"})
"""The same, where the first two arguments make an XML id."""
_BARE = frozenset({"ref", "_ref"})
"""What ``env.ref`` is called when it has been given a name."""
POSTING = frozenset({"message_post", "message_notify"})
"""The same, where ``subtype_xmlid`` is one."""
_IDS = frozenset({"xml_id", "xmlid", "full_xml_id", "template", "act_type_xmlid", "act_type_xmlids"})
"""Names of the argument that is an XML id."""

EVENTS = frozenset(
    (
        "search search_count search_read search_fetch read_group _read_group formatted_read_group read "
        "name_search execute execute_query execute_query_dict create write unlink with_context env _ _lt len"
    ).split()
)
"""Last names of the calls that rules of a file look at with the tree at hand (``Event``)."""

_NOWHERE = ast.Pass()
_COMPREHENSIONS = frozenset({ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp, ast.Lambda})
_NAME, _ATTRIBUTE, _CONSTANT = ast.Name, ast.Attribute, ast.Constant
_CALL, _KEYWORD, _SUBSCRIPT = ast.Call, ast.keyword, ast.Subscript
"""Looked up once: this is asked for each expression."""


class Expressions:
    """What is collected from expressions, and where in the file they stand.

    ``values`` maps ``(class, name)`` to what is assigned there (class ``""``: the module), ``branched``
    to what the module assigns below an ``if`` or ``try``.
    ``lines`` are the lines with code. ``events`` are the calls of ``EVENTS`` by name, ``looped`` all other
    method calls in loops, ``kinds`` the expressions by class (names and attributes left out) and the
    signatures.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        self.lines: set[int] = set()
        self.names: dict[str, str] = {}
        self.values: dict[tuple[str, str], list[ast.expr]] = {}
        self.branched: dict[tuple[str, str], list[ast.expr]] = {}
        self.calls: list[CallFact] = []
        self.events: dict[str, list[Event]] = {}
        self.looped: list[Event] = []
        self.kinds: defaultdict[type[ast.AST], list[Any]] = defaultdict(list)
        self._root: ast.stmt = _NOWHERE
        self.klass = ""
        self._method = ""
        self._delegates: set[str] = set()
        self._supers = False
        self._guarded = 0

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias) -> Span:
        """Code-point span of a node."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return Span(
            node.lineno,
            self.text.column(node.lineno, node.col_offset),
            end_line,
            self.text.column(end_line, end_column),
        )

    def _expression(self, root: ast.expr, loop: int, depth: int) -> None:
        add, kinds, fields = self.lines.add, self.kinds, FIELDS
        add(root.lineno)
        several = root.end_lineno != root.lineno
        stack: list[Any] = [root]
        pop, push = stack.pop, stack.append
        while stack:
            node = pop()
            kind = node.__class__
            while kind is _ATTRIBUTE:  # begins where its value does, or its bracket
                if several:
                    add(node.lineno)
                node = node.value
                kind = node.__class__
            if node is None:  # a key of a dict for ``**``
                continue
            if several:
                add(node.lineno)
            if kind is _NAME:
                continue
            kinds[kind].append(node)
            if kind is _CONSTANT:
                continue
            if kind is _CALL:
                self._call(node, loop)
                push(node.func)
                stack += node.args
                stack += node.keywords
                continue
            if kind is _KEYWORD:
                push(node.value)
                continue
            if kind is _SUBSCRIPT:
                self._subscript(node, loop)
            elif kind in _COMPREHENSIONS:
                self._comprehension(node, loop, depth)
                continue
            for name in fields[kind]:
                value = getattr(node, name)
                if value.__class__ is list:
                    stack += value
                elif value is not None:
                    push(value)

    def _comprehension(self, node: ast.expr, loop: int, depth: int) -> None:
        if isinstance(node, ast.Lambda):
            arguments = node.args
            self.kinds[ast.arguments].append(arguments)
            for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                self.lines.add(argument.lineno)
            for default in (*arguments.defaults, *arguments.kw_defaults):
                if default is not None:
                    self._expression(default, loop, depth + 1)
            self._expression(node.body, loop + 1, depth + 1)
            return
        first = True
        for generator in node.generators:  # type: ignore[attr-defined]
            self._expression(generator.target, loop, depth + 1)
            self._expression(generator.iter, loop if first else loop + 1, depth + 1)
            for test in generator.ifs:
                self._expression(test, loop + 1, depth + 1)
            first = False
        parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)  # type: ignore[attr-defined]
        for part in parts:
            self._expression(part, loop + 1, depth + 1)

    def _call(self, node: ast.Call, loop: int) -> None:
        function = node.func
        if isinstance(function, ast.Name):
            if function.id == "super":
                self._supers = True
            elif function.id in EVENTS:
                self.events.setdefault(function.id, []).append(Event(node, loop, self.klass, self._root))
            elif function.id in _BARE:
                self._record(dotted(self._bound(function.id) or function), node, loop)
            return
        if not isinstance(function, ast.Attribute):
            return
        name = function.attr
        if name in EVENTS:
            self.events.setdefault(name, []).append(Event(node, loop, self.klass, self._root))
        elif loop:
            self.looped.append(Event(node, loop, self.klass, self._root))
        if name == self._method and node.args:
            first = node.args[0]
            if isinstance(first, ast.Name) and first.id == "self":
                self._delegates.add(dotted(function))
        if name in CALLS or name in PAIRS:
            self._record(dotted(function), node, loop)
        elif name in POSTING:
            self._posted(dotted(function), node, loop)

    def _posted(self, callee: str, node: ast.Call, loop: int) -> None:
        """A message that is given its kind."""
        for word in node.keywords:
            if word.arg == "subtype_xmlid":
                self._note(callee, node, self._constant(word.value), {}, loop)

    def _subscript(self, node: ast.Subscript, loop: int) -> None:
        value = node.value
        if (isinstance(value, ast.Attribute) and value.attr == "env") or (
            isinstance(value, ast.Name) and value.id == "env"
        ):
            self._note(dotted(node), node, self._constant(node.slice), {}, loop)

    def _constant(self, node: ast.expr | None) -> Any:
        """A literal, also one which has a name: in capital letters of the module or class, or one that the
        function sets once."""
        owner, _, name = dotted(node).rpartition(".") if node is not None else ("", "", "")
        if name.isupper() and owner in ("", "self", "cls"):
            assigned = self.values.get((self.klass if owner else "", name), ())
            return literal(assigned[0]) if len(assigned) == 1 else UNKNOWN
        return literal(self._bound(name) if isinstance(node, ast.Name) else node)

    def _bound(self, name: str) -> ast.expr | None:
        """What a name stands for that the function binds in one place."""
        nodes = nodes_of(self._root) if self._method else []
        stored = [node for node in nodes if node.__class__ is _NAME and node.id == name and _is_stored(node)]
        if len(stored) != 1 or any(node.__class__ is ast.arg and node.arg == name for node in nodes):
            return None
        return next(
            (node.value for node in nodes if isinstance(node, ast.Assign) and node.targets == stored), None
        )

    def _record(self, callee: str, node: ast.Call, loop: int) -> None:
        """A call that is given an XML id."""
        given = [*node.args, *(word.value for word in node.keywords if word.arg in _IDS)]
        value = self._constant(given[0]) if given else UNKNOWN
        kwargs = {word.arg: literal(word.value) for word in node.keywords if word.arg}
        if callee.rpartition(".")[2] in PAIRS:
            other = self._constant(given[1]) if len(given) > 1 else UNKNOWN
            both = isinstance(value, str) and isinstance(other, str)
            value = f"{value}.{other}" if both else UNKNOWN
        elif len(node.args) > 1:
            kwargs["raise_if_not_found"] = literal(node.args[1])
        self._note(callee, node, value, kwargs, loop)

    def _note(self, callee: str, node: ast.expr, value: Any, kwargs: dict[str, Any], loop: int) -> None:
        self.calls.append(
            CallFact(
                callee=resolve(callee, self.names),
                span=self.span(node),
                literal=None if value is UNKNOWN else value,
                kwargs={key: item for key, item in kwargs.items() if item is not UNKNOWN},
                loop=loop,
                method=self._method,
                klass=self.klass,
                guarded=bool(self._guarded),
            )
        )


def _is_stored(node: Any) -> bool:
    return isinstance(node.ctx, ast.Store)
