"""Markdown as GitHub reads it, for the tests of the writers: which elements it makes, and which raw HTML."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

TABLE = {"table", "thead", "tbody", "tr", "th", "td"}


class Reader:
    """A text that was read. ``tags`` are the elements it makes, ``html`` what stays raw HTML, ``widths`` the
    numbers of cells of each table's rows."""

    def __init__(self, text: str) -> None:
        parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        self.tokens = list(_flat(parser.parse(text)))
        self.tags = {token.tag for token in self.tokens if token.tag}
        self.html = {token.content.strip() for token in self.tokens if token.type.startswith("html")}
        self.code = [token.content for token in self.tokens if token.type == "code_inline"]
        self.text = "".join(token.content for token in self.tokens if token.type in ("text", "code_inline"))

    @property
    def widths(self) -> set[int]:
        """How many cells the rows of tables have, heads included."""
        found, count = set(), 0
        for token in self.tokens:
            if token.type == "tr_open":
                count = 0
            elif token.type in ("td_open", "th_open"):
                count += 1
            elif token.type == "tr_close":
                found.add(count)
        return found


def _flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type != "inline":
            yield token
        yield from _flat(token.children or [])
