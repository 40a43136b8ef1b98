"""Badges with the grade and the hours of debt: an SVG of our own, and the JSON of a shields.io endpoint."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from odoo_debt_lint.report.model import Report

LABEL = "odoo debt"
_COLORS = {
    "A": ("brightgreen", "#2e7d32"),
    "B": ("green", "#558b2f"),
    "C": ("yellow", "#8a6d00"),
    "D": ("orange", "#b45309"),
    "E": ("red", "#b71c1c"),
}
"""By grade: the name at shields.io, and a colour dark enough for white text."""
_NO_GRADE = ("lightgrey", "#555")
_NARROW, _WIDE = frozenset("fijlrt.,: I"), frozenset("mwMW")
_PADDING = 12


def message(report: Report) -> str:
    """``"C, 12 h"``; without a grade when only single files were linted."""
    hours = round(report.debt.hours, 1)
    cost = f"{report.debt.hours:.0f} h" if hours >= 10 else f"{hours:.1f} h"
    return cost if report.partial else f"{report.debt.grade}, {cost}"


def _colors(report: Report) -> tuple[str, str]:
    return _NO_GRADE if report.partial else _COLORS[report.debt.grade]


def as_shields(report: Report) -> str:
    """What shields.io reads from the ``url`` of an endpoint badge."""
    data = {"schemaVersion": 1, "label": LABEL, "message": message(report), "color": _colors(report)[0]}
    return json.dumps(data) + "\n"


def as_badge(report: Report) -> str:
    """A badge that needs no server: same bytes for the same report."""
    text, color = message(report), _colors(report)[1]
    left, right = _width(LABEL), _width(text)
    name = f"{LABEL}: {text}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img"'
        f" aria-label={quoteattr(name)}>"
        f"<title>{escape(name)}</title>"
        f'<clipPath id="r"><rect width="{left + right}" height="20" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="20" fill="#444"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{color}"/></g>'
        '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{_text(LABEL, left / 2, left)}{_text(text, left + right / 2, right)}</g></svg>\n"
    )


def _text(text: str, middle: float, width: int) -> str:
    return f'<text x="{middle:g}" y="14" textLength="{width - _PADDING}">{escape(text)}</text>'


def _width(text: str) -> int:
    """Pixels of a text in Verdana 11, about; ``textLength`` makes it exact in the picture."""
    return _PADDING + round(sum(4 if char in _NARROW else 10 if char in _WIDE else 7 for char in text))
