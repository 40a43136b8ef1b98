"""Values of containers for ``flow``: lists, dicts and comprehensions keep what is in them by index or key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.values import CONST, Called, Level, Value, join, join_all

if TYPE_CHECKING:
    from odoo_debt_lint.python.flow.engine import Flow

_PAIR = 2
_MAX_ITEMS = 64
"""How long a sequence may become of which every part is known."""


def literal(node: Any) -> Any:
    """Text or number of a literal node, else None."""
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    if isinstance(node, cst.Integer):
        return node.evaluated_value
    return None


def names_ids(node: Any) -> bool:
    """Whether something has the name of ids: ``ids``, ``self.partner_ids``."""
    name = node.attr.value if isinstance(node, cst.Attribute) else getattr(node, "value", "")
    return isinstance(name, str) and name.endswith("ids")


def of_ids(node: Any, value: Value) -> Value:
    """What is in something with the name of ids: numbers, unless somebody outside sends it."""
    unsure = value.level is Level.UNKNOWN and names_ids(node)
    return replace(value, level=Level.VAGUE) if unsure else value


def sequence(flow: Flow, node: Any) -> Value:
    items: dict[Any, Value] = {}
    starred = False
    for index, element in enumerate(node.elements):
        value = flow.eval(element.value)
        starred = starred or isinstance(element, cst.StarredElement)
        items[index] = value.iterated if isinstance(element, cst.StarredElement) else value
    whole = join_all(items.values())
    return replace(_holding(items or {0: CONST}, whole), elevated=whole.elevated)


def mapping(flow: Flow, node: Any) -> Value:
    items: dict[Any, Value] = {}
    keys: list[Value] = []
    for index, element in enumerate(node.elements):
        value = flow.eval(element.value)
        if isinstance(element, cst.StarredDictElement):
            items.update(value.items if value.items is not None else {("**", index): value})
            keys.append(value.iterated)
            continue
        keys.append(flow.eval(element.key))
        key = literal(element.key)
        items[key if key is not None else ("?", index)] = value
    return keyed(items, join_all(keys))


def keyed(items: dict[Any, Value], keys: Value) -> Value:
    """A dict."""
    return replace(_holding(items, join_all(items.values())), keys=keys)


def _holding(items: dict[Any, Value], whole: Value) -> Value:
    """A container: as bad as all that is in it."""
    return Value(
        whole.level,
        built=whole.built,
        items=items,
        steps=whole.steps,
        origin=whole.source,
        via=whole.via,
        chosen=whole.chosen,
    )


def concatenated(*parts: Value) -> Value | None:
    """Several sequences or domains as one, with all that is in them; None where one of them is not known."""
    found: list[Value] = []
    for part in parts:
        if part.items is None or not all(key.__class__ is not str for key in part.items):
            return None
        found += [] if part.items == {0: CONST} else part.items.values()
    if len(found) > _MAX_ITEMS:
        return None
    whole = join_all(parts)
    return replace(_holding(dict(enumerate(found)) or {0: CONST}, whole), elevated=whole.elevated)


def domain(called: Called) -> Value | None:
    """``Domain("name", "=", value)``, ``Domain.AND(domains)``, ``expression.OR(domains)``."""
    if called.name == "Domain":
        if len(called.args) == 1:
            return called.args[0]
        term = _holding(dict(enumerate(called.args)), join_all(called.args))
        return _holding({0: term}, term)
    given = called.args[0].items if len(called.args) == 1 else None
    return concatenated(*given.values()) if given else None


def listed(value: Value) -> Value:
    """``list(values)``, ``values.keys()``: of a dict what its keys are."""
    keys = value.keys
    return value if keys is None else replace(keys, items={0: keys}, text=None, keys=None)


def paired(value: Value) -> Value:
    """``values.items()``."""
    if value.keys is None:
        return value
    element = value.element
    pair = replace(join(value.keys, element), items={0: value.keys, 1: element}, text=None, keys=None)
    return replace(pair, items={0: pair})


def comprehension(flow: Flow, node: Any) -> Value:
    outer = dict(flow.env)
    part = node.for_in
    while part is not None:
        iterated = flow.eval(part.iter)
        flow.assign(part.target, of_ids(part.iter, iterated.iterated))
        for condition in part.ifs:
            flow.eval(condition.test)
            flow.env.update(flow.refined(condition.test, True))
        part = part.inner_for_in
    keys = None
    if isinstance(node, cst.DictComp):
        keys = flow.eval(node.key)
        value = flow.eval(node.value)
    else:
        value = flow.eval(node.elt)
    for named in flow.body.by_kind[cst.NamedExpr]:
        name = getattr(named.target, "value", "")
        if name in flow.env:
            outer[name] = flow.env[name]
    flow.env = outer
    return replace(value, items={0: value}, text=None, keys=keys)


def mutate(flow: Flow, called: Called) -> None:
    """``list.append(x)`` and its like change what they are called on."""
    assert called.receiver is not None
    added = join_all(value.element if called.name == "extend" else value for value in called.args)
    if called.name == "update":
        added = join_all((*called.args, *called.kwargs.values()))
    keys = called.receiver.keys
    if keys is not None:
        keys = join_all((keys, *(value.iterated for value in called.args)))
    base = replace(called.receiver, text=None)
    empty = not base.items or base.items == {0: CONST}
    merged = added if empty and base.level is Level.CONST else join(replace(base, items=None), added)
    items: dict[Any, Value] | None = {**(base.items or {}), ("+", id(called.node)): added}
    if empty:
        # of a list that came from somewhere nothing but the level is known
        items = {0: added} if base.level is Level.CONST else None
    grown = replace(merged, items=items, text=None, symbol=base.symbol, elevated=base.elevated, keys=keys)
    flow.keep(called.node.func.value, grown)


def made_dict(flow: Flow, called: Called) -> Value | None:
    """``dict(name=value)``, ``dict(zip(names, values))``: dicts whose keys are known."""
    if not called.args:
        return keyed(called.kwargs, CONST) if "**" not in called.kwargs else None
    zipped = flow.met.get(id(called.node.args[0].value))
    if zipped is None or zipped.name != "zip" or len(zipped.args) != _PAIR or called.kwargs:
        return None
    names, values = zipped.args
    return replace(values.element, items=None, text=None, symbol="", keys=names.iterated)


OF_DICT: dict[str, Callable[[Value], Value]] = {
    "keys": lambda value: listed(value) if value.keys is not None else replace(value, items=None),
    "items": paired,
    "values": lambda value: replace(value, keys=None),
    "copy": lambda value: value,
}
"""What methods give a dict's own."""
