"""Reads ``.env`` files as docker compose does, as far as single lines go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar

from odoo_debt_lint.deployment.lines import Entry, File

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*(.*)$")
_QUOTED = re.compile(r"(['\"])(.*?)\1\s*(?:#.*)?$")


@dataclass
class EnvFile(File):
    """A ``.env``. ``tracked`` and ``ignored`` say what git makes of it; ``None``: git does not tell."""

    entries: dict[str, Entry] = field(default_factory=dict)
    tracked: bool | None = None
    ignored: bool = False
    kind: ClassVar[str] = "env"


def read_env(file: EnvFile) -> EnvFile:
    """Fills in the entries; values that refer to other variables are not known."""
    for number, line in enumerate(file.text.lines, 1):
        match = _LINE.match(line)
        if match is None or line.lstrip().startswith("#"):
            continue
        raw = match[2]
        quoted = _QUOTED.match(raw)
        value: str | None = quoted[2] if quoted else re.sub(r"(^|\s)#.*$", "", raw).strip()
        if value is not None and "$" in value and not (quoted and quoted[1] == "'"):
            value = None
        file.entries[match[1]] = Entry(match[1], value, file.text.line_span(number))
    return file
