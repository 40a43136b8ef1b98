"""Comments that accept findings in files where ``#`` (or ``;``) begins a comment."""

from __future__ import annotations

import re

from odoo_debt_lint.facts import SuppressionFact
from odoo_debt_lint.finding import Span
from odoo_debt_lint.source import Text
from odoo_debt_lint.suppress import LAST_LINE, own_markers

_COMMENT = re.compile(r"(?:^|(?<=\s))[#;].*odoo-debt-lint:.*$")


def suppressions_of(text: Text) -> tuple[SuppressionFact, ...]:
    """A comment behind something covers its line; one alone covers what follows, with all that is indented
    deeper: a service, a block, a value of several lines."""
    if "odoo-debt-lint:" not in text.text:
        return ()
    found = []
    for number, line in enumerate(text.lines, 1):
        match = _COMMENT.search(line)
        if match is None:
            continue
        span = Span(number, match.start(), number, len(line))
        for kind, rules, reason in own_markers(match[0]):
            if kind == "ignore-file":
                first, last = 1, LAST_LINE
            else:
                first, last = number, number if line[: match.start()].strip() else _end(text, number)
            found.append(SuppressionFact(span, first, last, rules, reason))
    return tuple(found)


def _end(text: Text, comment: int) -> int:
    """Last line of what follows a comment."""
    last, indent = comment, -1
    for number in range(comment + 1, len(text.lines) + 1):
        line = text.line(number)
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        here = len(line) - len(line.lstrip())
        if indent >= 0 and here <= indent:
            break
        indent = here if indent < 0 else indent
        last = number
    return last
