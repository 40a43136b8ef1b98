"""What the addons of the set give to a model, by themselves and in mixins of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from odoo_debt_lint.facts import FieldFact
from odoo_debt_lint.index import Part


class Own(NamedTuple):
    """What the set gives to a model and its own mixins; ``instead``: methods that call no ``super()``."""

    fields: dict[str, list[FieldFact]]
    methods: frozenset[str]
    instead: frozenset[str]
    others: frozenset[str]
    parents: tuple[str, ...]


def own_of(parts: Mapping[str, list[Part]], model: str) -> Own:
    """What the classes of a set, by their models, give to one model. A field that the model declares is not
    the one of the same name to which it would delegate."""
    fields: dict[str, list[FieldFact]] = {}
    methods, instead, others = set[str](), set[str](), set[str]()
    line = _line(parts, model, False)
    made = {item.name for name in line for part in parts.get(name, ()) for item in part.klass.fields}
    whole = dict.fromkeys((*line, *_line(parts, model, True)))
    for current in whole:
        for part in parts.get(current, ()):
            klass = part.klass
            for item in klass.fields:
                if current in line or item.name not in made:
                    fields.setdefault(item.name, []).append(item)
            methods.update(method.name for method in klass.methods)
            instead |= {m.name for m in klass.methods if m.name not in {s.method for s in m.supers}}
            others.update(klass.unread, klass.attrs, klass.attr_spans)
    return Own(fields, frozenset(methods), frozenset(instead), frozenset(others), tuple(whole))


def _line(parts: Mapping[str, list[Part]], model: str, delegated: bool) -> dict[str, None]:
    """The models of which the set makes one, and to which it delegates."""
    found: dict[str, None] = {}
    stack = [model]
    while stack:
        current = stack.pop()
        if current not in found:
            found[current] = None
            for part in parts.get(current, ()):
                stack += [*part.klass.inherit, *(part.klass.inherits if delegated else ())]
    return found
