"""Python's own eval, exec or compile on something that is no literal.

## What it does
Reports `eval(...)`, `exec(...)` and `compile(...)`, also as `builtins.eval`, under another name and through
`map`, whose text is not written in the source. It is critical when the text comes from a request or from an
argument of a public method.

## Why is this bad
The text runs with all rights of the Odoo process: files, database, network.

## How to fix
`ast.literal_eval` for data, a table of functions for a choice, `odoo.tools.safe_eval` for formulas which
administrators write.

## Not reported
`ast.literal_eval`, `safe_eval`, methods that happen to be named `eval`, and `compile` that makes a tree only
(`PyCF_ONLY_AST`). `compile` whose result is thrown away and whose `SyntaxError` is caught only looks at the
syntax: low confidence.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._across import Arrival, Judged, arriving, noted
from odoo_debt_lint.checks.security._glance import called_name
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.values import Level, Value
from odoo_debt_lint.rule import Block, Confidence, Hit, Marks, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_PLAIN = frozenset({"eval", "exec", "compile"})
_NAMES = {
    name
    for plain in _PLAIN
    for name in (plain, f"builtins.{plain}", f"__builtin__.{plain}", f"__builtins__.{plain}")
}


def check(call: Any, body: Body) -> Marks:
    if not call.args:
        return
    found = _evaluated(call, body)
    if found is None:
        return
    symbol, node = found
    value = body.flow.value(node)
    if value.level is Level.CONST:
        return
    name = symbol.rpartition(".")[2]
    if name == "compile" and (_only_reads(call, body) or _is_run_at_once(call, body)):
        return
    yield from noted(body, call, value)
    message, severity, confidence = _judge(value, f"{name}()")
    if name == "compile" and _looks_at_syntax(call, body):
        confidence = Confidence.LOW
    yield Hit(call, message, severity, confidence, flow=lambda: body.flow_locations(value))


def _evaluated(call: Any, body: Body) -> tuple[str, Any] | None:
    """What runs the text, under its own name or another, and the node of the text; ``map`` runs each."""
    func = call.func
    if isinstance(func, cst.Name) and func.value == "map" and len(call.args) == 2:
        symbol, node = body.flow.symbol(call.args[0].value), call.args[1].value
    elif body.last_name(call) in _PLAIN or isinstance(func, cst.Name):
        symbol, node = body.callee(call), call.args[0].value
    else:
        return None
    own = symbol in _PLAIN and symbol in body.file.defined
    return (symbol, node) if symbol in _NAMES and not own else None


def _only_reads(call: Any, body: Body) -> bool:
    """Whether ``compile`` makes a tree of the text, and no code that could be run."""
    return any("PyCF_ONLY_AST" in body.code(arg.value) for arg in call.args[1:])


def _is_run_at_once(call: Any, body: Body) -> bool:
    """Whether it is the code of an ``exec`` around it, which is one defect with it."""
    return any(
        isinstance(node, cst.Call)
        and node.args
        and node.args[0].value is call
        and body.callee(node) in _NAMES
        for node in body.nodes
    )


def _looks_at_syntax(call: Any, body: Body) -> bool:
    """Whether ``compile`` only looks at the syntax: its result is thrown away, its error is caught."""
    if not any(node.value is call for node in body.by_kind[cst.Expr]):
        return False
    caught = (node.type for node in body.by_kind[cst.ExceptHandler])
    return any(kind is not None and "SyntaxError" in body.code(kind) for kind in caught)


def _judge(value: Value | Arrival, name: str) -> Judged:
    outside = value.level >= Level.ARGUMENT
    origin = " of a value that comes from outside" if outside else ""
    severity = Severity.CRITICAL if outside else None
    return f"{name}{origin} runs any code with the rights of the server", severity, None


def judge(found: Arrival) -> Judged | None:
    """What arrives from another file; the finding without it says the same of other values."""
    return _judge(found, "eval() or exec()") if found.level >= Level.ARGUMENT else None


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether something of such a name is called or handed on that is no method, such as ``re.compile``."""
    qualified = "__builtin" in file.text.text or "builtins" in file.text.text
    return any(
        file.names.get(node.id, node.id).rpartition(".")[2] in _PLAIN
        if isinstance(node, ast.Name)
        else qualified and isinstance(node, ast.Call) and called_name(node, file) in _PLAIN
        for node in unit.nodes
    )


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=90,
    listeners=(OnNode(("Call",), check), arriving("eval-used", judge)),
    roles=frozenset({"code", "hook", "data", "migration"}),
    tags=("data-flow",),
    triggers=(
        *(b"eval(", b"exec(", b" compile(", b"(compile(", b"=compile(", b"builtins"),
        *(b"= eval", b"= exec", b"(eval,", b"(exec,"),
    ),
    glance=glance,
)
