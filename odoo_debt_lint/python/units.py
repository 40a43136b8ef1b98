"""The pieces of a file which the skeleton hands on: stretches to be parsed exactly, and calls to look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from odoo_debt_lint.python.trees import nodes_of

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Unit:
    """A stretch of code that the second reader can parse alone: a function or a top-level statement.

    ``shared`` tells that its lines hold more than its node; ``calls`` are the calls in a function's body.
    """

    __slots__ = ("_nodes", "calls", "first", "klass", "last", "method", "name", "node", "shared")

    def __init__(self, name: str, first: int, last: int, klass: str, method: bool, node: ast.AST) -> None:
        self.name, self.first, self.last, self.klass, self.method = name, first, last, klass, method
        self.node = node
        self.shared = False
        self.calls: list[ast.Call] = []
        self._nodes: list[ast.AST] | None = None

    @property
    def nodes(self) -> list[ast.AST]:
        """All nodes of the unit's tree (see ``trees``)."""
        if self._nodes is None:
            self._nodes = nodes_of(self.node)
        return self._nodes


class Event(NamedTuple):
    """A call while its tree is there: ``root`` is the function or the statement outside of all functions."""

    node: ast.Call
    loop: int
    klass: str
    root: ast.stmt


def opened(unit: Unit) -> Iterator[Unit]:
    """The unit, or what stands in it beside functions and classes when it is a block around such (``if`` and
    ``try`` of a module that loads without some library): those are units of their own."""
    if unit.method or not _defines(unit.node):
        yield unit
        return
    for node in _inner(unit.node):
        if not isinstance(node, _DEFINITIONS):
            part = Unit("", node.lineno, node.end_lineno or node.lineno, unit.klass, False, node)
            yield from opened(part)


def _defines(node: ast.AST) -> bool:
    return any(isinstance(item, _DEFINITIONS) or _defines(item) for item in _inner(node))


def _inner(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements of a statement's blocks; those of an ``elif`` in its place, which cannot stand alone."""
    for name in ("body", "orelse", "handlers", "finalbody", "cases"):
        for item in getattr(node, name, None) or ():
            if isinstance(item, ast.ExceptHandler | ast.match_case):
                yield from item.body
            elif name == "orelse" and isinstance(node, ast.If) and isinstance(item, ast.If):
                yield from _inner(item)
            elif isinstance(item, ast.stmt):
                yield item
