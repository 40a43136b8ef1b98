"""The documentation of a rule in pieces that any writer can lay out.

Rules document themselves in a little Markdown: paragraphs, lists, fenced code and words between backticks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from odoo_debt_lint.rule import Rule

_HEADING = re.compile(r"^## (.+)$", re.M)
_SPAN = re.compile(r"(``.+?``|`[^`]+`)", re.S)


class Words(NamedTuple):
    """A run of words; ``code`` for what stood between backticks."""

    text: str
    code: bool


class Piece(NamedTuple):
    """A paragraph, an item of a list, or code (``kind`` is ``p``, ``li`` or ``pre``)."""

    kind: str
    words: list[Words]


def chapter(rule: Rule | None, heading: str) -> str:
    """The text under a heading of the rule's documentation; empty when it has none."""
    parts = _HEADING.split(rule.doc) if rule else []
    chapters = dict(zip(parts[1::2], parts[2::2], strict=True))
    return chapters.get(heading, "").strip()


def words(text: str) -> list[Words]:
    """A text as runs of words and of code."""
    return [
        Words(part.strip("`").strip() if part.startswith("`") else part, part.startswith("`"))
        for part in _SPAN.split(text)
        if part
    ]


def pieces(text: str) -> list[Piece]:
    """A chapter as paragraphs, items and code."""
    found: list[Piece] = []
    for number, part in enumerate(text.split("```")):
        if number % 2:
            code = part.split("\n", 1)[-1] if "\n" in part else part
            found.append(Piece("pre", [Words(code.rstrip(), True)]))
        else:
            found.extend(_paragraphs(part))
    return found


def _paragraphs(text: str) -> Iterator[Piece]:
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        items = re.split(r"^\s*[-*] ", paragraph, flags=re.M)
        if items[0].strip():
            yield Piece("p", words(" ".join(items[0].split())))
        for item in items[1:]:
            yield Piece("li", words(" ".join(item.split())))
