"""The functions and statements of a file which may hold something, found by their text.

A walk over every tree of a project costs more than reading it; a pattern over the text tells which few
functions are worth one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile


def pieces(file: PythonFile, *patterns: re.Pattern[str]) -> Iterator[ast.stmt]:
    """Functions, and statements outside of them, with a match of a pattern that is in no comment.

    Patterns which begin with one certain character are ten times as fast as others.
    """
    lines: list[int] = []
    text = file.text.text
    for match in chain.from_iterable(pattern.finditer(text) for pattern in patterns):
        start = text.rfind("\n", 0, match.start()) + 1
        if not text[start : match.start()].lstrip().startswith("#"):
            lines.append(file.text.position(match.start())[0])
    if lines:
        yield from _holding(file.tree.body, lines)


def _holding(body: list[ast.stmt], lines: list[int]) -> Iterator[ast.stmt]:
    for node in body:
        if any(node.lineno <= line <= (node.end_lineno or node.lineno) for line in lines):
            if isinstance(node, ast.ClassDef):
                yield from _holding(node.body, lines)
            else:
                yield node
