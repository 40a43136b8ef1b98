"""Every error is caught and nobody hears of it.

## What it does
Reports `except:`, `except Exception:` and `except BaseException:` whose body only passes, goes on with the
loop, returns a constant or an empty recordset, or puts something empty where the `try` puts its result; also
`contextlib.suppress(Exception)`.

## Why is this bad
Programming errors, access errors and failed SQL all vanish. After a database error the transaction is
aborted, and the next query fails somewhere else with a message that leads nowhere.

## How to fix
Catch the error you expect, and log what you drop: `_logger.exception("...")`. Put database work that may
fail into `with self.env.cr.savepoint():`.

## Not reported
Handlers of specific exceptions; bodies that log, raise, roll back, keep a note or use the exception; results
whose lack is an error afterwards (`if not value: raise`); optional imports; what `noqa: BLE001` or `pylint:
disable=broad-except` accepts. Cleaning up (`close()`, `os.remove()`) and comments of other linters have low
confidence; a try which only converts values is low in severity.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from odoo_debt_lint.finding import Confidence, Span
from odoo_debt_lint.python.code import CURSOR_KIND, ENV, RECORDS, Code
from odoo_debt_lint.python.literals import dotted, resolve
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Block, Hit, Hits, OnModule, Rule, Severity

_BROAD = frozenset({"Exception", "BaseException"})
_CLEANUP = frozenset(
    (
        "close quit logout disconnect remove unlink rmtree terminate kill shutdown rollback cancel stop "
        "release"
    ).split()
)
_EMPTY = frozenset({"set", "dict", "list", "tuple", "frozenset", "str"})
_FEW = 3
_DATABASE = (RECORDS, ENV, CURSOR_KIND)
_ACCEPTED = re.compile(r"BLE001|S110|S112|broad-except|broad-exception-caught|E722|bare-except")


def check(file: PythonFile) -> Hits:
    for node, klass, root in file.skeleton.tries:
        for handler in node.handlers:
            if not _is_broad(handler.type) or not _drops(node, handler, root):
                continue
            if all(isinstance(item, ast.Import | ast.ImportFrom | ast.Assign) for item in node.body) and any(
                isinstance(item, ast.Import | ast.ImportFrom) for item in node.body
            ):
                continue
            name = root.name if isinstance(root, ast.FunctionDef) else ""
            yield Hit(
                _line(file, handler),
                "every error is dropped here and nothing is logged; catch the one you expect",
                severity=Severity.LOW if _converts(file.code(root, klass), node) else None,
                confidence=Confidence.LOW if _is_meant(file.code(root, klass), node, handler, name) else None,
                entity=".".join(part for part in (klass, name) if part),
            )
    yield from _suppressed(file)


def _suppressed(file: PythonFile) -> Iterator[Hit]:
    """``with suppress(Exception):``, which is the same in other words."""
    if not file.names.get("suppress", file.names.get("contextlib", "")).startswith("contextlib"):
        return
    for node in file.skeleton.statements:
        for item in node.items if isinstance(node, ast.With) else ():
            call = item.context_expr
            if isinstance(call, ast.Call) and resolve(dotted(call.func), file.names) == "contextlib.suppress":
                if any(map(_is_broad, call.args)):
                    yield Hit(
                        file.skeleton.span(call),
                        "every error is dropped here and nothing is logged; name the one you expect",
                    )


def _drops(node: ast.Try, handler: ast.ExceptHandler, root: ast.AST) -> bool:
    """Whether the handler does nothing, or at most leaves empty what the ``try`` should have set."""
    kept: set[str] = set()
    for item in handler.body:
        if isinstance(item, ast.Assign) and _is_constant(item.value) and _is_empty(item.value):
            kept.update(ast.unparse(target) for target in item.targets)
        elif not _is_silent(item):
            return False
    if not kept:
        return True
    set_by = {
        ast.unparse(target)
        for part in node.body
        for inner in nodes_of(part)
        if isinstance(inner, ast.Assign)
        for target in inner.targets
    }
    return kept <= set_by and not _is_missed(root, handler, kept)


def _is_empty(node: ast.expr) -> bool:
    return not node.value if isinstance(node, ast.Constant) else True


def _is_missed(root: ast.AST, handler: ast.ExceptHandler, kept: set[str]) -> bool:
    """Whether a value that is missing is an error, or is told of, later on."""
    for node in nodes_of(root):
        if isinstance(node, ast.If) and node.lineno > handler.lineno:
            if any(ast.unparse(inner) in kept for inner in nodes_of(node.test)):
                if any(isinstance(item, ast.Raise) or _tells(item) for item in node.body):
                    return True
    return False


def _tells(node: ast.stmt) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and "logg" in dotted(call.func)


def _line(file: PythonFile, handler: ast.ExceptHandler) -> Span:
    start = file.text.column(handler.lineno, handler.col_offset)
    return Span(handler.lineno, start, handler.lineno, len(file.text.line(handler.lineno).rstrip()))


def _is_broad(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(item is None or (isinstance(item, ast.Name) and item.id in _BROAD) for item in kinds)


def _is_silent(node: ast.stmt) -> bool:
    if isinstance(node, ast.Pass | ast.Continue | ast.Break):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Return) and _is_constant(node.value)


def _is_constant(node: ast.expr | None) -> bool:
    if isinstance(node, ast.List | ast.Tuple):
        return not node.elts
    if isinstance(node, ast.Call):
        return not (node.args or node.keywords) and _is_new(node.func)
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and dotted(node.value).endswith("env")
    return node is None or isinstance(node, ast.Constant) or (isinstance(node, ast.Dict) and not node.keys)


def _is_new(function: ast.expr) -> bool:
    """``set()`` and ``Model.browse()`` without arguments are as empty as ``[]``."""
    name = function.id if isinstance(function, ast.Name) else ""
    return name in _EMPTY or (isinstance(function, ast.Attribute) and function.attr == "browse")


def _is_meant(code: Code, node: ast.Try, handler: ast.ExceptHandler, name: str) -> bool:
    """Whether it is a cleanup, or a comment for another linter says that the author has thought of it."""
    accepted = _ACCEPTED.search(code.file.text.line(handler.lineno))
    return bool(accepted) or _cleans_up(code, node) or name == "__del__"


def _converts(code: Code, node: ast.Try) -> bool:
    """Whether only values are turned into others: no record and no cursor is near."""
    if len(node.body) > _FEW:
        return False
    names = [item for part in node.body for item in nodes_of(part) if isinstance(item, ast.Name)]
    return all(item.id != "request" and code.kind(item) not in _DATABASE for item in names)


def _done(block: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block, also those under a condition (``if connection: connection.close()``)."""
    for item in block:
        if isinstance(item, ast.If):
            yield from _done([*item.body, *item.orelse])
        else:
            yield item


def _cleans_up(code: Code, node: ast.Try) -> bool:
    """Whether nothing is tried but to close or delete something, which is not a record."""
    body = list(_done(node.body))
    calls = [item.value for item in body if isinstance(item, ast.Expr) and isinstance(item.value, ast.Call)]
    if not calls or len(calls) != len(body):
        return False
    called = [call.func for call in calls if isinstance(call.func, ast.Attribute)]
    if len(called) != len(calls) or not {function.attr for function in called} <= _CLEANUP:
        return False
    return all(code.kind(function.value) != RECORDS for function in called)


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=15,
    listeners=(OnModule(check),),
)
