"""What a module does while it is imported, and what that tells of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile


def outside(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all below it that run when the module is imported."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        if not isinstance(current, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            stack.extend(ast.iter_child_nodes(current))


def is_for_shell(file: PythonFile) -> bool:
    """Whether it is piped into ``odoo-bin shell``: it uses the shell's global ``env``, and has no class."""
    if "env" not in file.words or file.facts.classes or "env" in file.defined or "env" in file.names:
        return False
    nodes = (node for root in file.tree.body for node in outside(root))
    used = [node for node in nodes if isinstance(node, ast.Name) and node.id == "env"]
    return bool(used) and all(isinstance(node.ctx, ast.Load) for node in used)
