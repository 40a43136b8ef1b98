"""Values of calls for ``flow``: sanitizers, text builders, helpers of the file, elevation of rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.across import exits
from odoo_debt_lint.python.flow import callers, texts
from odoo_debt_lint.python.flow.containers import (
    OF_DICT,
    domain,
    listed,
    made_dict,
    mutate,
    names_ids,
    of_ids,
)
from odoo_debt_lint.python.flow.elevation import elevate_request, elevation, is_record
from odoo_debt_lint.python.flow.knowledge import (
    CLEAN_CALLS,
    CONVERSIONS,
    CURSOR,
    DATE_CALLS,
    DOMAINS,
    FILES,
    FOREIGN_DATA,
    ITERATING,
    MADE_OF,
    NUMERIC_ATTRIBUTES,
    NUMERIC_CALLS,
    PASS_THROUGH,
    RECORD_CALLS,
    REQUEST_SOURCES,
    SQL_AS_IS,
    SQL_MODULES,
    SQL_OBJECTS,
    SQL_TEXTS,
    TRANSLATIONS,
    is_header,
)
from odoo_debt_lint.python.flow.places import place_name
from odoo_debt_lint.python.flow.values import (
    CLEAN,
    CONST,
    NO_ORIGINS,
    VAGUE,
    Called,
    Level,
    Value,
    as_number,
    join,
    join_all,
    raw_part,
    text_of,
)

if TYPE_CHECKING:
    from odoo_debt_lint.python.flow.engine import Flow

SELECTING = frozenset(
    (
        "browse search search_fetch search_read search_count read_group _read_group formatted_read_group "
        "name_search"
    ).split()
)
"""Calls whose arguments decide which records they give."""
_PAGING = frozenset("limit offset order orderby count fields groupby lazy load".split())
_MUTATORS = frozenset({"append", "extend", "insert", "add", "update", "appendleft"})


def call(flow: Flow, node: Any) -> Value:
    """The value of a call; notes it in ``flow.met``."""
    receiver: Value | None = None
    if isinstance(node.func, cst.Attribute):
        receiver = flow.eval(node.func.value)
        name = node.func.attr.value
    else:
        name = ""
    function = flow.eval(node.func)
    if not name:
        name = function.symbol.rpartition(".")[2]
    args: list[Value] = []
    kwargs: dict[str, Value] = {}
    for arg in node.args:
        value = flow.eval(arg.value)
        if arg.keyword is not None:
            kwargs[arg.keyword.value] = value
        elif arg.star == "**":
            kwargs["**"] = value
        else:
            args.append(value.iterated if arg.star else value)
    called = Called(node, name, function.symbol, receiver, tuple(args), kwargs)
    flow.met[id(node)] = called
    result = _result(flow, called)
    if flow.skipped:
        pending = NO_ORIGINS.union(*(value.pending for value in called.values))
        if not pending <= result.roots:
            result = replace(result, via=result.via | pending)
    elevated = elevation(flow, called)
    if elevated is not None:
        result = replace(result, elevated=elevated)
        if name == "update_env":
            elevate_request(flow, node, elevated)
    elif receiver is not None and receiver.elevated and not result.elevated:
        result = replace(result, elevated=receiver.elevated)
    if not result.symbol and function.symbol and result.text is None and not result.built:
        result = replace(result, symbol=f"{function.symbol}()")
    return result


def _result(flow: Flow, called: Called) -> Value:
    name, symbol = called.name, called.symbol
    everything = (*called.args, *called.kwargs.values())
    if name in SQL_OBJECTS or symbol.startswith(SQL_MODULES):
        return _sql_object(called)
    if symbol == SQL_AS_IS and called.args:
        return replace(called.args[0], composed=True, items=None)
    helper = _helper(flow, called)
    if helper is not None:
        return helper
    if (
        REQUEST_SOURCES.search(symbol)
        and called.receiver is not None
        and called.receiver.level is not Level.USER
    ):
        value = Value(Level.USER, symbol=f"{symbol}()")
        return value.at(flow.body, called.node, "comes with the request")
    if name in NUMERIC_CALLS or name in DATE_CALLS:
        return as_number(join_all(everything))
    if name == "tuple" and called.node.args and names_ids(called.node.args[0].value):
        worst = join_all(everything)
        return worst if worst.level >= Level.USER else as_number(worst)
    if name in CLEAN_CALLS:
        return CLEAN
    if name in TRANSLATIONS and len(everything) > 1:
        whole = text_of((CLEAN, *(value.element if value.items else value for value in everything[1:])))
        return whole.at(flow.body, called.node, "put into a translation")
    if name == "dumps" and called.args and "scriptsafe" not in symbol:
        return replace(called.args[0], items=None, text=None, symbol=f"{symbol}()")
    if symbol in DOMAINS and called.args and (made := domain(called)) is not None:
        return made
    if called.receiver is not None:
        return _method(flow, called)
    if symbol == "locals":
        whole = join_all(flow.env.values())
        return replace(whole, items=dict(flow.env), text=None, symbol="")
    if symbol in SQL_TEXTS:
        return _passed(everything)
    if name == "map" and len(called.args) == 2:
        return _passed((called.args[0], of_ids(called.node.args[1].value, called.args[1])))
    if name == "dict" and (made := made_dict(flow, called)) is not None:
        return made
    if name in PASS_THROUGH:
        return _passed(tuple(map(listed, everything)) if name in ITERATING else everything)
    return _elsewhere(flow, called)


def _passed(values: tuple[Value, ...]) -> Value:
    if len(values) == 1:
        return values[0]
    return replace(join_all(values), items=None, text=None)


def _sql_object(called: Called) -> Value:
    """``SQL("...", args)`` is safe exactly as far as its first argument is no built text."""
    if not called.args:
        return Value(Level.CLEAN, composed=True)
    first = called.args[0]
    if called.name in ("Literal", "Identifier", "Placeholder", "identifier"):
        return Value(Level.CLEAN, composed=True)
    if called.name in ("join", "format", "Composed"):
        return raw_part((*called.args, *called.kwargs.values())) or Value(Level.CLEAN, composed=True)
    if first.built or first.level >= Level.ARGUMENT:
        return replace(first, composed=True, built=True)
    raw = raw_part((*called.args[1:], *called.kwargs.values()))
    if raw is not None:
        return replace(raw, text=first.text)
    if first.level >= Level.UNKNOWN:
        return replace(first, composed=True, symbol="", items=None)
    return Value(Level.CLEAN, composed=True, text=first.text)


def _helper(flow: Flow, called: Called) -> Value | None:
    """The value of a function of this file, run with the arguments at hand."""
    func = called.node.func
    if func.__class__ is cst.Name and func.value in flow.local:
        return flow.run_nested(flow.local[func.value], called.args, called.kwargs)
    if id(called.node) in flow.following:
        return callers.run_helper(flow, called)
    if callers.helper_of(flow, called) is None:
        return None
    origin = ("helper", id(called.node))
    flow.skipped.add(origin)
    return Value(Level.VAGUE, via=frozenset({origin}))


def _method(flow: Flow, called: Called) -> Value:
    receiver = called.receiver
    assert receiver is not None
    name = called.name
    everything = (*called.args, *called.kwargs.values())
    if receiver.composed:
        return receiver if receiver.built else raw_part(everything) or receiver
    if name in _MUTATORS and (called.node.func.value.__class__ is cst.Name or receiver.items is not None):
        mutate(flow, called)
        return CONST
    if called.symbol.endswith("path.join"):
        return replace(VAGUE, symbol=f"{called.symbol}()")
    if called.args and (name == "mogrify" or called.symbol in MADE_OF):
        return called.args[0 if name == "mogrify" else -1]
    if name == "join" and called.args:
        return texts.joined(flow, called)
    if name in ("format", "format_map", "substitute", "safe_substitute"):
        whole = text_of([receiver, *texts.formatted(called)])
        return replace(whole, text=receiver.text).at(flow.body, called.node, f"put into the text by {name}()")
    if name == "replace" and receiver.text is not None:
        return replace(text_of((receiver, *called.args[1:2])), text=receiver.text)
    if name == "get" and called.args and is_header(receiver.symbol, called.args[0].text):
        value = Value(Level.USER, symbol=f"{called.symbol}()")
        return value.at(flow.body, called.node, "comes with the request")
    if name == "get" and flow.dotted and (known := flow.env.get(place_name(called.node))) is not None:
        return known
    if name in ("get", "pop", "setdefault") and receiver.items is not None:
        key = called.args[0].text if called.args and called.args[0].level is Level.CONST else None
        found = receiver.items.get(key) or receiver.element
        return join(found, called.args[1]) if len(called.args) > 1 else found
    if name in ("fetchall", "fetchone", "fetchmany", "dictfetchall", "dictfetchone", "dictfetchmany"):
        return replace(VAGUE, symbol=f"{called.symbol}()")
    if name == "mapped" and called.args and called.args[0].text:
        return _mapped(flow, called, called.args[0].text)
    if is_record(receiver.symbol) or receiver.symbol in ("self", "odoo.http.request.env"):
        return _of_record(flow, called)
    if name in CONVERSIONS and receiver.level is Level.CLEAN and called.args:
        return _passed(everything)
    if name in PASS_THROUGH:
        made = OF_DICT.get(name)
        if made is not None:
            return made(receiver)
        key = called.args[0].text if name == "get" and called.args else None
        via = receiver.part(key).via if key is not None and receiver.via else receiver.via
        return replace(receiver, items=None, keys=None, via=via)
    if receiver.level is Level.USER:
        return replace(receiver, items=None, symbol=f"{called.symbol}()")
    return _elsewhere(flow, called)


def _elsewhere(flow: Flow, called: Called) -> Value:
    """The result of a call that this file does not answer; another one of the set may."""
    symbol = f"{called.symbol}()" if called.symbol else ""
    via = frozenset({exits.origin(flow.body, called)}) if exits.target(flow.body, called) else NO_ORIGINS
    if not symbol.startswith(FOREIGN_DATA):
        return Value(Level.VAGUE, symbol=symbol, via=via)
    given = join_all((*called.args, *called.kwargs.values()))
    sent = given.level >= Level.ARGUMENT and symbol.startswith(FILES)
    return replace(given, symbol=symbol, items=None) if sent else Value(Level.UNKNOWN, symbol=symbol, via=via)


def _of_record(flow: Flow, called: Called) -> Value:
    level = Level.UNKNOWN if called.name in RECORD_CALLS else Level.VAGUE
    if called.name in ("search_count", "search_read", "read", "read_group", "_search"):
        level = Level.UNKNOWN if "read" in called.name else Level.NUMBER
    receiver = called.receiver
    assert receiver is not None
    given = join_all(choosing(called))
    origin, chosen = receiver.origin, receiver.chosen
    if called.name in SELECTING:
        origin = max(origin, given.source if given.source >= Level.ARGUMENT else Level.CONST)
        chosen |= given.roots
    steps = receiver.steps or (given.steps if origin > Level.CONST else ())
    model = receiver.model if called.name in RECORD_CALLS else ""
    symbol = f"{called.symbol}()"
    via = _elsewhere(flow, called).via if level is Level.VAGUE else NO_ORIGINS
    return Value(level, symbol=symbol, origin=origin, steps=steps, model=model, via=via, chosen=chosen)


def _mapped(flow: Flow, called: Called, path: str) -> Value:
    """``lines.mapped("product_id.name")``: what the records say, unless these are ids."""
    value = _of_record(flow, called)
    last = path.rpartition(".")[2]
    return replace(value, level=Level.NUMBER) if last in NUMERIC_ATTRIBUTES else value


def choosing(called: Called) -> list[Value]:
    """The arguments that say which records are meant, and not how many of them, or in which order."""
    words = (value for name, value in called.kwargs.items() if name not in _PAGING)
    return [*called.args[:1], *words]


def is_cursor(symbol: str) -> bool:
    """Whether a dotted origin is a database cursor."""
    return bool(CURSOR.search(symbol))
