"""Values of texts and operators for ``flow``: literals, f-strings, ``%`` formats, sums.

What is put into a text decides its level; ``%d`` and its like let only numbers through.
"""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.containers import concatenated, keyed
from odoo_debt_lint.python.flow.values import (
    CLEAN,
    CONST,
    NUMBER,
    UNKNOWN,
    Level,
    Value,
    join,
    join_all,
    raw_part,
    text_of,
)

if TYPE_CHECKING:
    from odoo_debt_lint.python.flow.engine import Flow
    from odoo_debt_lint.python.flow.values import Called

_CONVERSION = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?(?P<kind>[a-zA-Z%])"
)
_NUMERIC_CONVERSIONS = frozenset("diouxXeEfFgGc")


def string(flow: Flow, node: Any) -> Value:
    if node.__class__ is cst.ConcatenatedString:
        return text_of((flow.eval(node.left), flow.eval(node.right)))
    raw = node.value
    if raw[0] in "'\"" and "\\" not in raw:
        width = 3 if raw[:3] in ('"""', "'''") and len(raw) >= 6 else 1
        return Value(text=raw[width:-width])
    value = node.evaluated_value
    return Value(text=value if isinstance(value, str) else value.decode("latin-1"))


def fstring(flow: Flow, node: Any) -> Value:
    parts: list[Value] = []
    for part in node.parts:
        if _is_text(part):
            parts.append(Value(text=part.value))
        else:
            value = flow.eval(part.expression)
            spec = part.format_spec or ()
            inner = [flow.eval(item.expression) for item in spec if not _is_text(item)]
            parts += [CLEAN if _is_numeric(spec) else value, *inner]
    return text_of(parts).at(flow.body, node, "put into an f-string")


def _is_text(part: Any) -> bool:
    return isinstance(part, cst.FormattedStringText)


def _is_numeric(spec: Any) -> bool:
    return bool(spec) and _is_text(spec[-1]) and spec[-1].value[-1:] in "dfeg"


def number(flow: Flow, node: Any) -> Value:
    return Value(text=str(node.value))


def constant(flow: Flow, node: Any) -> Value:
    return CONST


def unary(flow: Flow, node: Any) -> Value:
    value = flow.eval(node.expression)
    return CLEAN if isinstance(node.operator, cst.Not) else value


def binary(flow: Flow, node: Any) -> Value:
    """A chain ``a + b + c`` leans to the left: it is evaluated from there, without recursion."""
    chain = [node]
    while isinstance(chain[-1].left, cst.BinaryOperation):
        chain.append(chain[-1].left)
    value = flow.eval(chain[-1].left)
    for item in reversed(chain):
        value = _operation(flow, item, value, flow.eval(item.right))
        flow.note(item, value)
    return value


def _operation(flow: Flow, node: Any, left: Value, right: Value) -> Value:
    if isinstance(node.operator, cst.Modulo):
        return _percent(flow, node, left, right)
    if isinstance(node.operator, cst.Add):
        return added(flow, node, left, right)
    if isinstance(node.operator, cst.Multiply):
        text = next((side for side in (left, right) if side.text is not None and not side.built), None)
        if left.level <= Level.CLEAN and left.items is not None:
            return left
        return (
            replace(text, text=None) if text is not None and text.level <= Level.CLEAN else join(left, right)
        )
    if isinstance(node.operator, cst.BitAnd | cst.BitOr) and left.keys is None and right.keys is None:
        whole = concatenated(left, right)
        if whole is not None or left.items is None or right.items is None:
            return whole or replace(join(left, right), built=False, text=None, items=None)
    if isinstance(node.operator, cst.BitOr) and left.items is not None and right.items is not None:
        return keyed({**left.items, **right.items}, join_all(filter(None, (left.keys, right.keys))))
    return replace(join(left, right), built=False, text=None)


