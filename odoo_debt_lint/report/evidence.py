"""The code that a report shows beside a finding, without the secrets in it.

A report is handed on, so lines on which a secret was found are never shown, not even around other findings,
and what looks like one is masked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from odoo_debt_lint.finding import Finding
from odoo_debt_lint.report.model import Report

HIDDEN = "(not shown: this line holds a secret)"
_WIDTH = 160
_MAX_LINES = 4
_LOOKS_SECRET = re.compile(
    r"((?:passw(?:or)?d|passwd|pwd|secret|token|api_?key|private_?key)\w*[\"']?(?:\s*\])?\s*(?:[=:,]|==|!=)\s*[brfu]?)"
    r"(\"[^\"\n]+\"|'[^'\n]+')",
    re.I,
)
_IN_ADDRESS = re.compile(r"(\w://[^\s/:@'\"]*:)[^\s/@'\"]+(?=@)")
_WORD = re.compile(r"\w")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of code in three parts, of which the finding is about the middle one."""

    number: int
    before: str
    marked: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.marked + self.after


def masked(text: str) -> str:
    """The text without what looks like a password, and without characters that steer the display."""
    text = _LOOKS_SECRET.sub(lambda match: match[1] + match[2][0] + "***" + match[2][0], text)
    return _CONTROL.sub("\ufffd", _IN_ADDRESS.sub(r"\1***", text)).expandtabs(4)


class Evidence:
    """Excerpts from the files of a report."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def lines(self, finding: Finding) -> list[Line]:
        """The lines of a finding, at most four; none for a secret, or where they would say nothing."""
        if self.report.tells_secret(finding.rule):
            return []
        span, path = finding.location.span, finding.location.path
        text = self.report.sources.text(path)
        last = min(span.end_line, span.start_line + _MAX_LINES - 1)
        found = [
            self._line(finding, number, text.line(number)) for number in range(span.start_line, last + 1)
        ]
        return _unindented(found) if any(_WORD.search(line.text) for line in found) else []

    def _line(self, finding: Finding, number: int, text: str) -> Line:
        if number in self.report.secret_lines.get(finding.location.path, ()):
            return Line(number, HIDDEN, "", "")
        span = finding.location.span
        start = span.start_column if number == span.start_line else len(text) - len(text.lstrip())
        end = span.end_column if number == span.end_line else len(text)
        parts = (text[:start], text[start:end], text[end:])
        if masked(text) != "".join(map(masked, parts)):
            parts = (masked(text), "", "")  # the mask goes over the borders of the parts
        before, marked, after = map(masked, parts)
        room = max(_WIDTH - len(before), 40)
        if len(before) > _WIDTH:
            before = "…" + before[-_WIDTH // 2 :]
        if len(marked) > room:
            return Line(number, before, marked[:room] + "…", "")
        rest = room - len(marked)
        return Line(
            number, before, marked, after.rstrip()[:rest] + ("…" if len(after.rstrip()) > rest else "")
        )


def _unindented(lines: list[Line]) -> list[Line]:
    """The lines without the indentation that all of them have."""
    texts = [line.text for line in lines if line.text.strip() and line.text != HIDDEN]
    depth = min((len(text) - len(text.lstrip(" ")) for text in texts), default=0)
    return [
        line
        if line.text == HIDDEN
        else Line(line.number, line.before[depth:], line.marked, line.after)
        if len(line.before) >= depth
        else Line(line.number, "", line.text[depth:], "")
        for line in lines
    ]
