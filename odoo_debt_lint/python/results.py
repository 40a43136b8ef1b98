"""What a function amounts to: whether its body does anything, what it returns, what its tests look at.

And which variables its expressions belong to. All by the form of the ``ast`` alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from odoo_debt_lint.python.literals import dotted
from odoo_debt_lint.python.trees import nodes_of

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
TRY: tuple[type[ast.stmt], ...] = (ast.Try, getattr(ast, "TryStar", ast.Try))
_COMPOUND = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Match, *TRY)
_BLOCKS = ("body", "orelse", "finalbody")
_EMPTY = ("dict()", "list()", "set()", "tuple()", "self.browse()", "self.env[].browse()")


def returned(body: list[ast.stmt]) -> list[ast.expr | None]:
    """What the ``return`` statements of a body hold, in no order; nested functions and classes left out."""
    found: list[ast.expr | None] = []
    stack = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Return):
            found.append(node.value)
        elif isinstance(node, _COMPOUND):
            for name in _BLOCKS:
                stack.extend(getattr(node, name, ()))
            for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
                stack.extend(part.body)
    return found


def _significant(node: Function) -> list[ast.stmt]:
    """The body without its docstring, ``pass``, ``...`` and ``self.ensure_one()``."""
    return [item for item in node.body if not isinstance(item, ast.Pass) and not _says_nothing(item)]


def _says_nothing(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Expr):
        return False
    value = node.value
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and not value.args:
        return value.func.attr == "ensure_one" and dotted(value.func.value) == "self"
    return isinstance(value, ast.Constant)


def body_kind(node: Function, returns: bool) -> str:
    body = _significant(node)
    if not body:
        return "pass"
    last = body[-1]
    if isinstance(last, ast.Raise):
        if len(body) == 1:
            return "raise"
        return "code" if returns else "raises"
    if isinstance(last, ast.Return):
        return "return" if len(body) == 1 and _is_trivial(last.value) else "code"
    if not node.name.startswith("_compute_"):
        return "code"
    if all(_is_default(item) for item in body):
        return "return"
    return "default" if all(_is_default(item, True) for item in body) else "code"


def _is_default(node: ast.stmt, updates: bool = False) -> bool:
    """A constant put into a field, also record by record: what it has until somebody says more. ``updates``:
    also by ``update({...})``."""
    if isinstance(node, ast.For):
        loop = isinstance(node.iter, ast.Name) and node.iter.id == "self"
        return loop and all(_is_default(item, updates) for item in node.body)
    if updates and isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        owner, _, name = dotted(node.value.func).rpartition(".")
        given = node.value.args[0] if name == "update" and owner.isidentifier() and node.value.args else None
        return isinstance(given, ast.Dict) and all(_is_trivial(value) for value in given.values)
    if not isinstance(node, ast.Assign) or not all(isinstance(item, ast.Attribute) for item in node.targets):
        return False
    return not isinstance(node.value, ast.Name) and _is_trivial(node.value)


def _is_trivial(value: ast.expr | None) -> bool:
    """A constant, an empty container or recordset, or the untouched ``self``."""
    if value is None or isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.List | ast.Tuple | ast.Set):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    if isinstance(value, ast.Subscript):
        return dotted(value) in ("self.env[]", "env[]")
    if isinstance(value, ast.Call):
        return not value.args and not value.keywords and dotted(value) in _EMPTY
    return isinstance(value, ast.Name) and value.id == "self"


def only_tells(node: ast.Try) -> bool:
    """Whether the handlers do no more than log what went wrong."""
    return bool(node.handlers) and all(
        isinstance(item, ast.Pass) or (isinstance(item, ast.Expr) and _tells(item.value))
        for handler in node.handlers
        for item in handler.body
    )


def _tells(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call):
        return isinstance(node, ast.Constant)
    return isinstance(node.func, ast.Attribute) or dotted(node.func) == "print"


def result(values: list[ast.expr | None], passed: set[str], calls: set[int]) -> str:
    """What the returned expressions amount to: nothing, constants, the parent's result, or a value."""
    kinds = {_result_kind(value, passed, calls) for value in values}
    for kind in ("value", "super", "constant"):
        if kind in kinds:
            return kind
    return ""


