"""Formula which a user of lower rights can set, run by safe_eval.

## What it does
Reports `safe_eval` of request values (high), of arguments which any user can send through RPC, and of
fields that others than system administrators may write.

## Why is this bad
`safe_eval` keeps a formula from Python's builtins, not from what it is given: records, the environment,
time and memory. It is made for text of administrators.

## How to fix
`ast.literal_eval` for data and `odoo.osv.expression` for domains; else let only administrators write the
field (`groups="base.group_system"`).

## Not reported
Constants, configuration parameters, fields with `groups="base.group_system"`, models which only
administrators may write. Where only managers may write them, or the model is one of Odoo's and no access
row of the model is known, the finding has low confidence.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._across import Arrival, Judged, arriving, noted
from odoo_debt_lint.checks.security._glance import called_name, calls
from odoo_debt_lint.checks.security._marks import hit_at
from odoo_debt_lint.checks.security._rights import (
    field_by_path,
    for_administrators,
    is_written,
    managers_write,
    users_write,
)
from odoo_debt_lint.checks.security._web import argument, resolved
from odoo_debt_lint.index import Scope
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.knowledge import RECORD_CALLS
from odoo_debt_lint.python.flow.values import Level, Value
from odoo_debt_lint.rule import (
    Block,
    Confidence,
    Hit,
    Hits,
    Mark,
    Marks,
    OnAddon,
    OnNode,
    Rule,
    Severity,
)

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_TEXT = frozenset({"Char", "Text", "Html", "Json", "Serialized"})


def note(call: Any, body: Body) -> Marks:
    if body.last_name(call) != "safe_eval":
        return
    symbol = body.callee(call)
    if symbol.rpartition(".")[2] != "safe_eval" or "tools" not in symbol.split("."):
        return
    node = argument(call, 0, "expr")
    if node is None:
        return
    value = body.flow.value(node)
    if value.level >= Level.ARGUMENT:
        message, severity, confidence = _judge(value)
        yield Hit(call, message, severity, confidence, flow=lambda: body.flow_locations(value))
    yield from noted(body, call, value)
    if value.level in (Level.UNKNOWN, Level.STORED):
        path = _field_path(_looped(resolved(body, node), body), body)
        if path is not None:
            yield Mark(call, {"model": path[0], "path": path[1]}, flow=lambda: body.flow_locations(value))


def _judge(value: Value | Arrival) -> Judged:
    sent = value.level is Level.USER
    origin = "a request value" if sent else "an argument that any user can send through RPC"
    return f"safe_eval() of {origin}", Severity.HIGH if sent else Severity.MEDIUM, None


def judge(found: Arrival) -> Judged | None:
    """What arrives from another file."""
    return _judge(found) if found.level >= Level.ARGUMENT else None


def _field_path(node: Any, body: Body) -> tuple[str, list[str]] | None:
    """The model and the names of fields of ``record.rule_id.code``; calls such as ``.strip()`` left out."""
    names: list[str] = []
    while isinstance(node, cst.Attribute | cst.Call | cst.BooleanOperation):
        if isinstance(node, cst.BooleanOperation):
            node = resolved(body, node.left)
        elif isinstance(node, cst.Call):
            if not isinstance(node.func, cst.Attribute):
                return None
            names[:0] = fields = _mapped(node, body)
            node = node.func.value
            if fields and (model := _model_of(node, body)):
                return (model, names)
        else:
            model = body.flow.value(node).model or _model_of(node.value, body)
            names.insert(0, node.attr.value)
            if model:
                return (model, names)
            node = node.value
    fields = _fields_to(node, body) if names else []
    return (body.klass.model, [*fields, *names]) if fields and body.klass is not None else None


def _mapped(call: Any, body: Body) -> list[str]:
    """The fields in ``records.mapped("line_ids.code")``."""
    if call.func.attr.value != "mapped" or len(call.args) != 1:
        return []
    path = body.flow.value(call.args[0].value).text or ""
    return path.split(".") if path.replace(".", "_").isidentifier() else []


def _looped(node: Any, body: Body) -> Any:
    """What a loop or comprehension goes through, of which a name is one item: ``for code in codes``."""
    if not isinstance(node, cst.Name):
        return node
    for loop in (*body.by_kind[cst.For], *body.by_kind[cst.CompFor]):
        if isinstance(loop.target, cst.Name) and loop.target.value == node.value:
            over = resolved(body, loop.iter)
            return over if isinstance(over, cst.Call) and body.last_name(over) == "mapped" else node
    return node


def _fields_to(node: Any, body: Body) -> list[str]:
    """The fields from ``self`` to a variable: ``for code in self.code_ids.filtered("active")``."""
    first, *parts = body.flow.value(node).symbol.replace("[]", "").split(".")
    fields = [part for part in parts if part.removesuffix("()") not in RECORD_CALLS]
    own = first == "self" and body.klass is not None and body.klass.is_model and "env" not in fields
    return fields if own and all(field.isidentifier() for field in fields) else []


def _model_of(node: Any, body: Body) -> str:
    """The model of ``self``, of a loop variable over it or what it finds, or of a recordset of the
    environment."""
    value = body.flow.value(node)
    if value.model:
        return value.model
    klass = body.klass
    first, *calls = value.symbol.replace("[]", "").split(".")
    same = all(call != "mapped()" and call.endswith("()") and call[:-2] in RECORD_CALLS for call in calls)
    own = first == "self" and same
    return klass.model if own and klass is not None and klass.is_model else ""


def check(scope: Scope) -> Hits:
    for path, mark in scope.marks("unsafe-safe-eval"):
        if "path" not in mark.data:
            continue
        found = field_by_path(scope, mark.data["model"], mark.data["path"])
        if found is None:
            continue
        model, field = found
        if field.type not in _TEXT or for_administrators(field) or not is_written(field):
            continue
        written = users_write(scope, model)
        if written is False:
            continue
        text = f"safe_eval() of {model}.{field.name}, which others than administrators may write"
        yield hit_at(path, mark, text, confidence=_confidence(scope, model, written))


def _confidence(scope: Scope, model: str, written: bool | None) -> Confidence:
    """An own model without any row lacks it by mistake; rows of Odoo's own models may not be known."""
    if model == "ir.filters":
        return Confidence.LOW  # its rule leaves users their own filters
    if written is None:
        own = any(part.path for part in scope.parts(model) if part.klass.defines)
        return Confidence.MEDIUM if own else Confidence.LOW
    return Confidence.LOW if managers_write(scope, model) else Confidence.HIGH


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether more than a literal is evaluated."""
    return any(
        called_name(call, file) == "safe_eval" and not (call.args and isinstance(call.args[0], ast.Constant))
        for call in calls(unit)
    )


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=45,
    listeners=(OnNode(("Call",), note), OnAddon(check), arriving("unsafe-safe-eval", judge)),
    glance=glance,
    tags=("data-flow",),
    triggers=(b"safe_eval",),
)
