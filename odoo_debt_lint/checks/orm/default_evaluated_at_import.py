"""Default that is computed once, when the server starts.

## What it does
Reports a call of the clock, of a random generator or of `_()` directly in `default=` of a field or as the
default of a parameter: `default=fields.Date.today()` instead of `default=fields.Date.today`. Of a field also
through a function or a name of the file: `default=_next_year()`, `default=TODAY`.

## Why is this bad
The call runs when the module is loaded. Every record made until the next restart gets that date, number or
language.

## How to fix
Give the function itself or a lambda: `default=lambda self: fields.Date.context_today(self)`. For parameters
use `None` and set the value in the body.

## Not reported
Functions and lambdas; calls that always give the same (`dict()`, `timedelta(days=1)`); other attributes of
a class.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from odoo_debt_lint.finding import Confidence
from odoo_debt_lint.python.literals import dotted, resolve
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Block, Hit, Hits, OnModule, Rule, Severity

_CLOCK = frozenset("today now utcnow context_today time strftime context_timestamp".split())
_CLOCK_OWNERS = ("fields", "date", "datetime", "time", "pytz", "dt")
_TRANSLATE = ("odoo._", "odoo.tools.translate._", "openerp._", "odoo.tools._")


def check(file: PythonFile) -> Hits:
    yield from _fields(file)
    for (klass, name), node in file.skeleton.defs.items():
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None and not isinstance(default, ast.Constant | ast.Name):
                for call in _calls(default):
                    what = _varies(file, call)
                    if what and what != "language":
                        entity = ".".join(part for part in (klass, name) if part)
                        yield Hit(
                            file.skeleton.span(default), _text(f"parameter of {name}()", what), entity=entity
                        )
                        break


def _fields(file: PythonFile) -> Iterator[Hit]:
    for klass in file.facts.classes:
        if not klass.is_model:
            continue
        for field in klass.fields:
            if "default" not in field.dynamic:
                continue
            for value in file.skeleton.values.get((klass.name, field.name), ()):
                yield from _default(file, value, f"{klass.name}.{field.name}", field.name)


def _default(file: PythonFile, value: ast.expr, entity: str, name: str) -> Iterator[Hit]:
    for word in value.keywords if isinstance(value, ast.Call) else ():
        if word.arg != "default":
            continue
        direct = next((kind for kind in (_varies(file, call) for call in _calls(word.value)) if kind), "")
        what = direct or _through_names(file, word.value, entity.partition(".")[0])
        if what:
            yield Hit(
                file.skeleton.span(word.value),
                _text(f"default of {name}", what),
                severity=Severity.LOW if what == "language" else None,
                confidence=Confidence.MEDIUM if what == "language" else None,
                entity=entity,
            )


def _through_names(file: PythonFile, default: ast.expr, klass: str) -> str:
    """The same for functions of the file which are called, and for names that were set when it was loaded."""
    skeleton = file.skeleton
    inner: list[ast.AST] = []
    for call in _calls(default):
        if isinstance(call.func, ast.Name):
            known = (skeleton.defs.get((owner, call.func.id)) for owner in (klass, ""))
            inner += [node for function in known if function is not None for node in nodes_of(function)]
    if isinstance(default, ast.Name | ast.BinOp):
        names = [node.id for node in nodes_of(default) if isinstance(node, ast.Name)]
        values = (skeleton.values.get((owner, name), ()) for name in names for owner in (klass, ""))
        inner += [call for found in values for value in found for call in _calls(value)]
    found = (_varies(file, node) for node in inner if isinstance(node, ast.Call))
    return next((kind for kind in found if kind in ("date", "value")), "")


def _text(where: str, what: str) -> str:
    return f"{where} is computed when the server starts, so its {what} never changes; give a function"


def _calls(root: ast.expr) -> Iterator[ast.Call]:
    """Calls that run with the expression itself, those in a lambda left out."""
    stack: list[ast.AST] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Call):
            yield node
        stack.extend(ast.iter_child_nodes(node))


def _varies(file: PythonFile, call: ast.Call) -> str:
    """What the call gives differently each time: a date, a random value, a language; else empty."""
    name = resolve(dotted(call.func), file.names)
    if name in _TRANSLATE:
        return "language"
    if name.startswith(("uuid.", "random.", "secrets.")):
        return "value"
    owner, _, last = name.rpartition(".")
    if last in _CLOCK and any(part in _CLOCK_OWNERS for part in owner.split(".")):
        return "date"
    return ""


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=10,
    listeners=(OnModule(check),),
)
