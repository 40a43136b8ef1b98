"""Parameter whose default is a list, dictionary or set.

## What it does
Reports `def method(self, values={})` and the like, also `set()`, `list()` and `dict()`, and a dictionary or
list as the default of a Json or Serialized field. It is medium where the method changes, returns or keeps
the object.

## Why is this bad
The object is made once. What one call puts in, the next call finds there, of another user or company.

## How to fix
`def method(self, values=None)` and `values = dict(values or {})` in the body; `default=dict` or a lambda
for a field.

## Not reported
Tuples, strings, numbers and `frozenset`; tests.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from odoo_debt_lint.finding import Confidence
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Block, Hit, Hits, OnModule, Rule, Severity

_CHANGES = frozenset(
    "append extend insert update setdefault pop popitem remove clear add discard sort reverse".split()
)
_SHARED_FIELDS = frozenset({"Json", "Serialized", "Properties"})


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
    for klass in file.facts.classes:
        for field in klass.fields if klass.is_model else ():
            if field.type in _SHARED_FIELDS and isinstance(field.kwargs.get("default"), list | dict):
                yield Hit(
                    field.span,
                    f"the default of {field.name} is one object for all records",
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


def _is_kept(function: ast.AST, name: str) -> bool:
    """Whether the object is changed, returned or stored somewhere."""
    for node in nodes_of(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGES:
            if _is_name(node.func.value, name):
                return True
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            if _is_name(node.value, name):
                return True
        elif isinstance(node, ast.Return | ast.AugAssign):
            held = node.value if isinstance(node, ast.Return) else node.target
            if _is_name(held, name):
                return True
    return False


def _is_name(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=5,
    listeners=(OnModule(check),),
)
