"""Bytes of one file, and the lines and columns in them.

Everything that turns an offset or a UTF-8 column into a code-point position is here, so that no reader
has to know how another counts.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import stat
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from odoo_debt_lint.finding import Span

MAX_FILE_SIZE = 10 * 1024 * 1024
"""Larger files are refused, not read: Odoo addons hold no legitimate source of this size."""

_LARGE_PYTHON, _MAX_TOKENS = 1 << 20, 600_000
_WORD_BYTES = bytes(
    byte for byte in range(256) if byte >= 128 or chr(byte).isalnum() or chr(byte) in "_ \t+/"
)

_FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_NOCTTY", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)

_PYTHON_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([-\w.]+)[\"']")
_LINE_END = re.compile(r"\r\n|\r|\n")


class Unreadable(Exception):
    """The file cannot be read; ``kind`` as in ``finding.Problem``."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


def read_bytes(path: str, limit: int = MAX_FILE_SIZE) -> bytes:
    """Content of a regular file of bounded size; never blocks on a FIFO or a device."""
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise Unreadable("unreadable", error.strerror or str(error)) from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("unreadable", "not a regular file")
        size = status.st_size
        content = os.read(descriptor, size + 1) if size <= limit else b""
        if len(content) > size:  # it grows, or does not say how long it is
            while len(content) <= limit and (more := os.read(descriptor, limit + 1 - len(content))):
                content += more
            size = len(content)
    except OSError as error:
        raise Unreadable("unreadable", error.strerror or str(error)) from None
    finally:
        os.close(descriptor)
    if size > limit:
        raise Unreadable("too-large", f"{size / (1 << 20):.0f} MB is over the limit of {limit >> 20} MB")
    return content


def digest(content: bytes) -> str:
    """Content digest, 32 hex characters."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _declared_encoding(content: bytes, is_xml: bool) -> str:
    if is_xml:
        match = _XML_ENCODING.match(content[:200])
        return match.group(1).decode("ascii") if match else "utf-8"
    for line in content.split(b"\n", 2)[:2]:
        match = _PYTHON_COOKIE.match(line)
        if match:
            return match.group(1).decode("ascii")
    return "utf-8"


def decode(content: bytes, is_xml: bool = False) -> str:
    """Text of a file after its own declaration (BOM, PEP 263 cookie, XML declaration).

    Raises Unreadable("encoding") when the bytes are not what the file says they are.
    """
    if content.startswith(codecs.BOM_UTF8):
        content, encoding = content[3:], "utf-8"
    elif is_xml and content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = _declared_encoding(content, is_xml)
    try:
        return content.decode(encoding)
    except LookupError:
        raise Unreadable("encoding", f"unknown encoding {encoding!r}") from None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable("encoding", f"line {line} is not valid {encoding}") from None
    except UnicodeError:  # of codecs that do not say where
        raise Unreadable("encoding", f"not valid {encoding}") from None


def printable(text: str) -> str:
    """The text on one line, without what would steer a terminal."""
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)


def decode_python(content: bytes) -> str:
    """Text of a Python file, if a syntax tree of it fits into memory: a node needs five hundred bytes."""
    if len(content) > _LARGE_PYTHON:
        tokens = max(len(content.translate(None, _WORD_BYTES)), content.count(b" "), content.count(b"\n"))
        if tokens > _MAX_TOKENS:
            raise Unreadable("too-large", f"holds more than {_MAX_TOKENS} names, values and signs")
    return decode(content)


class Text:
    """Decoded text with line starts; lines are counted as Python and XML do (LF, CR, CRLF)."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def starts(self) -> list[int]:
        """Offset of the first character of each line."""
        if "\r" in self.text:
            return [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        starts = list(accumulate(map((1).__add__, map(len, self.lines)), initial=0))
        starts.pop()
        return starts

    @cached_property
    def lines(self) -> list[str]:
        """Lines without their ends."""
        return _LINE_END.split(self.text) if "\r" in self.text else self.text.split("\n")

    def line(self, number: int) -> str:
        """The 1-based line, or ``""`` outside the file."""
        lines = self.lines
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def position(self, offset: int) -> tuple[int, int]:
        """1-based line and 0-based column of a character offset."""
        row = bisect_right(self.starts, offset)
        return row, offset - self.starts[row - 1]

    def span(self, start: int, end: int) -> Span:
        """Span of two character offsets."""
        starts = self.starts
        first = bisect_right(starts, start)
        last = bisect_right(starts, end, first)
        return Span(first, start - starts[first - 1], last, end - starts[last - 1])

    def column(self, line: int, utf8_column: int) -> int:
        """Code-point column for a UTF-8 column as ``ast`` counts."""
        if self.text.isascii():
            return utf8_column
        text = self.line(line)
        if text.isascii():
            return utf8_column
        return len(text.encode("utf-8")[:utf8_column].decode("utf-8", "ignore"))

    def line_span(self, line: int) -> Span:
        """The line without its indentation and trailing blanks."""
        text = self.line(line)
        stripped = text.strip()
        start = len(text) - len(text.lstrip()) if stripped else 0
        return Span(line, start, line, start + len(stripped))


def clean(text: str) -> str:
    """The text without lone surrogates (from file names that are no UTF-8, or odd literals)."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
