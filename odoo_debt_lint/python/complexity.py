"""Cognitive complexity of a function, as SonarSource defines it (white paper 1.7).

Each break of the straight flow costs one, and one more for every level of nesting in which it stands;
``else`` and ``elif`` cost one flat, and so does each sequence of like boolean operators. What reads as one
thing (``with``, ``try``, early returns) is free.
"""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TypeAlias

from odoo_debt_lint.python.trees import FIELDS

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_NESTING = frozenset({*_FUNCTIONS, *_LOOPS, ast.If, ast.Match, ast.ExceptHandler, ast.IfExp, ast.Lambda})
_STRAIGHT = frozenset(
    {ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return, ast.Raise, ast.Pass, ast.Continue}
)


class Operators:
    """The lines with boolean operators and with conditional expressions of a file."""

    def __init__(self, booleans: Iterable[ast.BoolOp], conditionals: Iterable[ast.IfExp]) -> None:
        nodes = list(booleans)
        inner = {id(value) for node in nodes for value in node.values if isinstance(value, ast.BoolOp)}
        self.booleans = sorted(
            [node.lineno for node in nodes if id(node) not in inner for _ in groupby(_kinds(node))]
        )
        self.conditionals = sorted([node.lineno for node in conditionals])


def _kinds(node: ast.BoolOp) -> Iterator[type[ast.boolop]]:
    """The operators from left to right, brackets apart: ``a or b and c or d`` has three sequences."""
    for number, value in enumerate(node.values):
        if number:
            yield node.op.__class__
        if isinstance(value, ast.BoolOp):
            yield from _kinds(value)


def complexity(function: Function, operators: Operators) -> int:
    """The complexity of a function, with the operators of its file."""
    counter = _Counter()
    counter.block(function.body, 0)
    first, last = _first(function), function.end_lineno or function.lineno
    number = counter.total + len(_between(operators.booleans, first, last))
    conditionals = _between(operators.conditionals, first, last)
    return number + (_conditionals(function, conditionals) if conditionals else 0)


def _first(node: ast.stmt) -> int:
    """The first line of a statement, decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(item.lineno for item in decorators)])


def _between(lines: list[int], first: int, last: int) -> list[int]:
    return lines[bisect_left(lines, first) : bisect_right(lines, last)]


def _conditionals(root: ast.AST, lines: list[int]) -> int:
    """What conditional expressions add, at their level of nesting; they begin in these lines."""
    total = 0
    stack: list[tuple[ast.AST, int]] = [(root, -1)]
    while stack:
        node, level = stack.pop()
        statement = isinstance(node, ast.stmt)
        if isinstance(node, ast.stmt) and not _between(lines, _first(node), node.end_lineno or node.lineno):
            continue
        if isinstance(node, ast.IfExp):
            total += 1 + max(level, 0)
        inner = level + 1 if node.__class__ in _NESTING else level
        chained = node.orelse[0] if isinstance(node, ast.If) and _is_elif(node) else None
        for name in FIELDS[node.__class__]:
            value = getattr(node, name)
            for child in value if value.__class__ is list else (value,):
                # the condition of a branch stands outside of it, and so does its elif
                outside = child is chained or (statement and isinstance(child, ast.expr))
                if child is not None:
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
            if node.__class__ in _STRAIGHT:
                continue
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
