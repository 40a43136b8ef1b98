"""Python inside data files: the ``code`` of server actions, scheduled and automated actions.

The text is padded with blank lines so that every line keeps the number it has in the XML file.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from odoo_debt_lint.finding import Edit, Finding, Location, Problem, Span
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.problems import SYNTAX_ERRORS, syntax_problem

if TYPE_CHECKING:
    from odoo_debt_lint.facts import MarkFact
    from odoo_debt_lint.xml.document import XmlFile

MODELS = frozenset({"ir.actions.server", "ir.cron", "base.automation"})


def embedded_code(file: XmlFile) -> Iterator[PythonFile | Problem]:
    """The code of each such record as a Python file, or the problem that it does not parse."""
    if file.root.tag not in ("odoo", "openerp", "data"):
        return
    for element in file.elements:
        if element.tag != "field" or element.get("name") != "code" or not (element.text or "").strip():
            continue
        record = element.getparent()
        if record is None or record.get("model") not in MODELS or _has_tags(element):
            continue
        line, _ = file.content_start(element)
        code = _parsed(file, record.get("model"), padded(element.text, line))
        if isinstance(code, Problem):
            stripped = _parsed(file, record.get("model"), "\n" * (line - 1) + _stripped(element.text))
            code = code if isinstance(stripped, Problem) else stripped
        yield code


def _has_tags(element: Any) -> bool:
    """Whether a field holds elements; of what stands around a comment Odoo runs the text before it."""
    return any(isinstance(child.tag, str) for child in element)


def _parsed(file: XmlFile, model: str, text: str) -> PythonFile | Problem:
    try:
        return PythonFile(
            file.path, text, addon=file.addon, series=file.series, role=file.role, embedded=model
        )
    except SYNTAX_ERRORS as error:
        return syntax_problem(file.path, text, error)


def _stripped(code: str) -> str:
    """What Odoo runs: blanks are taken from the ends of the whole text, so that its first line alone loses
    its indentation. A block below it may stand in the same column."""
    text = code.strip()
    return "\n" * code[: code.index(text)].count("\n") + text + "\n"


def padded(code: str, line: int) -> str:
    """The code at the line where it stands in its file; indented code comes under an ``if 1:``."""
    first, _, rest = code.partition("\n")
    if first.strip():
        # it starts on the line of the tag: see ``Places`` for its columns
        return (
            "\n" * (line - 1) + first.strip() + ("\n" + textwrap.dedent(rest) if rest.strip() else "") + "\n"
        )
    lines = rest.split("\n")
    indented = next((item for item in lines if item.strip()), "")[:1] in (" ", "\t")
    return "\n" * (line - 1) + ("if 1:" if indented else "") + "\n" + rest.rstrip() + "\n"


_CHARACTER = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-z]+);|.", re.S)
"""What is one character of a text in XML."""
_TAG = re.compile(r"\s*<field\b[^>]*>(?:\s*<!\[CDATA\[)?")


class Places:
    """Where code that was found in a data file stands there: its lines are the same, but not all columns, for
    what is before it on the line of its tag, its indentation, and characters that are written as entities."""

    def __init__(self, file: XmlFile, code: PythonFile) -> None:
        self.file, self.code = file, code
        self._columns: dict[int, list[int]] = {}

    def finding(self, item: Finding) -> Finding:
        """The finding at its place in the data file. It keeps its fix only where the texts are the same."""
        fix = item.fix if item.fix is not None and all(map(self._same, item.fix.edits)) else None
        related, flow = (tuple(map(self._location, places)) for places in (item.related, item.flow))
        location = self._location(item.location)
        return msgspec.structs.replace(item, location=location, related=related, flow=flow, fix=fix)

    def mark(self, item: MarkFact) -> MarkFact:
        flow = tuple(map(self._location, item.flow))
        return msgspec.structs.replace(item, span=self.span(item.span), flow=flow)

    def _location(self, place: Location) -> Location:
        if place.path != self.file.path:
            return place
        return Location(place.path, self.span(place.span), place.label)

    def span(self, span: Span) -> Span:
        """A span of the code in the data file."""
        start = self._column(span.start_line, span.start_column)
        return Span(span.start_line, start, span.end_line, self._column(span.end_line, span.end_column))

    def _column(self, line: int, column: int) -> int:
        if line not in self._columns:
            self._columns[line] = self._offsets(line)
        offsets = self._columns[line]
        return offsets[column] if column < len(offsets) else column

    def _offsets(self, line: int) -> list[int]:
        """The column in the file for each of the code; none where they are the same or not known."""
        raw, text = self.file.text.line(line), self.code.text.line(line)
        if raw.startswith(text):
            return []
        matches = list(_CHARACTER.finditer(raw))
        decoded = [html.unescape(match[0]) for match in matches]
        tag = _TAG.match(raw)
        first = next((at for at, match in enumerate(matches) if tag and match.start() >= tag.end()), 0)
        at = "".join(decoded).find(text.strip(), first)
        if at < 0 or not text.strip() or any(len(character) > 1 for character in decoded):
            return []
        shift = at - (len(text) - len(text.lstrip()))
        starts = [*(match.start() for match in matches), len(raw)]
        return [starts[min(max(place + shift, 0), len(matches))] for place in range(len(text) + 1)]

    def _same(self, edit: Edit) -> bool:
        """Whether what an edit replaces, and all before it on its lines, is the same in file and code."""
        lines = range(edit.span.start_line, edit.span.end_line + 1)
        raw, text = ([source.text.line(line) for line in lines] for source in (self.file, self.code))
        raw[-1], text[-1] = raw[-1][: edit.span.end_column], text[-1][: edit.span.end_column]
        return raw == text
