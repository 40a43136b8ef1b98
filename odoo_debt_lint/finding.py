"""The plain data which every stage passes on: where something is, and what is wrong there.

All types are frozen, hold no syntax trees and travel between processes and into the cache. They are
``msgspec.Struct`` and not dataclasses: creation is four times cheaper and decoding validates types.
"""

from __future__ import annotations

from enum import IntEnum

import msgspec


class Severity(IntEnum):
    """How bad it is when the finding is true."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        return self.name.lower()


class Confidence(IntEnum):
    """How sure the rule is; low-confidence findings are hidden and unscored unless asked for."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def label(self) -> str:
        return self.name.lower()


class Span(msgspec.Struct, frozen=True, gc=False, array_like=True, order=True):
    """A region of a file: 1-based lines, 0-based code-point columns, end column exclusive."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


FIRST_LINE = Span(1, 0, 1, 0)


class Location(msgspec.Struct, frozen=True, order=True):
    """A span of a file; ``path`` is relative to the project's root and uses ``/``."""

    path: str
    span: Span
    label: str = ""


class Edit(msgspec.Struct, frozen=True):
    """Replace what ``span`` covers by ``text``."""

    span: Span
    text: str


class Fix(msgspec.Struct, frozen=True):
    """Edits of the finding's own file; ``safe`` means that behaviour stays as it is."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


class Finding(msgspec.Struct, frozen=True):
    """One defect at one place.

    ``entity`` names the enclosing class, method or record and feeds the fingerprint. ``suppressed`` holds
    the reason of the comment that accepts the finding (``"-"`` without one), else it is empty.
    ``minutes`` is the cost of mending this one place.
    """

    rule: str
    location: Location
    message: str
    severity: Severity
    confidence: Confidence
    minutes: int
    addon: str = ""
    entity: str = ""
    related: tuple[Location, ...] = ()
    flow: tuple[Location, ...] = ()
    fix: Fix | None = None
    fingerprint: str = ""
    suppressed: str = ""

    @property
    def sort_key(self) -> tuple[str, Span, str, str]:
        return (self.location.path, self.location.span, self.rule, self.message)


class Problem(msgspec.Struct, frozen=True):
    """Something that kept the tool from reading or judging a file; never silently dropped.

    ``kind`` is one of ``unreadable``, ``too-large``, ``encoding``, ``timeout``, ``crash``,
    ``internal-error``, ``syntax``, ``newer-python``, ``hidden``, ``xml``, ``manifest``, ``engine``.
    """

    kind: str
    path: str
    message: str
    line: int = 1
    column: int = 0
