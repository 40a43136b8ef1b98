"""What enters a body through its parameters, and what a helper of the same file returns.

Route arguments come from the request, arguments of public model methods from RPC, those of private
methods from the calls in the same file. A helper is run with the arguments of the call at hand, a bounded
number of calls deep; recursion gives ``VAGUE``.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.summaries import filled_in, shape, stand_in
from odoo_debt_lint.python.flow.values import (
    CLEAN,
    CONST,
    UNKNOWN,
    VAGUE,
    Level,
    Value,
    join_all,
)

if TYPE_CHECKING:
    from odoo_debt_lint.facts import ClassFact, MethodFact
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.flow.engine import Flow
    from odoo_debt_lint.python.flow.values import Called
    from odoo_debt_lint.python.units import Unit

_PRIVATE_MODEL_METHODS = re.compile(
    r"^(_|init$|create$|write$|unlink$|copy$|fields_view_get$|load$|browse$|search$|read_group$|name_search$|name_get$)"
)
_OF_JSON = frozenset(name for kind in (str, int, float, list, dict) for name in dir(kind))
"""Attributes of what JSON can hold."""
CONVERTER = re.compile(r"<\s*(int|float|model)\b(?:\(\s*['\"]?([\w.]*)[^>]*?\))?\s*:\s*(\w+)\s*>")


def bind_parameters(flow: Flow, node: Any) -> None:
    """Puts a value for each parameter of a function into its environment."""
    given = flow.parameters
    body = flow.body
    params = node.params
    everything = [*params.posonly_params, *params.params, *params.kwonly_params]
    if isinstance(params.star_arg, cst.Param):
        everything.append(params.star_arg)
    if params.star_kwarg is not None:
        everything.append(params.star_kwarg)
    names = [parameter.name.value for parameter in everything]
    found = given if given is not None else _entering(flow, body, names)
    for index, parameter in enumerate(everything):
        name = parameter.name.value
        if index == 0 and name in ("self", "cls"):
            flow.env[name] = Value(Level.UNKNOWN, symbol=name)
            continue
        value = found.get(name)
        if value is None and given is not None and parameter.star:
            value = given.get(parameter.star, CONST)
        if value is None and parameter.default is not None:
            value = flow.eval(parameter.default) if given is not None else None
        if value is None:
            value = Value(Level.UNKNOWN, symbol=name)
        # the name of a cursor or environment parameter is its origin
        if not value.symbol and value.level > Level.CLEAN:
            value = replace(value, symbol=name)
        flow.env[name] = value


def _entering(flow: Flow, body: Body, names: list[str]) -> dict[str, Value]:
    """Parameter values when the body is judged on its own."""
    if can_be_handler(body):
        return _from_request(flow, body, names)
    found = _from_rpc(body, names)
    if found is None:
        found = _from_callers(flow, body, names) if flow.deep else {}
        flow.shallow = not flow.deep and bool(body.file.callers.get(body.unit.name))
    for name in names if body.method is not None else ():
        # other files may call it, too
        value = found.get(name) or Value(Level.UNKNOWN, symbol=name)
        origin = ("parameter", body.unit.klass, body.unit.name, name)
        if value.level > Level.NUMBER:
            found[name] = replace(value, via=value.via | {origin})
        elif value is not CLEAN:
            found[name] = replace(value, chosen=value.chosen | {origin})
    return found


def _from_rpc(body: Body, names: list[str]) -> dict[str, Value] | None:
    """What any user can send to a method of a model; None when RPC cannot call it."""
    method = body.method
    if method is None:
        return None
    if method.name.startswith("_search") and names[1:] == ["operator", "value"]:
        label = "value of a search domain, which any user can send through RPC"
        return {"operator": CLEAN, "value": _from_outside(body, Level.ARGUMENT, "value", label)}
    label = rpc_label(method, body.klass, body.unit)
    return {name: _from_outside(body, Level.ARGUMENT, name, label) for name in names} if label else None


def rpc_label(method: MethodFact, klass: ClassFact | None, unit: Unit) -> str:
    """What to say of the arguments of a method which RPC can call; empty for any other."""
    if klass is None or not klass.is_model or _PRIVATE_MODEL_METHODS.match(method.name):
        return ""
    if method.decorated("private", "ondelete", "constrains", "onchange", "depends"):
        return ""
    if takes_objects(method, unit):
        return ""
    return f"argument of {method.name}(), which any user can call through RPC"


def takes_objects(method: MethodFact, unit: Unit) -> bool:
    """Whether a parameter without default is used as what RPC cannot send: a record, a response, a cursor."""
    names = {item.name for item in method.params if item.kind == "p" and not item.default} - {"self", "cls"}
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in names
        and node.attr not in _OF_JSON
        for node in unit.nodes
    )


def can_be_handler(body: Body) -> bool:
    """Whether a method handles requests, as far as its own file tells."""
    return body.method is not None and can_handle(body.method, body.klass)


def can_handle(method: MethodFact, klass: ClassFact | None) -> bool:
    """The same for a method of a class."""
    if klass is None or klass.kind != "controller":
        return False
    if method.route is not None or method.decorated("route"):
        return True
    return not method.name.startswith("_") and any(
        base.rpartition(".")[2] != "Controller" for base in klass.bases
    )


def _from_outside(body: Body, level: Level, name: str, label: str) -> Value:
    return Value(level, symbol=name).at(body, body.node.name, label)


def _from_request(flow: Flow, body: Body, names: list[str]) -> dict[str, Value]:
    method = body.method
    assert method is not None
    converted: dict[str, Value] = {}
    for path in method.route.paths if method.route is not None else ():
        for kind, model, name in CONVERTER.findall(path):
            value = _from_outside(body, Level.USER, name, f"{name} comes with the request")
            level = Level.UNKNOWN if kind == "model" else Level.NUMBER
            symbol = "odoo.http.request.env[].browse()" if kind == "model" else name
            converted[name] = replace(value, level=level, symbol=symbol, origin=Level.USER, model=model)
    return {
        name: converted.get(name) or _from_outside(body, Level.USER, name, f"{name} comes with the request")
        for name in names
    }


def _from_callers(flow: Flow, body: Body, names: list[str]) -> dict[str, Value]:
    """The join of what the calls in this file pass; nothing when there is no call, or too deep."""
    from odoo_debt_lint.python.flow.engine import MAX_DEPTH

    if len(flow.stack) > MAX_DEPTH or len(_busy) > MAX_DEPTH or not body.unit.name:
        return {}
    passed: list[dict[str, Value]] = []
    for caller in callers_of(body):
        if caller is body or caller.unit.first in _busy:
            continue
        _busy.add(caller.unit.first)
        try:
            given = [
                caller.flow.call(called.node) or called
                for called in list(caller.flow.met.values())
                if called.name == body.unit.name and _targets(called, body)
            ]
        finally:
            _busy.discard(caller.unit.first)
        plain = [name for name in names if name not in ("self", "cls")]
        passed += [_bound(called, plain) for called in given]
    if not passed:
        return {}
    keys = {key for table in passed for key in table}
    found = {key: join_all(table[key] for table in passed if key in table) for key in keys}
    for star, taker in (("*", body.node.params.star_arg), ("**", body.node.params.star_kwarg)):
        if isinstance(taker, cst.Param) and found.get(star, CONST) is not CONST:
            found.setdefault(taker.name.value, found[star])
    return found


_busy: set[int] = set()


def _targets(called: Called, body: Body) -> bool:
    """Whether a call of this name can mean the body: a method on something, a function by itself."""
    return (called.receiver is not None) == bool(body.unit.klass)


def callers_of(body: Body) -> list[Body]:
    """Bodies of the same file which call something of this body's name."""
    file = body.file
    units = [unit for unit in file.callers.get(body.unit.name, ()) if unit.first != body.unit.first]
    return [parsed for unit in units if (parsed := file.body(unit)) is not None]


