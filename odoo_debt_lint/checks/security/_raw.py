"""Expressions of ``t-raw`` that show no text of a user: literals, numbers, and what has been converted."""

from __future__ import annotations

import re

_LITERAL = re.compile(r"^\s*(-?\d+|'[^']*'|\"[^\"]*\"|True|False|None|)\s*$")
_NUMBERS = re.compile(
    r"^\s*(format_?(lang|amount|date|datetime|duration)|[\w.]*\.(strftime|format\(\s*['\"]%[\d.,]*[fd]))",
    re.I,
)
"""Expressions which format a number or a date."""
_CONVERTED = re.compile(
    r"^\s*(env\[['\"]ir\.qweb\.field\.(?!html|qweb)\w+['\"]\]\.(value|record)_to_html\(|translate_doc\(|"
    r"moment\(.*\)\.(format|fromNow|calendar)\(\s*('[^']*')?\s*\)\s*$)"
)
"""Converters of fields escape what they get; those of Html fields do not. Up to 12.0 ``translate_doc``
rendered another template."""
_WIDGET = re.compile(r"['\"]widget['\"]\s*:\s*['\"](?!html|qweb)\w")
_AMOUNT = re.compile(
    r"(?:(?<![A-Za-z])(?:debit|credit|balance|amount|(?:sub_?)?total|qty|quantity)|_cmp|\brange_\d)"
    r"['\"]?[\])]?(?:\[\w+\])?$"
)
"""What is called so at its end is a number, or one that has been formatted."""


def is_converted(expression: str, options: str) -> bool:
    """Whether the expression, or the widget of its ``t-options``, leaves nothing of a text as it was."""
    plain = _LITERAL.match(expression) or _NUMBERS.search(expression) or _CONVERTED.match(expression)
    return plain is not None or _WIDGET.search(options) is not None


def is_amount(expression: str) -> bool:
    """Whether it is called like an amount, which somebody may have formatted."""
    return _AMOUNT.search(expression.rstrip()) is not None
