"""Applies the fixes of findings: in memory, round after round, then as a diff or to disk.

A fix is applied whole or not at all; one that touches what another has changed waits for a round. A file
which would not parse afterwards stays as it was.
"""

from __future__ import annotations

import ast
import difflib
import os
import re
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.finding import Edit, Finding, Fix, Problem
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.source import Text, Unreadable, decode
from odoo_debt_lint.xml.document import parser

_ROUNDS = 12
LAST = "manifest-version-bump"
"""The rule whose fix says that an addon is migrated: it waits until nothing in the addon breaks any more."""
_BOM = b"\xef\xbb\xbf"

Run = Callable[[Mapping[str, bytes]], Report]
"""A run of the linter with content by real path instead of that on disk."""


@dataclass
class Outcome:
    """``before`` and ``after`` are contents by path relative to ``root``, ``applied`` counts fixes by rule,
    ``report`` is what is left."""

    root: Path
    report: Report
    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    applied: dict[str, int] = field(default_factory=dict)
    refused: dict[str, Problem] = field(default_factory=dict)

    @property
    def changed(self) -> list[str]:
        return sorted(path for path in self.after if self.after[path] != self.before[path])

    @property
    def count(self) -> int:
        return sum(self.applied.values())


def fix(run: Run, unsaved: Mapping[str, bytes], unsafe: bool) -> Outcome:
    """Mends what can be mended, in memory. ``unsafe``: also what may change behaviour."""
    report = run(unsaved)
    outcome = Outcome(report.root, report)
    for _ in range(_ROUNDS):
        if not _round(outcome, _chosen(outcome.report, unsafe)):
            break
        contents = {str(outcome.root / path): content for path, content in outcome.after.items()}
        outcome.report = run({**unsaved, **contents})
    return outcome


def _chosen(report: Report, unsafe: bool) -> dict[str, list[Finding]]:
    """The findings to be mended in a round, by path."""
    found: dict[str, list[Finding]] = {}
    for finding in (*report.findings, *_quiet(report)):
        if finding.fix is not None and (finding.fix.safe or unsafe) and finding.rule != LAST:
            found.setdefault(finding.location.path, []).append(finding)
    if found or not unsafe:
        return found
    breaking = {item.addon for item in (*report.findings, *report.unsure) if _breaks(report, item)}
    for finding in report.findings:
        if finding.rule == LAST and finding.fix is not None and finding.addon not in breaking:
            found.setdefault(finding.location.path, []).append(finding)
    return found


def _quiet(report: Report) -> Iterator[Finding]:
    """What is known for sure and safely mended, but not worth a finding: ``t-esc`` still works."""
    for finding in report.unsure:
        fact = report.rules[finding.rule].fact
        if fact is not None and fact.verified == "source" and finding.fix is not None and finding.fix.safe:
            yield finding


def _breaks(report: Report, finding: Finding) -> bool:
    rule = report.rules[finding.rule]
    if rule.fact is not None:
        return rule.fact.breaks == "hard"
    return rule.family == "migration" and rule.name != LAST


def _round(outcome: Outcome, chosen: Mapping[str, list[Finding]]) -> bool:
    """Applies what does not overlap; whether anything changed."""
    changed = False
    for path, findings in sorted(chosen.items()):
        if path in outcome.refused:
            continue
        try:
            content = outcome.report.sources.content(path)
            after, used = applied(content, findings, path)
        except (Unreadable, Broken) as error:
            outcome.refused[path] = Problem("unreadable", path, f"not mended: {error}")
            continue
        if after == content:
            continue
        changed = True
        outcome.before.setdefault(path, content)
        outcome.after[path] = after
        for finding in used:
            outcome.applied[finding.rule] = outcome.applied.get(finding.rule, 0) + 1
    return changed


class Broken(Exception):
    """A fix would leave a file that does not parse."""


def applied(content: bytes, findings: Iterable[Finding], path: str) -> tuple[bytes, list[Finding]]:
    """The content with the fixes that fit together, and their findings. Raises Broken and Unreadable."""
    text = Text(decode(content, is_xml=path.endswith(".xml")))
    used, edits = _together(text, findings)
    mended = _edited(text.text, edits)
    _verify(mended, path)
    return _encoded(mended, content, path), used


