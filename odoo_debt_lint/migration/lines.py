"""Finds in JavaScript, line by line, what facts name. Comments count only for facts about comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from odoo_debt_lint.finding import Span
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.plan import Tables
from odoo_debt_lint.source import Text

_COMMENT = re.compile(r"\s*(//|\*|/\*)")
_OPENS = re.compile(r"\s*/\*(?!.*\*/)")
"""A comment of several lines."""
_SOURCES = re.compile(r"(^|/)static/(src|tests)/")
_LONGEST = 2000
"""Characters of a line which a person wrote; longer ones come out of a machine."""


def javascript_places(path: str, text: Text, tables: Tables) -> Iterator[Place]:
    """Hits of the patterns, each line for itself, or with those that hold the arguments of its last call."""
    compiled = [
        (wanted, re.compile(wanted.match.value))
        for wanted in tables.each("js")
        if wanted.match.needs in text.text and (wanted.match.within != "src" or _SOURCES.search(path))
    ]
    scripted = tables.scripted
    models = scripted if scripted is not None and scripted.search(text.text) else None
    if not (compiled or models) or any(len(line) > _LONGEST for line in text.lines):
        return
    inside = False
    for number, line in enumerate(text.lines, start=1):
        comment = inside or _COMMENT.match(line) is not None
        inside = "*/" not in line if inside else _OPENS.match(line) is not None
        whole = line if not line.rstrip().endswith("(") else " ".join(text.lines[number - 1 : number + 2])
        for wanted, pattern in compiled:
            if comment and "@odoo-module" not in wanted.match.value:
                continue
            match = pattern.search(whole)
            if match and match.start() < len(line):
                end = min(match.end(), len(line))
                yield Place(wanted, text, None, Span(number, match.start(), number, end))
        for match in models.finditer(line) if models is not None and not comment else ():
            for wanted in tables.kind("model")[match[1]]:
                yield Place(wanted, text, None, Span(number, match.start(1), number, match.end(1)))
