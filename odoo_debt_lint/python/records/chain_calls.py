"""What calls mean while records are followed: methods of recordsets and of dicts, and builtins."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from odoo_debt_lint.finding import Span
from odoo_debt_lint.python.records.chains import (
    ENV,
    SELF,
    SUPER,
    Bound,
    Items,
    Keys,
    Records,
    Returned,
    Sink,
    Value,
    element,
)

KEEPING = frozenset(
    (
        "sudo with_context with_user with_company with_env with_prefetch browse search create exists "
        "filtered filtered_domain sorted copy new ensure_one concat union search_fetch _filter_access_rules "
        "_filter_access_rules_python _filtered_access force_company try_lock_for_update lock_for_update save"
    ).split()
)
"""Methods that return records of the same model; ``save`` is that of a form in tests."""
EACH = frozenset({"filtered", "mapped", "sorted", "grouped"})
"""Methods that call a function for each record, or follow a path."""
_PLAIN = (KEEPING | EACH | frozenset("write unlink read search_count update with_env".split())) - frozenset(
    {"concat", "union"}
)
"""Methods whose call tells nothing: every series has them, with the same arguments."""
_DOMAINS = frozenset(
    (
        "search search_count search_read filtered_domain search_fetch _search read_group _read_group "
        "formatted_read_group web_search_read web_read_group"
    ).split()
)
_VALUES = frozenset("create write update new copy copy_data _create _write web_save".split())
_FIELDS = {
    "read": 0, "fields_get": 0, "flush": 0, "flush_model": 0, "flush_recordset": 0, "invalidate_cache": 0,
    "invalidate_model": 0, "invalidate_recordset": 0, "modified": 0, "fetch": 0, "export_data": 0,
    "search_read": 1, "search_fetch": 1,
}  # fmt: skip
"""Methods that get names of fields, and where."""
_FIELD_WORDS = ("fields", "field_names", "fnames", "allfields")
_GROUPED = frozenset({"read_group", "_read_group", "formatted_read_group", "web_read_group"})
_READING = frozenset({"search_read", "read", "copy_data", "default_get"})
_SAME = frozenset("list tuple set sorted reversed iter frozenset deepcopy tqdm Form Domain AND OR".split())
_ONE = frozenset({"next", "max", "min", "first"})
_AGGREGATE = re.compile(r"(?:\w+:\w+\()?([A-Za-z]\w*)")
_ORDER = re.compile(
    r"\s*\"?([A-Za-z_]\w*)\"?(?:\.\w+)?(?:\s+(?:asc|desc))?(?:\s+nulls\s+\w+)?\s*(?:,|$)", re.I
)

MAX_GROWN = 300

Args = list[Value]
Words = dict[str, Value]
_EACH_ITEM: dict[str, Callable[[Args], Value]] = {
    "enumerate": lambda args: Items([Items([None, element(args[0])])]),
    "zip": lambda args: Items([Items([element(item) for item in args])]),
    "groupby": lambda args: Items([Items([None, args[0]])]),
    "filter": lambda args: args[-1],
    "map": lambda args: Items([args[0]]),
}


class Calls:
    """Judges calls. ``own`` are the records of ``self``, ``methods`` those of the class at hand, and
    ``guards`` the names for which the function asks before it uses them."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.own: Records | None = None
        self.methods: frozenset[str] = frozenset()
        self.guards: set[str] = set()

    def named(self, name: str, node: ast.Call, args: Args, words: Words) -> Value:
        """A call of a plain name."""
        if name == "super":
            return SUPER if self.own is not None else None
        if name == "dict":
            return self._dict(node, args, words)
        if not args:
            return None
        if name in ("getattr", "hasattr", "setattr"):
            return self._reflected(name, args)
        if name in _SAME:
            return args[0]
        if name in _ONE:
            return element(args[0])
        known = _EACH_ITEM.get(name)
        return known(args) if known is not None else None

    def _dict(self, node: ast.Call, args: Args, words: Words) -> Keys:
        keys = Keys()
        keys.spread += args
        for word in node.keywords:
            if word.arg:
                keys.entries.append((word.arg, self._word(word), words.get(word.arg)))
        return keys

    def _word(self, word: ast.keyword) -> Span:
        """The name of a keyword argument."""
        whole = self.sink.span(word)
        end = whole.start_column + len(word.arg or "")
        return Span(whole.start_line, whole.start_column, whole.start_line, end)

    def _reflected(self, name: str, args: Args) -> Value:
        owner, field = args[0], args[1] if len(args) > 1 else None
        if not isinstance(owner, Records) or not isinstance(field, ast.Constant):
            return None
        if name == "hasattr" or (name == "getattr" and len(args) > 2):
            self.guards.add(str(field.value))
        else:
            self.sink.path(owner, field, "write" if name == "setattr" else "read")
        return owner.step(str(field.value)) if name == "getattr" else None

    def method(self, base: Value, node: ast.Call, args: Args, words: Words) -> Value:
        """A call of a method of something that is known."""
        assert isinstance(node.func, ast.Attribute)
        name = node.func.attr
        if isinstance(base, Records):
            return self._of_records(base, node.func, args, words)
        if base is SUPER and self.own is not None:
            self._given(self.own, name, args, words)
            return self._result(self.own, name, args)
        if base is SELF:
            return Returned(name) if name in self.methods else None
        if base is ENV and name == "ref" and args:
            return self._ref(args[0])
        if isinstance(base, Bound):
            return self._of_bound(base, name, node, args, words)
        if isinstance(base, Keys):
            return self._of_keys(base, name, node, args, words)
        if isinstance(base, Items):
            return self._of_items(base, name, args)
        return None

    def _ref(self, value: Value) -> Value:
        """The record that has an XML id."""
        text = value.value if isinstance(value, ast.Constant) else None
        return Records(f"={text}") if isinstance(text, str) and text.count(".") == 1 else None

    def _of_records(self, base: Records, function: ast.Attribute, args: Args, words: Words) -> Value:
        name = function.attr
        self._given(base, name, args, words)
        if name not in _PLAIN:
            self.sink.attribute(base, function, "call", len(args) + len(words))
            if base == self.own and name in self.methods:
                return Returned(name)
        return self._result(base, name, args)

    def _result(self, base: Records, name: str, args: Args) -> Value:
        """What the method of records gives."""
        if name == "mapped":
            return self._mapped(base, args)
        if name in KEEPING:
            return base
        if name in _READING:
            return Bound(base, "values")
        return Items([Items([None, base])]) if name == "grouped" else None

    def _mapped(self, base: Records, args: Args) -> Value:
        first = args[0] if args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return Records(base.model, (*base.path, *first.value.split(".")))
        return first if isinstance(first, Records) else None

    def _given(self, base: Records, name: str, args: Args, words: Words) -> None:
        """What the arguments of a method of records name."""
        sink, first = self.sink, args[0] if args else None
        if name in EACH:
            sink.path(base, first)
            if name == "sorted":
                self._order(base, first)
        elif name in _VALUES:
            sink.values(base, first)
            for word in ("vals", "vals_list", "values", "default"):
                sink.values(base, words.get(word))
        if name in _DOMAINS:
            sink.domain(base, first)
            sink.domain(base, words.get("domain") or words.get("args"))
            self._order(base, words.get("order") or words.get("orderby"))
        if name == "name_search":
            sink.domain(
                base, words.get("args") or words.get("domain") or (args[1] if len(args) > 1 else None)
            )
        place = _FIELDS.get(name)
        if place is not None:
            sink.path(base, args[place] if len(args) > place else None)
            for word in _FIELD_WORDS:
                sink.path(base, words.get(word))
        if name in _GROUPED:
            for item in (*args[1:3], *(words.get(w) for w in ("fields", "groupby", "aggregates"))):
                self._aggregates(base, item)

    def _aggregates(self, base: Records, value: Value) -> None:
        """``field``, ``field:sum``, ``date:month``, ``name:sum(field)``."""
        for item in value.values if isinstance(value, Items) else (value,):
            if isinstance(item, ast.Constant) and isinstance(item.value, str):
                match = _AGGREGATE.match(item.value)
                if match is not None:
                    self.sink.path(base, item, "path", match.start(1), match[1])

    def _order(self, base: Records, value: Value) -> None:
        """``date desc, id``."""
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            for match in _ORDER.finditer(value.value):
                self.sink.path(base, value, "path", match.start(1), match[1])

    def order(self, base: Records, value: Value) -> None:
        """The fields of a class's ``_order``."""
        self._order(base, value)

    def _of_bound(self, base: Bound, name: str, node: ast.Call, args: Args, words: Words) -> Value:
        """A dict whose keys are fields."""
        first = args[0] if args else None
        if name in ("get", "pop", "setdefault") and isinstance(first, ast.Constant):
            if base.kind == "fields":
                self.guards.add(str(first.value))
            else:
                self.sink.path(base.owner, first, base.kind)
        elif name == "update" and base.kind == "values":
            self.sink.values(base.owner, first)
            self.sink.values(base.owner, self._dict(node, [], words))
        elif name == "append":
            self.sink.values(base.owner, first)
        return base if name == "copy" else None

    def _of_keys(self, base: Keys, name: str, node: ast.Call, args: Args, words: Words) -> Value:
        first = args[0] if args else None
        if name == "update":
            base.spread += [first, self._dict(node, [], words)]
        elif name == "setdefault" and isinstance(first, ast.Constant):
            self.put(base, first, args[1] if len(args) > 1 else None)
        return base if name == "copy" else None

    def put(self, keys: Keys, key: Value, value: Value) -> None:
        """One more key of a dict."""
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            keys.entries.append((key.value, self.sink.inside(key, 0, len(key.value)), value))
            self.sink.models(key.value, value)

    def _of_items(self, base: Items, name: str, args: Args) -> Value:
        if name in ("append", "add", "insert") and args and len(base.values) < MAX_GROWN:
            base.values.append(args[-1])
        elif name == "extend" and args:
            self.extend(base, args[0])
        return base if name == "copy" else None

    def extend(self, items: Items, more: Value) -> None:
        """More items for a list; without end they may not become."""
        if isinstance(more, Items) and len(items.values) < MAX_GROWN:
            items.values += more.values[:MAX_GROWN]
