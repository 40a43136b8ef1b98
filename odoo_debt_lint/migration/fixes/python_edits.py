"""Small edits of Python text by the places of ``ast`` nodes; what lies between is not touched."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from odoo_debt_lint.finding import Edit, Span
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.python.trees import nodes_of


class Editor:
    """The text of a file around one place."""

    def __init__(self, place: Place) -> None:
        self.file, self.text = place.python, place.text

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias) -> Span:
        return self.file.skeleton.span(node)

    def source(self, node: ast.expr | ast.stmt | ast.keyword) -> str:
        """The text of a node as it is written."""
        return self.between(self.span(node))

    def between(self, span: Span) -> str:
        """The text of a span."""
        starts = self.text.starts
        first, last = starts[span.start_line - 1], starts[span.end_line - 1]
        return self.text.text[first + span.start_column : last + span.end_column]

    def replace(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias, text: str) -> Edit:
        return Edit(self.span(node), text)

    def lines(self, first: int, last: int) -> Edit:
        """Removes whole lines."""
        if last >= len(self.text.starts):
            return Edit(Span(first, 0, last, len(self.text.line(last))), "")
        return Edit(Span(first, 0, last + 1, 0), "")

    def alone(self, first: int, last: int, span: Span) -> bool:
        """Whether nothing but a span, and perhaps a comment on it, stands on its lines."""
        before = self.text.line(first)[: span.start_column]
        after = self.text.line(last)[span.end_column :]
        return not before.strip() and (not after.strip() or after.lstrip().startswith("#"))

    def without_argument(self, call: ast.Call, word: ast.keyword) -> Edit | None:
        """Removes a keyword argument with its comma; None where a comment would go with it."""
        everything: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
        everything.sort(key=lambda node: (node.lineno, node.col_offset))
        number = everything.index(word)
        own = self.span(word)
        if number:
            before = self.span(everything[number - 1])
            span = Span(before.end_line, before.end_column, own.end_line, own.end_column)
        elif len(everything) > 1:
            after = self.span(everything[1])
            span = Span(own.start_line, own.start_column, after.start_line, after.start_column)
        else:
            span = own
        removed = self.between(span).replace(self.between(own), "", 1)
        return None if "#" in removed else Edit(span, "")

    def call_around(self, root: ast.AST, word: ast.keyword) -> ast.Call | None:
        """The call that has this very keyword."""
        for node in nodes_of(root):
            if isinstance(node, ast.Call) and any(item is word for item in node.keywords):
                return node
        return None

    def names(self, name: str) -> Iterator[ast.Name]:
        """Every use of a name in the file."""
        for node in nodes_of(self.file.tree):
            if isinstance(node, ast.Name) and node.id == name:
                yield node

    def indent(self, line: int) -> str:
        text = self.text.line(line)
        return text[: len(text) - len(text.lstrip())]


def present(edits: Iterable[Edit | None]) -> tuple[Edit, ...] | None:
    """All edits, or None when one of them cannot be made."""
    found = list(edits)
    return None if any(edit is None for edit in found) else tuple(edit for edit in found if edit is not None)
