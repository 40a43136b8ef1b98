"""The functions and statements of a file which may hold something, found by their text.

A walk over every tree of a project costs more than reading it; a pattern over the text tells which few
functions are worth one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from odoo_debt_lint.python.trees import holds_line

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

Candidates: TypeAlias = tuple[tuple[str, re.Pattern[str]], ...]
"""Patterns, each with a word without which a file holds no match (empty for none)."""


def candidates(*patterns: str, **words: str) -> Candidates:
    """Patterns, by the word that they need or without one.

    Those which begin with two certain characters are ten times as fast as others.
    """
    needed = tuple((word, re.compile(pattern)) for word, pattern in words.items())
    return (*needed, *(("", re.compile(pattern)) for pattern in patterns))


def pieces(file: PythonFile, patterns: Candidates) -> Iterator[ast.stmt]:
    """Functions, and statements outside of them, with a match of a pattern that is in no comment."""
    lines: list[int] = []
    text, words = file.text.text, file.words
    for word, pattern in patterns:
        if word and word not in words:
            continue
        for match in pattern.finditer(text):
            start = text.rfind("\n", 0, match.start()) + 1
            if not text[start : match.start()].lstrip().startswith("#"):
                lines.append(file.text.position(match.start())[0])
    if lines:
        yield from _holding(file.tree.body, sorted(lines))


def _holding(body: list[ast.stmt], lines: list[int]) -> Iterator[ast.stmt]:
    for node in body:
        if holds_line(node, lines):
            if node.__class__ is ast.ClassDef:
                yield from _holding(node.body, lines)
            else:
                yield node
