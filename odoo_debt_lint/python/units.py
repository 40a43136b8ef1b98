"""The pieces of a file which the skeleton hands on: stretches to be parsed exactly, and calls to look at."""

from __future__ import annotations

import ast
from typing import NamedTuple


class Unit:
    """A stretch of code that the second reader can parse alone: a function or a top-level statement."""

    __slots__ = ("first", "klass", "last", "method", "name", "node")

    def __init__(self, name: str, first: int, last: int, klass: str, method: bool, node: ast.AST) -> None:
        self.name, self.first, self.last, self.klass, self.method = name, first, last, klass, method
        self.node = node


class Event(NamedTuple):
    """A call while its tree is there: ``root`` is the function or the statement outside of all functions."""

    node: ast.Call
    loop: int
    klass: str
    root: ast.stmt
