"""Dicts and lists while records are followed: values for records, contexts, actions that open a model."""

from __future__ import annotations

import ast

from odoo_debt_lint.finding import Span
from odoo_debt_lint.python.records.chains import Bound, Items, Keys, Records, Sink, Value

MAX_GROWN = 300
_OPENS = "res_model"

Args = list[Value]
Words = dict[str, Value]


class Holders:
    """What goes into dicts and lists. ``actions`` are the dicts with a ``res_model``, ``guards`` the names
    that the function asks for before it uses them."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.actions: list[Keys] = []
        self.guards: set[str] = set()

    def _dict(self, node: ast.Call, args: Args, words: Words) -> Keys:
        keys = Keys()
        keys.spread += args
        for word in node.keywords:
            if word.arg:
                keys.entries.append((word.arg, self._word(word), words.get(word.arg)))
                if word.arg == _OPENS:
                    self.actions.append(keys)
        return keys

    def _word(self, word: ast.keyword) -> Span:
        """The name of a keyword argument."""
        whole = self.sink.span(word)
        end = whole.start_column + len(word.arg or "")
        return Span(whole.start_line, whole.start_column, whole.start_line, end)

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
            if key.value == _OPENS:
                self.actions.append(keys)

    def opened(self) -> None:
        """The domains of actions, and defaults in their contexts, are those of the model which they open."""
        for keys in self.actions:
            given = {name: value for name, _, value in keys.entries}
            model = given.get(_OPENS)
            if isinstance(model, ast.Constant) and isinstance(model.value, str):
                self.sink.defaults(Records(model.value), given.get("context"))
                self.sink.domain(Records(model.value), given.get("domain"))

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
