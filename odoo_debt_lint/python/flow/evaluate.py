"""Values of expressions for ``flow``: one small function per kind of node.

Calls have their own module (``calls``), so have texts and operators (``texts``); here are names, attributes,
subscripts, choices and containers.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow import callers, calls, constants, containers, texts
from odoo_debt_lint.python.flow.elevation import is_record
from odoo_debt_lint.python.flow.knowledge import (
    CLEAN_ATTRIBUTES,
    NUMERIC_ATTRIBUTES,
    NUMERIC_NAMES,
    REQUEST_SAFE,
    REQUEST_SOURCES,
    is_constant,
    is_header,
)
from odoo_debt_lint.python.flow.places import constant_key, local_name, place_name
from odoo_debt_lint.python.flow.values import (
    CLEAN,
    CONST,
    NO_ORIGINS,
    UNKNOWN,
    Level,
    Value,
    attribute_of,
    join,
    join_all,
    unrun,
)

if TYPE_CHECKING:
    from odoo_debt_lint.python.flow.engine import Flow

_ENVIRONMENTS = frozenset({"env", "env()", "Environment()"})
_CONFIGURED = frozenset({"odoo.tools.config", "openerp.tools.config", "os.environ"})
"""What only those set who run the server."""
_BUILTINS = frozenset(dir(builtins))
_CLAUSES = frozenset({"from_clause", "where_clause"})
_QUERIES = ("._where_calc()", "._search()")
"""Text of a query which the ORM has made, and what makes one."""
_OWN = ("self", "cls", "self[]")


def expression(flow: Flow, node: Any) -> Value:
    """The value of any expression node."""
    handler = _HANDLERS.get(type(node).__name__)
    value: Value = handler(flow, node) if handler is not None else _anything(flow, node)
    return value


def _anything(flow: Flow, node: Any) -> Value:
    """Unknown kinds of nodes: their expressions are evaluated for what they contain."""
    children = [child for child in node.children if isinstance(child, cst.BaseExpression)]
    return join_all(flow.eval(child) for child in children) if children else UNKNOWN


def dotted(flow: Flow, node: Any) -> str:
    """Dotted origin of an expression: aliases and imports resolved, ``()`` and ``[]`` kept."""
    if isinstance(node, cst.Name):
        known = flow.env.get(node.value)
        if known is not None:
            return known.symbol
        return flow.body.file.names.get(node.value, node.value)
    if isinstance(node, cst.Attribute):
        return f"{dotted(flow, node.value) or '?'}.{node.attr.value}"
    if isinstance(node, cst.Call):
        return f"{dotted(flow, node.func)}()"
    if isinstance(node, cst.Subscript):
        return f"{dotted(flow, node.value)}[]"
    return "?"


def _name(flow: Flow, node: Any) -> Value:
    known = flow.env.get(node.value)
    if known is not None:
        return known
    constant = constants.lookup(flow.body.file, "", node.value)
    if constant is not None:
        return constant
    target = flow.body.file.names.get(node.value)
    if target:
        return Value(Level.CLEAN, symbol=target)
    if (("", node.value)) in flow.body.file.functions or node.value in _BUILTINS:
        return Value(Level.CLEAN, symbol=node.value)
    return replace(UNKNOWN, symbol=node.value)


def _attribute(flow: Flow, node: Any) -> Value:
    known = flow.env.get(local_name(node)) if flow.dotted else None
    base = flow.eval(node.value)
    if known is not None:
        return known
    read = callers.read_property(flow, node) if base.symbol in _OWN else None
    if read is not None:
        return read
    name = node.attr.value
    symbol = f"{base.symbol}.{name}" if base.symbol else f"?.{name}"
    if REQUEST_SOURCES.search(symbol):
        if REQUEST_SAFE.search(symbol):
            return Value(Level.VAGUE, symbol=symbol)
        value = Value(Level.USER, symbol=symbol, elevated=base.elevated)
        return value.at(flow.body, node, f"{symbol.rpartition('odoo.http.')[2]} comes with the request")
    level = _attribute_level(flow, base, symbol, name)
    if base.level is Level.CLEAN and not base.symbol.startswith(("self", "cls")):
        return Value(Level.CLEAN, symbol=symbol, elevated=base.elevated)
    record = bool(base.model) or is_record(base.symbol)
    value = Value(
        level,
        symbol=symbol,
        steps=base.steps if level >= base.level and level > Level.CLEAN else (),
        elevated=base.elevated,
        origin=base.origin if record else Level.CONST,
        via=attribute_of(base.via) if level > Level.NUMBER and not record else unrun(base.via),
        chosen=base.chosen if record else NO_ORIGINS,
    )
    return (
        value.at(flow.body, node, f"{name} is a field that users write") if level is Level.STORED else value
    )


def _attribute_level(flow: Flow, base: Value, symbol: str, name: str) -> Level:
    if name in NUMERIC_ATTRIBUTES:
        return Level.NUMBER
    if name in CLEAN_ATTRIBUTES or "_fields" in symbol or symbol.startswith("odoo.http.request.env.cr"):
        return Level.CLEAN
    if name in _CLAUSES and base.symbol.endswith(_QUERIES):
        return Level.CLEAN
    if base.symbol in _OWN:
        constant = constants.of_class(flow.body.file, flow.body.unit.klass, name)
        if constant is not None:
            return constant.level
        klass = flow.body.klass
        if klass is not None and not klass.is_model:
            return Level.VAGUE
        return constants.field_level(flow.body.file, flow.body.unit.klass, name)
    if base.level is Level.USER and not is_record(base.symbol):
        return Level.USER
    return Level.NUMBER if NUMERIC_NAMES.search(name) else Level.UNKNOWN


def _self_constant(flow: Flow, node: Any) -> Value | None:
    if isinstance(node.value, cst.Name) and node.value.value in ("self", "cls"):
        return constants.of_class(flow.body.file, flow.body.unit.klass, node.attr.value)
    return None


def _attribute_or_constant(flow: Flow, node: Any) -> Value:
    set_here = flow.dotted and local_name(node) in flow.env
    constant = None if set_here else _self_constant(flow, node)
    if constant is not None:
        flow.eval(node.value)
        return replace(constant, symbol=f"self.{node.attr.value}")
    return _attribute(flow, node)


def _subscript(flow: Flow, node: Any) -> Value:
    base = flow.eval(node.value)
    for element in node.slice:
        part = element.slice
        for index in (part.value,) if isinstance(part, cst.Index) else (part.lower, part.upper, part.step):
            if index is not None:
                flow.eval(index)
    known = flow.env.get(place_name(node)) if flow.dotted else None
    if known is not None:
        return known
    if isinstance(node.slice[0].slice, cst.Slice):
        return replace(base, items=None)
    symbol = f"{base.symbol}[]" if base.symbol else ""
    key = constant_key(node)
    if is_header(base.symbol, key):
        return Value(Level.USER, symbol=symbol).at(flow.body, node, f"{key} comes with the request")
    if base.items is not None:
        found = base.items.get(key) if key is not None else None
        return found if found is not None else base.element
    if base.level is Level.CONST:
        return CONST
    if "_fields" in base.symbol or base.symbol.endswith("sys.argv"):
        return Value(Level.CLEAN, symbol=symbol)
    if base.symbol.rpartition(".")[2] in _ENVIRONMENTS:
        # `self.env(su=True)["x"]` is as much a model as `self.env["x"]`
        symbol = f"{base.symbol.removesuffix('()')}[]" if "env" in base.symbol else "env[]"
        return Value(
            Level.UNKNOWN, symbol=symbol, elevated=base.elevated, model=key if isinstance(key, str) else ""
        )
    level = base.level
    if level is Level.CLEAN and base.symbol and not is_constant(base.symbol):
        level = Level.VAGUE if base.symbol in _CONFIGURED else Level.UNKNOWN
    return Value(
        level,
        symbol=symbol,
        steps=base.steps,
        elevated=base.elevated,
        origin=base.origin,
        model=base.model,
        via=base.part(key).via if base.via and key is not None else base.via,
        chosen=base.chosen,
    )


def _boolean(flow: Flow, node: Any) -> Value:
    left, right = flow.eval(node.left), flow.eval(node.right)
    # of the left side of ``and`` nothing remains but what is empty
    return right if isinstance(node.operator, cst.And) else join(left, right)


def _conditional(flow: Flow, node: Any) -> Value:
    flow.eval(node.test)
    before = dict(flow.env)
    flow.env.update(flow.refined(node.test, True))
    body = flow.eval(node.body)
    flow.env = before
    flow.env.update(flow.refined(node.test, False))
    other = flow.eval(node.orelse)
    flow.env = before
    return join(body, other)


def _comparison(flow: Flow, node: Any) -> Value:
    flow.eval(node.left)
    for target in node.comparisons:
        flow.eval(target.comparator)
    return CLEAN


def _lambda(flow: Flow, node: Any) -> Value:
    flow.run_nested(node, None)
    return Value(Level.VAGUE)


def _named(flow: Flow, node: Any) -> Value:
    value = flow.eval(node.value)
    flow.assign(node.target, value, node.value)
    return value


def _inner(flow: Flow, node: Any) -> Value:
    for name in ("expression", "value", "item"):
        child = getattr(node, name, None)
        if isinstance(child, cst.BaseExpression):
            return flow.eval(child)
    return UNKNOWN


_HANDLERS: dict[str, Any] = {
    "Name": _name,
    "Attribute": _attribute_or_constant,
    "Subscript": _subscript,
    "SimpleString": texts.string,
    "ConcatenatedString": texts.string,
    "FormattedString": texts.fstring,
    "Integer": texts.number,
    "Float": texts.number,
    "Imaginary": texts.constant,
    "Ellipsis": texts.constant,
    "BooleanOperation": _boolean,
    "IfExp": _conditional,
    "Comparison": _comparison,
    "UnaryOperation": texts.unary,
    "BinaryOperation": texts.binary,
    "Tuple": containers.sequence,
    "List": containers.sequence,
    "Set": containers.sequence,
    "Dict": containers.mapping,
    "ListComp": containers.comprehension,
    "SetComp": containers.comprehension,
    "GeneratorExp": containers.comprehension,
    "DictComp": containers.comprehension,
    "Lambda": _lambda,
    "NamedExpr": _named,
    "Await": _inner,
    "Yield": _inner,
    "From": _inner,
    "Call": calls.call,
}
