"""Comments and logical lines of a Python text.

One pattern tells strings, comments and brackets apart, at a sixth of what the tokenizer costs. Where that is
in doubt, as with an f-string that has its own quotes inside or a text that is no Python, it is asked.
"""

from __future__ import annotations

import io
import re
import tokenize
from bisect import bisect_right
from itertools import accumulate

_PIECE = re.compile(
    r"#[^\r\n]*|[()\[\]{}]|\\\r?\n|"
    r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""|'
    r"'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''|"
    r'"(?!"")[^"\\\n]*(?:\\(?:\r\n|.)[^"\\\n]*)*"|'
    r"'(?!'')[^'\\\n]*(?:\\(?:\r\n|.)[^'\\\n]*)*'|"
    r"[\"'\\]",
    re.S,
)
_SKIPPED = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
)


class _Doubt(Exception):
    """Only the tokenizer knows."""


class Layout:
    """``comments`` are line, column and text; ``logical`` the first and last line of each simple statement
    and of each header."""

    def __init__(self, text: str) -> None:
        self.comments: list[tuple[int, int, str]] = []
        self.logical: list[tuple[int, int]] = []
        try:
            self._scan(text)
        except _Doubt:
            self.comments, self.logical = [], []
            self._tokenize(text)

    def _scan(self, text: str) -> None:
        lines = text.split("\n")
        if lines[-1].isspace() or text.count("\r") != text.count("\r\n"):
            raise _Doubt
        starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
        joined: set[int] = set()
        depth = opened = 0
        for match in _PIECE.finditer(text):
            piece, start = match[0], match.start()
            sign = piece[0]
            if sign in "([{":
                opened = opened if depth else start
                depth += 1
            elif sign in ")]}":
                depth -= 1
                if depth < 0:
                    raise _Doubt
                if not depth:
                    joined.update(range(bisect_right(starts, opened), bisect_right(starts, start)))
            elif sign == "#":
                line = bisect_right(starts, start)
                self.comments.append((line, start - starts[line - 1], piece))
            elif len(piece) == 1 or _holds_quotes(piece, text[start - 1 : start]):
                raise _Doubt
            elif "\n" in piece:
                joined.update(range(bisect_right(starts, start), bisect_right(starts, match.end())))
        if depth:
            raise _Doubt
        self._join(lines, joined)

    def _join(self, lines: list[str], joined: set[int]) -> None:
        """Logical lines from physical ones; ``joined`` are those that go on in the next."""
        start = 0
        for number, line in enumerate(lines, 1):
            if not start:
                first = line.lstrip()[:1]
                if not first or first == "#":
                    continue
                if first == "\\":
                    raise _Doubt
                start = number
            if number not in joined:
                self.logical.append((start, number))
                start = 0

    def _tokenize(self, text: str) -> None:
        """The same, token by token; what stands before an error counts."""
        start = 0
        try:
            for token in tokenize.generate_tokens(io.StringIO(text).readline):
                if token.type == tokenize.COMMENT:
                    self.comments.append((*token.start, token.string))
                elif token.type == tokenize.NEWLINE:
                    self.logical.append((start, token.start[0]))
                    start = 0
                elif token.type not in _SKIPPED and not start:
                    start = token.start[0]
        except (tokenize.TokenError, SyntaxError):
            return


def _holds_quotes(string: str, prefix: str) -> bool:
    """Whether a formatted string ends inside of braces, so that its last quote begins another one in it."""
    return prefix in "fFtTrR" and string.count("{") != string.count("}")