def _bound(called: Called, names: list[str]) -> dict[str, Value]:
    table = dict(zip(names, called.args, strict=False))
    table.update({name: value for name, value in called.kwargs.items() if name in names})
    # what no named parameter takes goes to *args and **kwargs
    table["*"] = join_all(called.args[len(names) :])
    table["**"] = join_all(value for name, value in called.kwargs.items() if name not in names)
    return table


def run_helper(flow: Flow, called: Called) -> Value | None:
    """The result of a call of a method of ``self`` or a function of this file; None for other calls."""
    from odoo_debt_lint.python.flow.engine import MAX_DEPTH

    unit = helper_of(flow, called)
    if unit is None:
        return None
    helper = flow.body.file.body(unit)
    if helper is None:
        return VAGUE if isinstance(called.node.func, cst.Name) else None
    if len(flow.stack) > MAX_DEPTH or helper.unit.first in flow.stack:
        return VAGUE
    return _summary(flow, helper, _bound(called, _parameter_names(helper)))


def helper_of(flow: Flow, called: Called) -> Unit | None:
    """The function of this file that is called by its name or on ``self``."""
    func, body = called.node.func, flow.body
    if func.__class__ is cst.Name:
        return None if body.file.names.get(func.value) else body.file.functions.get(("", func.value))
    owner = called.receiver.symbol if called.receiver is not None else ""
    if owner in ("self", "cls"):
        return body.file.helper(body.unit.klass, called.name) if body.unit.klass else None
    return _of_class(body, owner, called.name)


