"""Default that is computed once, when the server starts.

## What it does
Reports a call of the clock, of a random generator or of `_()` directly in `default=` of a field or as the
default of a parameter: `default=fields.Date.today()` instead of `default=fields.Date.today`. Of a field also
through a function of the file, or a variable of its class or module: `default=_next_year()`, `default=TODAY`.

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
_MAX_HOPS = 3
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
                yield from _default(file, value, klass.name, field.name)


def _default(file: PythonFile, value: ast.expr, klass: str, name: str) -> Iterator[Hit]:
    for word in value.keywords if isinstance(value, ast.Call) else ():
        if word.arg != "default":
            continue
        what = _changes(file, klass, word.value)
        if what:
            yield Hit(
                file.skeleton.span(word.value),
                _text(f"default of {name}", what),
                severity=Severity.LOW if what == "language" else None,
                confidence=Confidence.MEDIUM if what == "language" else None,
                entity=f"{klass}.{name}",
            )


def _changes(file: PythonFile, klass: str, root: ast.expr, depth: int = 0) -> str:
    """What a default would be differently each time, also one that the class or the module has set before."""
    for node in _run(root):
        what = ""
        if isinstance(node, ast.Call):
            what = _varies(file, node) or _inside(file, klass, node)
        elif isinstance(node, ast.Name) and depth < _MAX_HOPS:
            known = file.skeleton.values
            values = known.get((klass, node.id)) or known.get(("", node.id)) or []
            what = _changes(file, klass, values[0], depth + 1) if len(values) == 1 else ""
            what = "" if what == "language" else what
        if what:
            return what
    return ""


def _inside(file: PythonFile, klass: str, call: ast.Call) -> str:
    """The same for a function of the file that is called."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    functions = [file.skeleton.defs[key] for key in ((klass, name), ("", name)) if key in file.skeleton.defs]
    calls = (node for function in functions for node in nodes_of(function) if isinstance(node, ast.Call))
    return next((what for inner in calls if (what := _varies(file, inner)) in ("date", "value")), "")


def _text(where: str, what: str) -> str:
    return f"{where} is computed when the server starts, so its {what} never changes; give a function"


def _calls(root: ast.expr) -> Iterator[ast.Call]:
    return (node for node in _run(root) if isinstance(node, ast.Call))


def _run(root: ast.expr) -> Iterator[ast.AST]:
    """What runs with the expression itself; what stands in a lambda is left out."""
    stack: list[ast.AST] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Lambda):
            continue
        yield node
        stack.extend(ast.iter_child_nodes(node))


def _varies(file: PythonFile, call: ast.Call) -> str:
    """What the call gives differently each time: a date, a random value, a language; else empty."""
    name = resolve(dotted(call.func), file.names)
    if name in _TRANSLATE:
        return "language"
    if name.startswith(("uuid.", "random.", "secrets.")) or name == "os.urandom":
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
