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
import posixpath
import re
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from odoo_debt_lint.finding import FIRST_LINE, Location, Span
from odoo_debt_lint.index import AddonFacts, Index, Scope
from odoo_debt_lint.rule import Block, Hit, Hits, Mark, Marks, OnAddon, OnModule, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

_NAME = "duplicated-code"
LEAST = 10
"""Statements of a block."""
_DISTINCT = 7
"""Different statements in a block: tables of one repeated line are no copied code."""
_COMMENT = re.compile(r"^\s*#.*|\s#[^\"']*$", re.M)
_VARIABLE = re.compile(r"[a-z_](?<![\w.\"']\w)\w*(?![\w(\"'])")
_PLAIN_VARIABLE = re.compile(_VARIABLE.pattern, re.ASCII)
"""The same for a text without other letters, in less time."""
_BLANKS = bytes(code for code in range(128) if chr(code).isspace())
_END = "\0"
"""Stands between statements: no source holds it."""
_SILENT = frozenset({ast.Import, ast.ImportFrom, ast.Pass})
_FUNCTIONS = frozenset({ast.FunctionDef, ast.AsyncFunctionDef})


def note(file: PythonFile) -> Marks:
    """A number for each statement that stands for its normalised text, and its lines."""
    if posixpath.basename(file.path) == "__init__.py":
        return
    source, nodes = file.text.lines, file.skeleton.statements
    starts = [node.lineno for node in nodes]
    texts: list[str] = []
    numbers: list[int] = []
    places: list[int] = []
    begun = before = 0
    number = -1
    for node, first, following in zip(nodes, starts, [*starts[1:], len(source) + 1], strict=False):
        kind = node.__class__
        if kind in _SILENT or (kind is ast.Expr and node.value.__class__ is ast.Constant):  # type: ignore[attr-defined]
            continue
        last = node.end_lineno or first
        if last >= following:
            last = following - 1 if following > first else first
        if last != before or first != begun:  # many statements may stand on one line
            begun, before, number = first, last, number + 1
            texts.append(source[first - 1] if first == last else "\n".join(source[first - 1 : last]))
        numbers.append(number)
        places += (first, last, kind in _FUNCTIONS)
    if len(numbers) >= LEAST:
        hashes = list(map(zlib.crc32, _normalised(texts)))
        chosen = array("I", map(hashes.__getitem__, numbers))
        yield Mark(FIRST_LINE, {"hashes": chosen.tobytes(), "lines": array("I", places).tobytes()})


def _normalised(texts: list[str]) -> list[bytes]:
    """The texts without comments, white space and trailing commas; their quotes and variables are alike."""
    text = _END.join([_COMMENT.sub("", text) if "#" in text else text for text in texts]).replace("'", '"')
    if text.isascii():
        text = "v".join(_PLAIN_VARIABLE.split(text))
    else:
        text = "".join("v".join(_VARIABLE.split(text)).split())
    bare = text.encode("utf-8", "replace").translate(None, _BLANKS)
    return bare.replace(b",)", b")").replace(b",]", b"]").replace(b",}", b"}").split(_END.encode())


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
    copies = scope.index.once(_NAME, lambda: _copies(scope.index))
    for copy in copies.get(scope.addon.path, ()):
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
    listeners=(OnModule(note), OnAddon(check, data="none")),
    tags=("duplication",),
)
