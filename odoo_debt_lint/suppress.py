"""Comments that accept findings: our own, ``noqa``, and the ``pylint: disable`` of existing code.

Our own comment covers the statement on its line or, alone on a line, the one that follows; where that is a
``def`` or ``class``, the whole block. ``ignore-file`` covers the file. ``noqa`` covers its statement only,
``pylint: disable`` alone on a line the rest of its block, as their own tools have it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from lxml import etree

from odoo_debt_lint.data.other_linters import ACCEPTED_NAMES
from odoo_debt_lint.facts import SuppressionFact
from odoo_debt_lint.finding import Span
from odoo_debt_lint.python.embedded import embedded_code
from odoo_debt_lint.python.layout import Layout
from odoo_debt_lint.python.module import PythonFile

if TYPE_CHECKING:
    from odoo_debt_lint.source import Text
    from odoo_debt_lint.xml.document import XmlFile

_MARKERS = ("lint:", "noqa", "NOQA")
"""What a file must hold: the end of two names is found faster than both."""
_OWN = re.compile(r"odoo-debt-lint:\s*(ignore(?:-file)?)(?![\w-])\s*(?:\[([^\]]*)\])?(.*)", re.S)
_NOQA = re.compile(r"#\s*noqa\b(?:\s*:\s*([\w\s,:-]+))?", re.I)
_PYLINT = re.compile(r"pylint:\s*(disable|disable-next|enable)\s*=\s*([\w\s,-]+)")
_OTHER_TOOLS = re.compile(r"#\s*(?:noqa|pylint|type|nosec|pragma|fmt|ruff|pyright|mypy)\b.*", re.S | re.I)
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SCRIPT_COMMENT = re.compile(r"//([^\n]*odoo-debt-lint:[^\n]*)|/\*([^*]{0,200}odoo-debt-lint:[^*]{0,500})\*/")
_LINE_END = re.compile(r"\r\n?")
LAST_LINE = 1 << 30


@dataclass(frozen=True, slots=True)
class _Marker:
    """What one marker says. ``kind``: ``ignore``, ``ignore-file``, ``disable``, ``disable-next``,
    ``enable`` or ``noqa``."""

    source: str
    kind: str
    rules: tuple[str, ...]
    reason: str = ""


def _markers(comment: str) -> Iterator[_Marker]:
    own = _OWN.search(comment)
    if own is not None:
        rules = tuple(name.strip() for name in (own[2] or "").split(",") if name.strip())
        reason = _OTHER_TOOLS.sub("", own[3].removesuffix("-->")).strip(" \t\r\n#:,;-\u2013\u2014")
        yield _Marker("own", own[1], rules, reason)
    noqa = _NOQA.search(comment)
    if noqa is not None:
        names = [name for name in re.split(r"[\s,]+", noqa[1] or "") if name]
        known = _known(names)
        # a code of another tool that means nothing here is no suppression of ours
        if known or not names:
            yield _Marker("noqa", "noqa", known, "noqa")
    for match in _PYLINT.finditer(comment):
        names = [part.split()[0] for part in match[2].split(",") if part.strip()]
        known = _known(names)
        if known or "all" in names:
            yield _Marker("pylint", match[1], () if "all" in names else known, "pylint: disable")


def own_markers(comment: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Kind, rules and reason of each of our own markers in a comment."""
    return ((item.kind, item.rules, item.reason) for item in _markers(comment) if item.source == "own")


def _known(names: list[str]) -> tuple[str, ...]:
    """Our rules for names and codes of other tools; names of rules stand for themselves."""
    found: list[str] = []
    for name in names:
        found += ACCEPTED_NAMES.get(name, (name,) if _NAME.fullmatch(name) and "-" in name else ())
    return tuple(dict.fromkeys(found))


class _Lines(Layout):
    """What a comment covers; ``blocks`` are (first header line, last header line, last line)."""

    def __init__(self, text: str, blocks: Iterable[tuple[int, int, int]]) -> None:
        super().__init__(text)
        self.blocks = list(blocks)

    def statement(self, line: int) -> tuple[int, int]:
        """First and last line of the statement to which a comment on this line belongs: the one it stands
        in or behind, else the next one."""
        index = bisect_left(self.logical, line, key=lambda item: item[1])
        if index == len(self.logical):
            return line, line
        return self.logical[index]

    def block(self, line: int) -> tuple[int, int] | None:
        """First and last line of the function or class whose header, decorators included, has this line."""
        headers = [(first, end) for first, header, end in self.blocks if first <= line <= header]
        return max(headers, default=None)

    def rest_of_block(self, line: int) -> int:
        """Last line of the innermost function or class around a line."""
        return min((end for first, _, end in self.blocks if first < line <= end), default=LAST_LINE)


def _may_suppress(text: str) -> bool:
    """A look without the tokenizer: some line has a marker that means something here."""
    for marker in _MARKERS:
        start = text.find(marker)
        while start >= 0:
            end = text.find("\n", start)
            line = text[text.rfind("\n", 0, start) + 1 : end if end >= 0 else len(text)]
            if next(_markers(line), None) is not None:
                return True
            start = text.find(marker, end) if end >= 0 else -1
    return False


