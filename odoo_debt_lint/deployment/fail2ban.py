"""Reads the jails of fail2ban: which of them are on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar

from odoo_debt_lint.deployment.lines import Entry, File

_SECTION = re.compile(r"\s*\[([^\]]+)\]\s*(?:[#;].*)?$")
_OPTION = re.compile(r"\s*([A-Za-z_][\w.]*)\s*[=:]\s*(.*?)\s*(?:\s[#;].*)?$")
_MARKS = frozenset("enabled maxretry bantime findtime logpath filter banaction ignoreip backend".split())


@dataclass
class JailFile(File):
    """A jail.local or a file of ``jail.d``: options by section, ``DEFAULT`` among them."""

    sections: dict[str, dict[str, Entry]] = field(default_factory=dict)
    kind: ClassVar[str] = "fail2ban"


def is_jail(text: str) -> bool:
    return bool(re.search(r"^[ \t]*\[[^\]\n]+\]", text, re.M)) and any(
        re.search(rf"^[ \t]*{name}[ \t]*[=:]", text, re.M) for name in _MARKS
    )


def read_jails(file: JailFile) -> JailFile:
    section = ""
    for number, line in enumerate(file.text.lines, 1):
        if not line.strip() or line.lstrip()[0] in "#;":
            continue
        found = _SECTION.match(line)
        option = _OPTION.match(line)
        if found is not None:
            section = found[1].strip()
            file.sections.setdefault(section, {})
        elif option is not None and section:
            name = option[1].lower()
            file.sections[section][name] = Entry(name, option[2], file.text.line_span(number))
    return file
