"""Finds in JavaScript, line by line, what facts name. Comments count only for facts about comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from odoo_debt_lint.finding import Span
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.plan import Tables
from odoo_debt_lint.source import Text

_COMMENT = re.compile(r"\s*(//|\*|/\*)")
_LONGEST = 2000
"""Characters of a line which a person wrote; longer ones come out of a machine."""


def javascript_places(text: Text, tables: Tables) -> Iterator[Place]:
    """Hits of the patterns, each line for itself."""
    compiled = [
        (wanted, re.compile(wanted.match.value))
        for wanted in tables.each("js")
        if wanted.match.needs in text.text
    ]
    scripted = tables.scripted
    models = scripted if scripted is not None and scripted.search(text.text) else None
    if not (compiled or models) or any(len(line) > _LONGEST for line in text.lines):
        return
    for number, line in enumerate(text.lines, start=1):
        comment = _COMMENT.match(line)
        for wanted, pattern in compiled:
            if comment and "@odoo-module" not in wanted.match.value:
                continue
            match = pattern.search(line)
            if match:
                yield Place(wanted, text, None, Span(number, match.start(), number, match.end()))
        for match in models.finditer(line) if models is not None and not comment else ():
            for wanted in tables.kind("model")[match[1]]:
                yield Place(wanted, text, None, Span(number, match.start(1), number, match.end(1)))
