"""Text that no translator ever sees.

## What it does
Reports `_()`, `_lt()` and `self.env._()` whose argument is no literal: an f-string, text put together with
`%`, `+` or `.format()`, a variable, a field.

## Why is this bad
Terms are collected from the source. What is only known at run time is not among them, so the user gets the
original text, whatever his language.

## How to fix
Translate the text with its place holders, then fill them: `_("Order %s is late", order.name)`.

## Not reported
Literals, also concatenated ones, with arguments after them; a `_` that is not Odoo's.
"""

from __future__ import annotations

import ast

from odoo_debt_lint.python.code import Code
from odoo_debt_lint.python.literals import UNKNOWN, dotted, literal, resolve
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnModule, Rule, Severity

_MODULES = ("odoo", "odoo.tools.translate", "odoo.tools", "openerp", "openerp.tools.translate")
_FUNCTIONS = frozenset(f"{module}.{name}" for module in _MODULES for name in ("_", "_lt", "LazyTranslate"))


def check(file: PythonFile) -> Hits:
    for name in ("_", "_lt"):
        for event in file.skeleton.events.get(name, ()):
            call = event.node
            if (
                not call.args
                or isinstance(call.args[0], ast.Starred)
                or not _is_translation(file, call, name)
            ):
                continue
            what = _variable(call.args[0])
            if what:
                code = file.code(event.root, event.klass)
                if isinstance(call.func, ast.Name) and _is_local(code, name):
                    continue
                yield Hit(
                    file.skeleton.span(call),
                    f"{name}() of {what}: translators never see the text; translate a literal, then fill in",
                    entity=code.entity,
                )


def _is_translation(file: PythonFile, call: ast.Call, name: str) -> bool:
    if isinstance(call.func, ast.Attribute):
        return dotted(call.func.value).endswith("env")
    return resolve(name, file.names) in _FUNCTIONS or _is_lazy(file, name)


def _is_lazy(file: PythonFile, name: str) -> bool:
    """``_lt = LazyTranslate(__name__)``, since 18.0."""
    return any(
        isinstance(value, ast.Call) and resolve(dotted(value.func), file.names) in _FUNCTIONS
        for value in file.skeleton.values.get(("", name), ())
    )


def _is_local(code: Code, name: str) -> bool:
    return name in code.bindings


def _variable(node: ast.expr) -> str:
    """What the text is when it is no literal; else empty."""
    if literal(node) is not UNKNOWN:
        return ""
    if isinstance(node, ast.JoinedStr):
        return "an f-string" if any(isinstance(item, ast.FormattedValue) for item in node.values) else ""
    if isinstance(node, ast.BinOp):
        return "formatted text" if isinstance(node.op, ast.Mod) else "text put together"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return "formatted text"
    if isinstance(node, ast.IfExp | ast.BoolOp):
        return "a choice of texts"
    return "a variable"


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=5,
    listeners=(OnModule(check),),
    tags=("translation",),
)
