"""Parameter whose default is a list, dictionary or set.

## What it does
Reports `def method(self, values={})` and the like, also `set()`, `list()` and `dict()`, and a dictionary or
list as the default of a Serialized field before 13.0. It is medium where the method changes, returns or keeps
the object.

## Why is this bad
The object is made once. What one call puts in, the next call finds there, of another user or company.

## How to fix
`def method(self, values=None)` and `values = dict(values or {})` in the body; `default=dict` or a lambda
for a field.

## Not reported
Tuples, strings, numbers and `frozenset`; tests. Defaults of Json fields, and of Serialized ones from 13.0,
of which Odoo makes a copy for each record, have low confidence.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from odoo_debt_lint.finding import Confidence
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Block, Hit, Hits, OnModule, Rule, Severity, series_number

_CHANGES = frozenset(
    "append extend insert update setdefault pop popitem remove clear add discard sort reverse".split()
)
_SHARED_FIELDS = frozenset({"Json", "Serialized"})
_COPIED = 13.0
"""Since then the cache holds text, or a copy, and so does what ``default_get`` gives."""


def check(file: PythonFile) -> Hits:
    outer: set[int] = set()
    for (klass, name), node in file.skeleton.defs.items():
        if not (node.args.defaults or node.args.kw_defaults):
            continue
        outer.add(id(node.args))
        for argument, default in _defaults(node.args):
            if _is_mutable(default):
                kept = _is_kept(node, argument)
                yield Hit(
                    file.skeleton.span(default),
                    f"the default of {argument} is one object for all calls of {name}()",
                    severity=Severity.MEDIUM if kept else Severity.LOW,
                    confidence=Confidence.HIGH if kept else Confidence.MEDIUM,
                    entity=".".join(part for part in (klass, name) if part),
                )
    yield from _inner(file, outer)
    yield from _fields(file)


def _inner(file: PythonFile, outer: set[int]) -> Iterator[Hit]:
    """Functions inside functions, and lambdas."""
    for arguments in file.skeleton.kinds.get(ast.arguments, ()):
        if id(arguments) in outer or not (arguments.defaults or arguments.kw_defaults):
            continue
        for argument, default in _defaults(arguments):
            if _is_mutable(default):
                yield Hit(
                    file.skeleton.span(default),
                    f"the default of {argument} is one object for all calls of the function",
                    severity=Severity.LOW,
                    confidence=Confidence.MEDIUM,
                )


def _fields(file: PythonFile) -> Iterator[Hit]:
    shared = 0 < series_number(file.series) < _COPIED
    for klass in file.facts.classes:
        for field in klass.fields if klass.is_model else ():
            if field.type in _SHARED_FIELDS and isinstance(field.kwargs.get("default"), list | dict):
                yield Hit(
                    field.span,
                    f"the default of {field.name} is one object for all records; give a function",
                    severity=None if shared else Severity.LOW,
                    confidence=None if shared else Confidence.LOW,
                    entity=f"{klass.name}.{field.name}",
                )


def _defaults(arguments: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    optional = positional[len(positional) - len(arguments.defaults) :]
    for argument, default in zip(optional, arguments.defaults, strict=True):
        yield argument.arg, default
    for argument, given in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if given is not None:
            yield argument.arg, given


def _is_mutable(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in ("list", "dict", "set", "defaultdict", "OrderedDict")
    return isinstance(node, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp)


def _is_kept(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> bool:
    """Whether the object is changed, returned or stored somewhere, before the name stands for another one."""
    for statement in function.body:
        if any(_keeps(node, name) for node in nodes_of(statement)):
            return True
        if isinstance(statement, ast.Assign) and any(_is_name(item, name) for item in statement.targets):
            return False
    return False


def _keeps(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in _CHANGES and _is_name(node.func.value, name)
    if isinstance(node, ast.Subscript):
        return not isinstance(node.ctx, ast.Load) and _is_name(node.value, name)
    if isinstance(node, ast.Assign) and _is_name(node.value, name):
        return any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets)
    if isinstance(node, ast.Return):
        return _is_name(node.value, name)
    return isinstance(node, ast.AugAssign) and _is_name(node.target, name)


def _is_name(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=5,
    listeners=(OnModule(check),),
)
