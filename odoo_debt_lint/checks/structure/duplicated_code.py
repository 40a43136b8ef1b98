"""The same block of code in several addons.

## What it does
Compares the statements of all addons of a series with each other, white space, comments, quotes and the
names of variables apart, and reports blocks of ten and more statements which stand in two addons: at the
later one, with the place of the earlier one.

## Why is this bad
An error mended in one copy lives on in the other, and every migration pays for both.

## How to fix
Move the code into an addon on which both depend, or into a mixin.

## Not reported
Imports, docstrings, `__init__.py`, manifests, tests and migration scripts; addons of different series.
"""

from __future__ import annotations

import ast
import re
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from odoo_debt_lint.finding import FIRST_LINE, Location, Span
from odoo_debt_lint.index import AddonFacts, Index, Scope
from odoo_debt_lint.rule import Block, Hit, Hits, Mark, Marks, OnAddon, OnModule, Rule, Severity
from odoo_debt_lint.source import Text

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

_NAME = "duplicated-code"
LEAST = 10
"""Statements of a block."""
_DISTINCT = 7
"""Different statements in a block: tables of one repeated line are no copied code."""
_COMMENT = re.compile(r"^\s*#.*|\s#[^\"']*$", re.M)
_VARIABLE = re.compile(r"(?<![\w.\"'])[a-z_]\w*(?![\w(\"'])")


def note(file: PythonFile) -> Marks:
    """A number for each statement that stands for its normalised text, and its lines."""
    if file.path.endswith("/__init__.py"):
        return
    nodes = file.skeleton.statements
    bare = Text(_VARIABLE.sub("v", file.text.text.replace("'", '"'))).lines
    starts = [node.lineno for node in nodes]
    hashes, lines = array("I"), array("I")
    before, number = (0, 0), 0
    for index, node in enumerate(nodes):
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass) or _is_docstring(node):
            continue
        last = node.end_lineno or node.lineno
        if index + 1 < len(nodes):
            last = max(node.lineno, min(last, starts[index + 1] - 1))
        if (node.lineno, last) != before:  # many statements may stand on one line
            before = (node.lineno, last)
            text = "\n".join(bare[node.lineno - 1 : last])
            number = zlib.crc32(_normalised(text).encode("utf-8", "replace"))
        hashes.append(number)
        lines.extend((node.lineno, last, isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)))
    if len(hashes) >= LEAST:
        yield Mark(FIRST_LINE, {"hashes": hashes.tobytes(), "lines": lines.tobytes()})


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _normalised(text: str) -> str:
    """The text without comments, white space and trailing commas; its quotes and variables are alike."""
    bare = "".join((_COMMENT.sub("", text) if "#" in text else text).split())
    return bare.replace(",)", ")").replace(",]", "]").replace(",}", "}")


@dataclass(frozen=True, slots=True)
class _File:
    """The statements of one file; ``lines`` has for each its first and last line and if it is a ``def``."""

    addon: str
    path: str
    hashes: array[int]
    lines: array[int]
    windows: list[bytes]

    def span(self, start: int, end: int) -> Span:
        """The lines of the statements from ``start`` to ``end``, exclusive."""
        return Span(self.lines[3 * start], 0, self.lines[3 * end - 2] + 1, 0)

    def function(self, start: int, count: int) -> int:
        """How far the first function of a block is from its beginning; 0 when too little would be left."""
        heads = (step for step in range(min(count - LEAST, LEAST) + 1) if self.lines[3 * (start + step) + 2])
        return next(heads, 0)


@dataclass(frozen=True, slots=True)
class _Copy:
    """A block of ``count`` statements at ``file`` and at ``origin``."""

    file: _File
    start: int
    origin: _File
    at: int
    count: int


def check(scope: Scope) -> Hits:
    if _NAME not in scope.index.shared:
        scope.index.shared[_NAME] = _copies(scope.index)
    for copy in scope.index.shared[_NAME].get(scope.addon.path, ()):
        here = copy.file.span(copy.start, copy.start + copy.count)
        there = copy.origin.span(copy.at, copy.at + copy.count)
        place = f"{copy.origin.addon} ({copy.origin.path}:{there.start_line})"
        yield Hit(
            Location(copy.file.path, here),
            f"{copy.count} statements also stand in {place}",
            minutes=min(15 + copy.count, 240),
            related=(Location(copy.origin.path, there, "the same code"),),
        )


def _copies(index: Index) -> dict[str, list[_Copy]]:
    """Copied blocks by the path of the later addon."""
    found: dict[str, list[_Copy]] = {}
    known: dict[str, dict[bytes, tuple[_File, int]]] = {}
    for addon in sorted(index.addons.values(), key=lambda item: item.path):
        earlier = known.setdefault(addon.series, {})
        files = list(_files(addon))
        copies = [copy for file in files for copy in _matches(file, earlier)]
        if copies:
            found[addon.path] = copies
        for file in files:
            for start, window in enumerate(file.windows):
                earlier.setdefault(window, (file, start))
    return found


def _files(addon: AddonFacts) -> Iterator[_File]:
    for result in addon.files:
        for mark in result.marks:
            if mark.rule == _NAME:
                hashes, lines = array("I"), array("I")
                hashes.frombytes(mark.data["hashes"])
                lines.frombytes(mark.data["lines"])
                yield _File(addon.name, result.path, hashes, lines, _windows(mark.data["hashes"]))


def _windows(hashes: bytes) -> list[bytes]:
    """The hashes of each run of ``LEAST`` statements."""
    size = 4 * LEAST
    return [hashes[start : start + size] for start in range(0, len(hashes) - size + 4, 4)]


def _matches(file: _File, earlier: dict[bytes, tuple[_File, int]]) -> Iterator[_Copy]:
    start, size = 0, len(file.hashes)
    while start + LEAST <= size:
        place = earlier.get(file.windows[start])
        count = _length(file, start, *place) if place is not None else 0
        if place is not None and len(set(file.hashes[start : start + count])) >= _DISTINCT:
            # like class headers before the copied method are no copy worth a word
            skip = file.function(start, count)
            yield _Copy(file, start + skip, place[0], place[1] + skip, count - skip)
        start += max(count, 1)


def _length(file: _File, start: int, origin: _File, at: int) -> int:
    most = min(len(file.hashes) - start, len(origin.hashes) - at)
    return next(
        (count for count in range(most) if file.hashes[start + count] != origin.hashes[at + count]), most
    )


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=30,
    listeners=(OnModule(note), OnAddon(check)),
    tags=("duplication",),
)
