"""unlink() that refuses to delete.

## What it does
Reports an override of `unlink` that raises an exception.

## Why is this bad
Uninstalling the addon deletes its records through the same method: the check stops the uninstallation, and
the database stays half way.

## How to fix
From 15.0 put the check into a method of its own: `@api.ondelete(at_uninstall=False)`.

## Not reported
Series before 15.0; methods that let uninstallation pass (`MODULE_UNINSTALL_FLAG`); errors that are caught
and raised anew; wizards.
"""

from __future__ import annotations

import ast

from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnModule, Rule, Severity

_FLAGS = ("MODULE_UNINSTALL_FLAG", "module_uninstall", "_force_unlink", "uninstall")


def check(file: PythonFile) -> Hits:
    for klass in file.facts.classes:
        method = klass.method("unlink") if klass.kind in ("model", "abstract") and klass.model else None
        node = file.skeleton.defs.get((klass.name, "unlink"))
        if method is None or node is None or not _raises(node):
            continue
        first, last = node.lineno, node.end_lineno or node.lineno
        text = "\n".join(file.text.line(line) for line in range(first, last + 1))
        if not any(flag in text for flag in _FLAGS):
            yield Hit(
                method.span,
                "unlink() raises, which also stops the uninstallation; use @api.ondelete(at_uninstall=False)",
                entity=f"{klass.name}.unlink",
            )


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