def _together(text: Text, findings: Iterable[Finding]) -> tuple[list[Finding], list[tuple[int, int, str]]]:
    """Fixes in order of their places, without those that touch what an earlier one has edited."""
    used: list[Finding] = []
    taken: list[tuple[int, int, str]] = []
    for finding in sorted(findings, key=lambda item: item.sort_key):
        assert finding.fix is not None
        wanted = [_offsets(text, edit) for edit in finding.fix.edits]
        fresh = [edit for edit in wanted if edit not in taken]
        if any(_overlap(edit, other) for edit in fresh for other in taken):
            continue
        used.append(finding)
        taken += fresh
    return used, sorted(taken)


def _offsets(text: Text, edit: Edit) -> tuple[int, int, str]:
    span = edit.span
    starts = text.starts
    if span.end_line > len(starts):
        raise Broken("an edit lies outside of the file")
    return (
        starts[span.start_line - 1] + span.start_column,
        starts[span.end_line - 1] + span.end_column,
        edit.text,
    )


def _overlap(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Whether two edits touch the same text; two insertions at one place do too."""
    if one[:2] == other[:2]:
        return True
    return one[0] < other[1] and other[0] < one[1]


def _edited(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    parts, position = [], 0
    newline = "\r\n" if "\r\n" in text else "\n"
    for start, end, new in edits:
        parts += [text[position:start], new.replace("\r\n", "\n").replace("\n", newline)]
        position = end
    return "".join([*parts, text[position:]])


def _verify(text: str, path: str) -> None:
    try:
        if path.endswith(".py"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(text)
        elif path.endswith(".xml"):
            etree.fromstring(text.encode("utf-8"), parser()) if "<?xml" not in text[:200] else _declared(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError, etree.XMLSyntaxError) as error:
        raise Broken(f"the file would not parse any more: {error}") from None


def _declared(text: str) -> None:
    """Parses a text whose declaration may name another encoding than that of the bytes at hand."""
    etree.fromstring(text[text.index("?>") + 2 :].lstrip().encode("utf-8"), parser())


def _encoded(text: str, content: bytes, path: str) -> bytes:
    """The text in the encoding that its file had: the one that gives back the bytes as they were."""
    mark = _BOM if content.startswith(_BOM) else b""
    before = decode(content, is_xml=path.endswith(".xml"))
    try:
        for encoding in ("utf-8", "utf-16", "latin-1", "cp1252"):
            if _as(before, encoding) == content[len(mark) :]:
                return mark + text.encode(encoding)
    except UnicodeError:
        pass
    raise Broken("the new text cannot be written in the encoding of the file")


def _as(text: str, encoding: str) -> bytes | None:
    try:
        return text.encode(encoding)
    except UnicodeError:
        return None


def diff(outcome: Outcome) -> Iterator[bytes]:
    """A unified diff of all changes as ``git apply`` and ``patch`` read it: line by line, in the encodings of
    the files."""
    for path in outcome.changed:
        end = "\t" if " " in path else ""  # where a name with blanks ends
        old, new = (f"{side}/{path}{end}".encode() for side in "ab")
        before, after = (_lines(side[path]) for side in (outcome.before, outcome.after))
        for line in difflib.diff_bytes(difflib.unified_diff, before, after, old, new):
            yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _lines(content: bytes) -> list[bytes]:
    """The lines with their ends: of bytes only LF ends one, as for git."""
    return [line for line in re.split(b"(?<=\n)", content) if line]


def write(outcome: Outcome) -> None:
    """Puts all changes on disk, each file in one step. Raises UsageError where the disk says no, or where
    somebody else changed the file in the meantime."""
    for path in outcome.changed:
        real = outcome.root / path
        try:
            if real.read_bytes() != outcome.before[path]:
                raise UsageError(f"{path}: changed while it was being mended, not written")
            _replace(real, outcome.after[path])
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}") from None


def _replace(real: Path, content: bytes) -> None:
    mode = real.stat().st_mode
    handle, name = tempfile.mkstemp(dir=real.parent, prefix=".odoo-debt-lint-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(name, mode & 0o7777)
        os.replace(name, real)
    except BaseException:
        os.unlink(name)
        raise


__all__ = ["Fix", "Outcome", "applied", "diff", "fix", "write"]
