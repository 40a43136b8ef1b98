"""Cognitive complexity of a function, as SonarSource defines it (white paper 1.7).

Each break of the straight flow costs one, and one more for every level of nesting in which it stands;
``else`` and ``elif`` cost one flat, and so does each sequence of like boolean operators. What reads as one
thing (``with``, ``try``, early returns) is free.
"""

from __future__ import annotations

import ast
import re
from typing import TypeAlias

from odoo_debt_lint.python.trees import nodes_of

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_NESTING = (*_FUNCTIONS, *_LOOPS, ast.If, ast.Match, ast.ExceptHandler, ast.IfExp, ast.Lambda)
_OPERATORS = re.compile(r"\b(?:and|or|if)\b")


def complexity(function: Function, lines: list[str], floor: int) -> int:
    """The complexity of a function; 0 where it cannot be above ``floor``.

    Statements are counted first: whether expressions can add enough is told by the words in the text.
    """
    counter = _Counter()
    counter.block(function.body, 0)
    text = "\n".join(lines[function.lineno - 1 : function.end_lineno])
    if counter.total + len(_OPERATORS.findall(text)) <= floor:
        return 0
    nodes = nodes_of(function)
    if not any(isinstance(node, ast.IfExp) for node in nodes):
        return counter.total + sum(isinstance(node, ast.BoolOp) for node in nodes)
    return counter.total + _operators(function)


def _operators(root: ast.AST) -> int:
    """What boolean operators and conditional expressions add, at their level of nesting."""
    total = 0
    stack: list[tuple[ast.AST, int]] = [(root, -1)]
    while stack:
        node, level = stack.pop()
        if isinstance(node, ast.BoolOp):
            total += 1
        elif isinstance(node, ast.IfExp):
            total += 1 + max(level, 0)
        inner = level + 1 if isinstance(node, _NESTING) else level
        chained = node.orelse[0] if isinstance(node, ast.If) and _is_elif(node) else None
        for child in ast.iter_child_nodes(node):
            # the condition of a branch stands outside of it, and so does its elif
            outside = child is chained or (isinstance(node, ast.stmt) and isinstance(child, ast.expr))
            stack.append((child, max(level, 0) if outside else inner))
    return total


def _is_elif(node: ast.If) -> bool:
    return len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)


class _Counter:
    """Adds up the statements of a function."""

    def __init__(self) -> None:
        self.total = 0

    def block(self, body: list[ast.stmt], level: int) -> None:
        for node in body:
            if isinstance(node, ast.If):
                self.total += 1 + level
                self._branches(node, level)
            elif isinstance(node, _LOOPS):
                self.total += 1 + level + bool(node.orelse)
                self.block(node.body, level + 1)
                self.block(node.orelse, level + 1)
            elif isinstance(node, ast.Match):
                self.total += 1 + level
                for case in node.cases:
                    self.block(case.body, level + 1)
            elif isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
                self.block(node.body, level + 1)
            elif hasattr(node, "body"):
                self._guarded(node, level)

    def _branches(self, node: ast.If, level: int) -> None:
        self.block(node.body, level + 1)
        if _is_elif(node):
            self.total += 1
            following = node.orelse[0]
            assert isinstance(following, ast.If)
            self._branches(following, level)
        elif node.orelse:
            self.total += 1
            self.block(node.orelse, level + 1)

    def _guarded(self, node: ast.stmt, level: int) -> None:
        """``with`` and ``try``: free, but for the handlers."""
        self.block(getattr(node, "body", []), level)
        for handler in getattr(node, "handlers", ()):
            self.total += 1 + level
            self.block(handler.body, level + 1)
        self.block(getattr(node, "orelse", []), level)
        self.block(getattr(node, "finalbody", []), level)
