"""The pieces of a file which the skeleton hands on: stretches to be parsed exactly, and calls to look at."""

from __future__ import annotations

import ast
from typing import NamedTuple

from odoo_debt_lint.python.trees import nodes_of


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