def python_suppressions(text: str, blocks: Iterable[tuple[int, int, int]]) -> tuple[SuppressionFact, ...]:
    """Suppressions of a Python text; ``blocks`` are (first header line, last header line, last line)."""
    if not _may_suppress(text):
        return ()
    lines = _Lines(text, blocks)
    found: list[SuppressionFact] = []
    for line, column, comment in lines.comments:
        if "lint:" not in comment and "noqa" not in comment.lower():
            continue
        span = Span(line, column, line, column + len(comment))
        for marker in _markers(comment):
            if marker.kind == "enable":
                _enable(found, marker, line)
            else:
                first, last = _extent(lines, marker, line)
                found.append(SuppressionFact(span, first, last, marker.rules, marker.reason, marker.source))
    return tuple(found)


def _extent(lines: _Lines, marker: _Marker, line: int) -> tuple[int, int]:
    """The lines which a marker covers."""
    if marker.kind == "ignore-file":
        return 1, LAST_LINE
    first, last = lines.statement(line)
    if marker.source == "noqa":
        return (first, last) if first <= line else (line, line)
    if marker.source == "pylint" and first > line:
        # alone on its line
        return (line, last) if marker.kind == "disable-next" else (line, lines.rest_of_block(line))
    block = lines.block(first)
    if block is not None:
        first, last = block
    return min(line, first), max(line, last)


def _enable(found: list[SuppressionFact], marker: _Marker, line: int) -> None:
    """``pylint: enable`` ends what a ``disable`` began, of the rules that it names."""
    for index, fact in enumerate(list(found)):
        if fact.source == "pylint" and fact.first < line < fact.last:
            if not marker.rules or not fact.rules or set(fact.rules) & set(marker.rules):
                found[index] = msgspec.structs.replace(fact, last=line)
                left = tuple(name for name in fact.rules if marker.rules and name not in marker.rules)
                if left:
                    found.append(msgspec.structs.replace(fact, rules=left))
                elif marker.rules and not fact.rules:
                    but = (*fact.but, *marker.rules)
                    found.append(msgspec.structs.replace(fact, first=line, but=but))


def xml_suppressions(file: XmlFile) -> tuple[SuppressionFact, ...]:
    """Suppressions in XML comments and in the comments of Python inside a data file."""
    if b"odoo-debt-lint:" not in file.content:
        return ()
    found: list[SuppressionFact] = []
    text = file.text
    spans = [file.span(element) for element in file.elements]
    starts = {(span.start_line, span.start_column + 1): index for index, span in enumerate(spans)}
    for match in re.finditer(r"<!--(.*?)-->", text.text, re.S):
        for marker in _markers(match[1]):
            if marker.source == "own":
                span = text.span(*match.span())
                first, last = _xml_extent(file, marker, match, starts)
                found.append(SuppressionFact(span, first, last, marker.rules, marker.reason))
    for code in embedded_code(file):
        if isinstance(code, PythonFile):
            facts = python_suppressions(code.text.text, code.skeleton.blocks)
            found += [fact for fact in facts if fact.source == "own"]
    return tuple(found)


def script_suppressions(text: Text) -> tuple[SuppressionFact, ...]:
    """Suppressions in the comments of JavaScript: of their lines, or of the next where they stand alone."""
    if "odoo-debt-lint:" not in text.text:
        return ()
    found: list[SuppressionFact] = []
    for match in _SCRIPT_COMMENT.finditer(text.text):
        span = text.span(*match.span())
        alone = not text.line(span.start_line)[: span.start_column].strip()
        for marker in _markers(match[1] or match[2]):
            if marker.source == "own":
                whole = marker.kind == "ignore-file"
                first, last = (1, LAST_LINE) if whole else (span.start_line, span.end_line + alone)
                found.append(SuppressionFact(span, first, last, marker.rules, marker.reason))
    return tuple(found)


def _xml_extent(
    file: XmlFile, marker: _Marker, match: re.Match[str], starts: dict[tuple[int, int], int]
) -> tuple[int, int]:
    """The lines which a comment covers: its own and, when it stands alone, the element that follows, or else
    the element in which it is the last thing."""
    if marker.kind == "ignore-file":
        return 1, LAST_LINE
    text = file.text
    (first, column), (last, _) = text.position(match.start()), text.position(match.end())
    if text.line(first)[:column].strip():
        return first, last
    following = _FOLLOWING.match(text.text, match.end())
    if following is None:
        return first, last
    start = text.position(following.end())
    if following[0].endswith("/"):
        return _enclosing(file, match), start[0]
    return first, _end_of_element(file, starts[start]) if start in starts else start[0]


_FOLLOWING = re.compile(r"(?:\s*<!--(?:(?!-->).)*-->){0,50}\s*<(?=[\w/])/?", re.S)


def _end_of_element(file: XmlFile, index: int) -> int:
    """Last line of an element: the one before the next element which is not inside it."""
    elements = file.elements
    after = index + sum(1 for _ in elements[index].iter(etree.Element))
    if after == len(elements):
        return len(file.text.lines)
    return max(file.span(elements[after - 1]).end_line, file.span(elements[after]).start_line - 1)


def _enclosing(file: XmlFile, match: re.Match[str]) -> int:
    """First line of the element in which a comment stands."""
    # the parser knows no columns of comments: the n-th of the same text is the n-th
    earlier = file.text.text.count(match[0], 0, match.start())
    text = _LINE_END.sub("\n", match[1])  # as the parser has it
    same = [item for item in file.root.iter(etree.Comment) if item.text == text]
    parent = same[earlier].getparent() if earlier < len(same) else None
    return file.span(parent).start_line if parent is not None else file.text.position(match.start())[0]