def _of_class(body: Body, owner: str, name: str) -> Unit | None:
    """A static or class method of this file that is called by the name of its class."""
    klass = body.file.klass(owner)
    if klass is None or not any(
        item.name == name and item.decorated("staticmethod", "classmethod") for item in klass.methods
    ):
        return None
    return body.file.functions.get((owner, name))


def read_property(flow: Flow, node: Any) -> Value | None:
    """What an attribute of ``self`` gives that is a property of this file: the result of a helper."""
    from odoo_debt_lint.python.flow.engine import MAX_DEPTH

    body = flow.body
    unit = body.file.property_of(body.unit.klass, node.attr.value) if body.unit.klass else None
    if unit is None:
        return None
    if id(node) not in flow.following:
        origin = ("helper", id(node))
        flow.skipped.add(origin)
        return Value(Level.VAGUE, via=frozenset({origin}))
    helper = body.file.body(unit)
    if helper is None or len(flow.stack) > MAX_DEPTH or helper.unit.first in flow.stack:
        return VAGUE
    return _summary(flow, helper, {})


def _summary(flow: Flow, helper: Body, arguments: dict[str, Value]) -> Value:
    """What the helper returns for these arguments, remembered per body and shape of the arguments.

    It is run with stand-ins for where the arguments come from, so that all calls of one shape share it.
    """
    from odoo_debt_lint.python.flow.engine import Flow

    given = {name: stand_in(name, value) for name, value in arguments.items()}
    # the depth that is left bounds the result as well
    key = (len(flow.stack), tuple(sorted((name, shape(value)) for name, value in given.items())))
    known = helper.summaries.get(key)
    if known is None:
        inner = Flow(helper, given, flow)
        while pending := inner.waits_for(inner.result):
            following = inner.following.union(item[1] for item in pending)
            inner = Flow(helper, given, flow, following)
        known = helper.summaries[key] = inner.result if inner.returned else CONST
    return filled_in(known, arguments)


def _parameter_names(helper: Body) -> list[str]:
    params = helper.node.params
    names = [item.name.value for item in (*params.posonly_params, *params.params, *params.kwonly_params)]
    return [name for name in names if name not in ("self", "cls")]


__all__ = ["UNKNOWN", "bind_parameters", "callers_of", "helper_of", "read_property", "run_helper"]