def added(flow: Flow, node: Any, left: Value, right: Value) -> Value:
    """``left + right``: text, lists, SQL objects or numbers."""
    if left.composed or right.composed:
        return raw_part((left, right)) or replace(join(left, right), composed=True)
    if left.items is not None or right.items is not None:
        if left.items is not None and (whole := concatenated(left, right)) is not None:
            return whole
        return replace(join(left, right), items=None)
    textual = left.text is not None or right.text is not None or left.built or right.built
    if not textual:
        return join(left, right)
    return text_of((left, right)).at(flow.body, node, "joined to the text by +")


def augmented(flow: Flow, node: Any, old: Value, new: Value) -> Value:
    """The value after ``target op= new``."""
    if isinstance(node.operator, cst.AddAssign):
        return added(flow, node, old, new)
    if isinstance(node.operator, cst.ModuloAssign):
        return _percent(flow, node, old, new)
    return join(old, new)


def _percent(flow: Flow, node: Any, left: Value, right: Value) -> Value:
    if left.level is Level.NUMBER and left.text is None:
        return NUMBER
    if left.composed or (left.text is None and not left.built and left.level <= Level.CLEAN and left.symbol):
        return join(left, right)
    parts = [left, *_conversions(left.text, right)]
    whole = text_of(parts)
    return replace(whole, text=_filled(left.text, right)).at(flow.body, node, "put into the text by %")


def _conversions(text: str | None, right: Value) -> list[Value]:
    """What each conversion of a ``%`` format puts in; ``%d`` and its like let only numbers through."""
    if text is None:
        return [right.element if right.items is not None else right]
    found: list[Value] = []
    index = 0
    for match in _CONVERSION.finditer(text):
        if match["kind"] == "%":
            continue
        value = right
        if right.items is not None:
            key: Any = match["key"] if match["key"] is not None else index
            value = right.items.get(key, right.element)
        index += 1
        found.append(CLEAN if match["kind"] in _NUMERIC_CONVERSIONS else value)
    return found


def _filled(text: str | None, right: Value) -> str | None:
    if text is None:
        return None
    values = iter(_conversions(text, right))

    def fill(match: re.Match[str]) -> str:
        if match["kind"] == "%":
            return "%"
        value = next(values, UNKNOWN)
        return value.text if value.text is not None else "\x00"

    return _CONVERSION.sub(fill, text)


def formatted(called: Called) -> list[Value]:
    """What ``"...".format(...)`` puts in: ``{:d}`` and its like let only numbers through, of ``**values``
    only those count whose names are in the text."""
    fields = _fields(called.receiver.text) if called.receiver is not None else {}
    given = {str(index): value for index, value in enumerate(called.args)} | called.kwargs
    rest = given.get("**")
    if rest is not None and rest.items is not None and fields:
        del given["**"]
        given |= {name: rest.items.get(name, rest.element) for name in fields if name not in given}
    parts = (CLEAN if fields.get(name) else value for name, value in given.items())
    return [value.element if value.items else value for value in parts]


def joined(flow: Flow, called: Called) -> Value:
    """What ``separator.join(parts)`` gives."""
    separator, parts = called.receiver, called.args[0]
    assert separator is not None
    if parts.keys is not None:
        values = [replace(parts.keys, text=None)]
    elif parts.items:
        values = list(parts.items.values())
    elif parts.level is Level.CONST:
        values = [replace(parts, text=parts.text or "")]
    else:
        values = [replace(parts, text=None)]
    whole = text_of([values[0], *(piece for value in values[1:] for piece in (separator, value))])
    return whole.at(flow.body, called.node, "joined to text")


def _fields(text: str | None) -> dict[str, bool]:
    """The names and numbers in a format, and whether only a number can stand there; empty where it is not
    known."""
    found: dict[str, bool] = {}
    try:
        parsed = [part for part in Formatter().parse(text) if part[1] is not None] if text else []
    except ValueError:
        return found
    for index, (_, field, spec, _) in enumerate(parsed):
        name = re.split(r"[.\[]", field or "")[0] or str(index)
        found[name] = found.get(name, True) and (spec or " ")[-1] in "dfegoxX"
    return found
