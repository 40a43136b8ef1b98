"""Comments that accept findings: our own, ``noqa``, and the ``pylint: disable`` of existing code.

A comment covers the statement on its line; on a ``def`` or ``class`` line it covers the whole block, and
``ignore-file`` at the top the whole file.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from odoo_debt_lint.facts import SuppressionFact
from odoo_debt_lint.finding import Finding, Span

if TYPE_CHECKING:
    from odoo_debt_lint.xml.document import XmlFile

_MARKERS = ("odoo-debt-lint:", "noqa", "pylint:")
_OWN = re.compile(r"odoo-debt-lint:\s*(ignore(?:-file)?)\s*(?:\[([^\]]*)\])?[\s:,;-]*(.*)", re.S)
_NOQA = re.compile(r"#\s*noqa(?::\s*([\w\s,:-]+))?", re.I)
_PYLINT = re.compile(r"pylint:\s*disable\s*=\s*([\w\s,-]+)")
_LAST_LINE = 1 << 30

PYLINT_NAMES: dict[str, tuple[str, ...]] = {
    "sql-injection": ("sql-injection",),
    "E8103": ("sql-injection",),
    "E8130": ("query-in-loop",),
    "method-required-super": ("override-missing-super",),
    "W8106": ("override-missing-super",),
    "missing-return": ("override-drops-result",),
    "invalid-commit": ("manual-transaction",),
    "E8102": ("manual-transaction",),
    "external-request-timeout": ("request-without-timeout",),
    "E8106": ("request-without-timeout",),
    "translation-required": (),
    "eval-used": ("eval-used",),
    "eval-referenced": ("eval-used",),
    "W0123": ("eval-used",),
    "exec-used": ("eval-used",),
    "W0122": ("eval-used",),
    "print-used": ("debug-leftover",),
    "W8116": ("debug-leftover",),
    "attribute-deprecated": (),
    "except-pass": ("exception-swallowed",),
    "W8138": ("exception-swallowed",),
    "broad-except": ("exception-swallowed",),
    "W0703": ("exception-swallowed",),
    "broad-exception-caught": ("exception-swallowed",),
    "W0718": ("exception-swallowed",),
    "context-overridden": ("context-overwritten",),
    "W8121": ("context-overwritten",),
    "no-search-all": ("search-without-limit",),
    "W8160": ("search-without-limit",),
    "missing-readme": (),
    "manifest-required-key": ("manifest-incomplete",),
    "manifest-version-format": ("manifest-version-format",),
    "too-complex": ("method-too-complex",),
    "C901": ("method-too-complex",),
    "S608": ("sql-injection",),
    "S307": ("eval-used",),
    "S102": ("eval-used",),
    "S113": ("request-without-timeout",),
    "S501": ("tls-verification-disabled",),
    "S301": ("unsafe-deserialization",),
    "S506": ("unsafe-deserialization",),
    "S324": ("weak-hash",),
    "S602": ("command-injection",),
    "S605": ("command-injection",),
    "T201": ("debug-leftover",),
    "T203": ("debug-leftover",),
    "B006": ("mutable-default",),
}
"""Names of pylint, pylint-odoo and flake8/ruff for the rules that report the same defect here."""


def _comments(text: str) -> Iterator[tuple[int, int, str]]:
    """Line, column and text of every comment; what was read before an error of the tokenizer counts."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.start[1], token.string
    except (tokenize.TokenError, SyntaxError):
        return


def _parsed(comment: str) -> Iterator[tuple[str, tuple[str, ...], str, bool]]:
    """(source, rules, reason, whole file) of each marker in a comment."""
    own = _OWN.search(comment)
    if own is not None:
        rules = tuple(name.strip() for name in (own[2] or "").split(",") if name.strip())
        reason = own[3].strip().removesuffix("-->").strip()
        yield "own", rules, reason, own[1] == "ignore-file"
    noqa = _NOQA.search(comment)
    if noqa is not None:
        names = [name for name in re.split(r"[\s,]+", noqa[1] or "") if name]
        known = tuple(rule for name in names for rule in PYLINT_NAMES.get(name, (name,)))
        # a code of another tool that means nothing here is no suppression of ours
        if not names or known:
            yield "noqa", known, "noqa", False
    for match in _PYLINT.finditer(comment):
        names = [name.strip() for name in match[1].split(",")]
        known = tuple(rule for name in names for rule in PYLINT_NAMES.get(name, ()))
        if known or "all" in names:
            yield "pylint", known, "pylint: disable", False


def python_suppressions(text: str, blocks: Iterable[tuple[int, int, int]]) -> tuple[SuppressionFact, ...]:
    """Suppressions of a Python text; ``blocks`` are (first header line, last header line, last line)."""
    if not any(marker in text for marker in _MARKERS):
        return ()
    extents = list(blocks)
    lines = text.splitlines()
    found: list[SuppressionFact] = []
    for line, column, comment in _comments(text):
        alone = not lines[line - 1][:column].strip() if line <= len(lines) else True
        for source, rules, reason, whole in _parsed(comment):
            first, last = line, line
            if whole:
                first, last = 1, _LAST_LINE
            elif alone and source == "pylint":
                first, last = _scope_of(line, extents)
            elif alone and source == "own":
                last = line + 1
            for start, header_end, end in extents:
                if start <= line <= header_end and not whole:
                    first, last = start, end
            span = Span(line, column, line, column + len(comment))
            found.append(SuppressionFact(span, first, last, rules, reason, source))
    return tuple(found)


def _scope_of(line: int, extents: list[tuple[int, int, int]]) -> tuple[int, int]:
    """A ``pylint: disable`` on its own line holds until its block ends."""
    inner = [end for start, _, end in extents if start < line <= end]
    return line, min(inner, default=_LAST_LINE)


def xml_suppressions(file: XmlFile) -> tuple[SuppressionFact, ...]:
    """Suppressions in XML comments: the line of the comment, and the element that follows it."""
    if b"odoo-debt-lint:" not in file.content:
        return ()
    found: list[SuppressionFact] = []
    text = file.text
    for match in re.finditer(r"<!--(.*?)-->", text.text, re.S):
        for source, rules, reason, whole in _parsed(match[1]):
            if source != "own":
                continue
            span = text.span(*match.span())
            first, last = span.start_line, span.end_line
            if whole:
                first, last = 1, _LAST_LINE
            else:
                following = re.compile(r"\s*(?=<\w)").match(text.text, match.end())
                before = text.line(span.start_line)[: span.start_column].strip()
                if following and not before:
                    last = _end_of_element(file, text.position(following.end())[0])
            found.append(SuppressionFact(span, first, last, rules, reason, source))
    return tuple(found)


def _end_of_element(file: XmlFile, line: int) -> int:
    for element in file.elements:
        if file.span(element).start_line == line:
            return file.last_line(element)
    return line


def covers(fact: SuppressionFact, finding: Finding) -> bool:
    """Whether a suppression accepts a finding."""
    if fact.rules and finding.rule not in fact.rules:
        return False
    span = finding.location.span
    if fact.first <= span.start_line <= fact.last:
        return True
    # a comment on any line of a statement of a few lines covers the statement
    return fact.first == fact.last and span.start_line <= fact.first <= span.end_line