def _result_kind(value: ast.expr | None, passed: set[str], calls: set[int]) -> str:
    if value is None:
        return ""
    if isinstance(value, ast.Constant):
        return "" if value.value is None else "constant"
    if id(value) in calls or (isinstance(value, ast.Name) and value.id in passed):
        return "super"
    return "value"


def guard(tests: list[ast.expr]) -> str:
    """What the conditions before a return look at, outermost first: ``context``, or the attribute or variable
    that is compared with texts or looked up; ``!`` when the last one only asks for emptiness."""
    for test in tests:
        for node in nodes_of(test):
            found = _compared(node) if isinstance(node, ast.Compare) else ""
            if isinstance(node, ast.Attribute) and node.attr in ("context", "_context"):
                found = "context"
            if found:
                return found
    if not tests:
        return ""
    last = tests[-1]
    negated = isinstance(last, ast.UnaryOp) and isinstance(last.op, ast.Not)
    return "!" if negated and isinstance(getattr(last, "operand", None), ast.Name) else ""


def missed(tests: list[ast.expr]) -> list[ast.expr]:
    """The conditions of what is done where the last of them does not hold."""
    if not tests:
        return []
    last = tests[-1]
    if isinstance(last, ast.UnaryOp) and isinstance(last.op, ast.Not):
        return [*tests[:-1], last.operand]
    return [*tests[:-1], ast.UnaryOp(ast.Not(), last)]


def calls_again(node: ast.expr | None, name: str) -> bool:
    """Whether a method returns what it gives in another context, or for some of the records."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name


def _compared(node: ast.Compare) -> str:
    """The name of what is compared with texts, or looked for in something."""
    sides = [node.left, *node.comparators]
    looked_up = isinstance(node.ops[0], ast.In | ast.NotIn)
    texts = any(
        isinstance(item, ast.Constant) and isinstance(item.value, str)
        for side in sides
        for item in nodes_of(side)
    )
    if not looked_up and not texts:
        return ""
    for side in sides:
        asked = side.func if isinstance(side, ast.Call) else side
        if isinstance(asked, ast.Attribute | ast.Name):
            return asked.attr if isinstance(asked, ast.Attribute) else asked.id
    return ""


def is_exhaustive(node: ast.Match) -> bool:
    """Whether the last case takes what the others leave."""
    last = node.cases[-1]
    return last.guard is None and isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None


def is_super(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def is_receiver(inner: ast.expr, outer: ast.expr) -> bool:
    """Whether the outer expression is a chain of calls and attributes that begins at the inner one."""
    node: ast.expr | None = outer
    while node is not None and node is not inner:
        node = node.func if isinstance(node, ast.Call) else getattr(node, "value", None)
    return node is inner


def roots(node: ast.expr) -> Iterator[str]:
    """The variables behind an assignment's target or a call's receiver."""
    if isinstance(node, ast.Tuple | ast.List):
        for item in node.elts:
            yield from roots(item)
        return
    while not isinstance(node, ast.Name):
        inner = getattr(node, "value", None) or getattr(node, "func", None)
        if not isinstance(inner, ast.expr):
            return
        node = inner
    yield node.id


def given(node: ast.expr) -> tuple[int, tuple[str, ...]]:
    """How many arguments a call gives by position, and the names of the others; -1 where it unpacks some, or
    asks for the method by ``getattr``."""
    if not isinstance(node, ast.Call) or any(isinstance(item, ast.Starred) for item in node.args):
        return -1, ()
    if isinstance(node.func, ast.Name) and node.func.id in ("getattr", "hasattr"):
        return -1, ()
    names = tuple(item.arg for item in node.keywords if item.arg is not None)
    return (len(node.args), names) if len(names) == len(node.keywords) else (-1, ())
