"""The comparison of two reports as one HTML file, for a client or a manager: what the work has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from odoo_debt_lint import __version__
from odoo_debt_lint.finding import Severity
from odoo_debt_lint.report.cover import Cover
from odoo_debt_lint.report.evidence import masked
from odoo_debt_lint.report.figures import Figures
from odoo_debt_lint.report.pages import policy, rendered
from odoo_debt_lint.report.prose import words

if TYPE_CHECKING:
    from odoo_debt_lint.outcome.compare import Changes, Item

LISTED = 1000
"""Findings that a table lists; the JSON lists them all."""


def as_html(changes: Changes, cover: Cover | None = None) -> str:
    """The comparison as a page; equal input gives equal bytes."""
    page = ComparePage(changes, cover or Cover())
    return rendered("compare.html.j2", page, page.show.text)


class ComparePage:
    """What the template asks for."""

    version, listed = __version__, LISTED
    masked: Callable[..., Any] = staticmethod(masked)
    words: Callable[..., Any] = staticmethod(words)

    def __init__(self, changes: Changes, cover: Cover) -> None:
        self.changes, self.cover = changes, cover
        self.show = Figures(cover)
        self.policy = policy("tables.js")

    @cached_property
    def lists(self) -> list[tuple[str, str, Sequence[Item]]]:
        """(id, title, findings) of what came, went or was accepted."""
        changes = self.changes
        return [
            ("new", "New findings", changes.new),
            ("fixed", "Fixed findings", changes.fixed),
            ("accepted", "Accepted since", changes.accepted),
        ]

    @staticmethod
    def severity(item: Item) -> Severity:
        """The severity of a finding; what no severity is, is the lowest."""
        return Severity.__members__.get(item.severity.upper(), Severity.LOW)

    @staticmethod
    def minutes(items: Sequence[Item]) -> int:
        return sum(item.minutes for item in items)

    def hours_more(self, minutes: int) -> str:
        """``+2.5 h``, ``−40 min``."""
        sign = "+" if minutes > 0 else "−" if minutes < 0 else "±"
        return f"{sign}{self.show.minutes(abs(minutes))}"
