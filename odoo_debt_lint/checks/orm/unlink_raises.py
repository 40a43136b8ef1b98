"""unlink() that refuses to delete.

## What it does
Reports an override of `unlink` that raises an exception, also in a check of the class that it calls
(`self._check_state()`).

## Why is this bad
Uninstalling the addon deletes its records through the same method: the check stops the uninstallation, and
the database stays half way.

## How to fix
From 15.0 put the check into a method of its own: `@api.ondelete(at_uninstall=False)`.

## Not reported
Series before 15.0; methods that let uninstallation pass (`MODULE_UNINSTALL_FLAG`, or the superuser, who does
it); errors that are caught and raised anew; wizards.
"""

from __future__ import annotations

import ast
import re

from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnModule, Rule, Severity

_CHECK = re.compile(r"check|ensure|verif|validat|prevent|forbid|deletable|unlink|delet")
_FLAGS = ("MODULE_UNINSTALL_FLAG", "module_uninstall", "_force_unlink", "uninstall")
_SUPERUSER = re.compile(r"\.is_superuser\(|\._is_superuser\(|\benv\.su\b|\bSUPERUSER_ID\b|\._is_admin\(")
"""As whom Odoo uninstalls (``odoo.modules.loading``)."""


def check(file: PythonFile) -> Hits:
    for klass in file.facts.classes:
        method = klass.method("unlink") if klass.kind in ("model", "abstract") and klass.model else None
        node = file.skeleton.defs.get((klass.name, "unlink"))
        if method is None or node is None:
            continue
        helper = None if _raises(node) else _check_that_raises(file, klass.name, node)
        if not (helper or _raises(node)) or _lets_pass(file, node) or (helper and _lets_pass(file, helper)):
            continue
        what = f"unlink() raises in {helper.name}()" if helper else "unlink() raises"
        yield Hit(
            method.span,
            f"{what}, which also stops the uninstallation; use @api.ondelete(at_uninstall=False)",
            confidence=Confidence.MEDIUM if helper else None,
            entity=f"{klass.name}.unlink",
        )


def _lets_pass(file: PythonFile, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the method asks for the uninstallation, or for the superuser, who does it."""
    lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    text = "\n".join(file.text.line(line) for line in lines)
    return any(flag in text for flag in _FLAGS) or _SUPERUSER.search(text) is not None


def _check_that_raises(file: PythonFile, klass: str, root: ast.AST) -> ast.FunctionDef | None:
    """``self._check_state()``: a method of the class whose name says that it is a check, and which raises."""
    for node in nodes_of(root):
        function = (
            node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
        )
        if isinstance(function, ast.Attribute) and _CHECK.search(function.attr):
            helper = file.skeleton.defs.get((klass, function.attr))
            if isinstance(helper, ast.FunctionDef) and _raises(helper):
                return helper
    return None


def _raises(root: ast.AST) -> bool:
    """Whether an exception starts here; one raised in a handler is the translation of another."""
    for child in ast.iter_child_nodes(root):
        if isinstance(child, ast.ExceptHandler | ast.Lambda | ast.FunctionDef):
            continue
        if isinstance(child, ast.Raise) or _raises(child):
            return True
    return False


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=15,
    listeners=(OnModule(check),),
    since="15.0",
)
