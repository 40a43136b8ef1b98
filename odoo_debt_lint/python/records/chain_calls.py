"""What calls mean while records are followed: methods of recordsets and of dicts, and builtins."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

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
from odoo_debt_lint.python.records.holders import Args, Holders, Words

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

_BESIDE = frozenset("sudo with_user with_company with_env with_context force_company".split())
"""Methods that a model is asked for as often as records are."""

_MAKING = frozenset({"create", "new", "default_get"})

_EACH_ITEM: dict[str, Callable[[Args], Value]] = {
    "enumerate": lambda args: Items([Items([None, element(args[0])])]),
    "zip": lambda args: Items([Items([element(item) for item in args])]),
    "groupby": lambda args: Items([Items([None, args[0]])]),
    "filter": lambda args: args[-1],
    "map": lambda args: Items([args[0]]),
}


def _called(node: ast.expr) -> str:
    """The last name of what is called."""
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""


def _is_model(function: ast.expr) -> bool:
    """``self.env["model"].sudo().with_context``: no records."""
    while isinstance(function, ast.Attribute):
        inner = function.value
        if isinstance(inner, ast.Subscript):
            return True
        if _called(inner) not in _BESIDE:
            return isinstance(inner, ast.Name) and inner.id[:1].isupper()
        function = inner.func  # type: ignore[attr-defined]
    return False


class Calls(Holders):
    """Judges calls. ``own`` are the records of ``self``, ``methods`` those of the class at hand."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink)
        self.own: Records | None = None
        self.methods: frozenset[str] = frozenset()

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
            return self._of_records(base, node, args, words)
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

    def _of_records(self, base: Records, node: ast.Call, args: Args, words: Words) -> Value:
        function = node.func
        assert isinstance(function, ast.Attribute)
        name = function.attr
        self._given(base, name, args, words)
        self._context(base, node, args, words)
        if name not in _PLAIN:
            self.sink.attribute(base, function, "call", len(args) + len(words))
            if base == self.own and name in self.methods:
                return Returned(name)
        return self._result(base, name, args)

    def _context(self, base: Records, node: ast.Call, args: Args, words: Words) -> None:
        """Defaults for new records of a model; records at hand may make some of any other model, unless
        ``create`` follows at once."""
        inner = node.func.value  # type: ignore[attr-defined]
        if _called(node) == "with_context" and _is_model(node.func):
            self.sink.defaults(base, args[0] if args else None)
            self.sink.defaults(base, self._dict(node, [], words))
        elif _called(node) in _MAKING and _called(inner) == "with_context" and not _is_model(inner.func):
            self.sink.defaults(base, self._dict(inner, [], {}))

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
