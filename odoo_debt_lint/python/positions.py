"""File positions of a few libcst nodes, without the cost of its metadata wrapper.

The tree is written out once by libcst's own code generator while the syntactic position of each wanted
node is noted; the writing stops after the last one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import libcst as cst
from libcst._nodes.internal import CodegenState

from odoo_debt_lint.finding import FIRST_LINE, Span


class _Done(Exception):
    """All wanted nodes have been seen."""


_NOT_WANTED = nullcontext()


class _Recorder(CodegenState):
    def __init__(self, module: cst.Module, wanted: set[int]) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.wanted = wanted
        self.line, self.column_ = 1, 0
        self.found: dict[int, tuple[int, int, int, int]] = {}

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.column_ += len(token)

    def add_token(self, value: str) -> None:
        newlines = value.count("\n")
        if newlines:
            self.line += newlines
            self.column_ = len(value) - value.rindex("\n") - 1
        else:
            self.column_ += len(value)

    def pop_trailing_newline(self) -> None:
        pass

    def record_syntactic_position(
        self, node: cst.CSTNode, *, start_node: Any = None, end_node: Any = None
    ) -> Any:
        return self._noted(id(node)) if id(node) in self.wanted else _NOT_WANTED

    @contextmanager
    def _noted(self, key: int) -> Iterator[None]:
        start = (self.line, self.column_)
        yield
        self.found[key] = (*start, self.line, self.column_)
        self.wanted.discard(key)
        if not self.wanted:
            raise _Done


def positions(module: cst.Module, nodes: Iterable[Any], shift: int) -> dict[int, Span]:
    """Spans of ``nodes`` in the file whose line ``shift + 1`` is the module's first line."""
    ids = {id(node) for node in nodes}
    recorder = _Recorder(module, set(ids))
    try:
        module._codegen(recorder)
    except _Done:
        pass
    result = dict.fromkeys(ids, FIRST_LINE)
    for key, (line, column, end_line, end_column) in recorder.found.items():
        result[key] = Span(line + shift, column, end_line + shift, end_column)
    return result
