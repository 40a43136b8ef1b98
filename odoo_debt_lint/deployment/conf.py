"""Reads odoo.conf as Odoo does: one ``[options]`` section, no interpolation, no comments behind values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar

from odoo_debt_lint.deployment.lines import Entry, File
from odoo_debt_lint.deployment.options import ALWAYS
from odoo_debt_lint.finding import Problem, Span

_SECTION = re.compile(r"\s*\[([^\]]+)\]")
_OPTION = re.compile(r"([^\s=:#;\[][^=:]*?)\s*[=:]\s*(.*?)\s*$")
_TEMPLATE = re.compile(r"\$\{|\$[A-Za-z_]|\{\{|\{%|<[A-Za-z_ -]+>|%\(|^\$\(|__[A-Z_]+__|^@")
FALSE = frozenset({"false", "0", "no", "off", "none", ""})
TRUE = frozenset({"true", "1", "yes", "on"})


@dataclass
class ConfFile(File):
    """An odoo.conf. ``elsewhere`` are options on the command line of a service, which win over the file.

    ``series`` is that of the instance as far as the files tell it. ``part``: Odoo reads other files of the
    folder as well (a ``conf.d``), or something joins this one with others: what is not here may be there.
    """

    options: dict[str, Entry] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    elsewhere: frozenset[str] = frozenset()
    series: str = ""
    part: bool = False
    kind: ClassVar[str] = "odoo"

    def get(self, *names: str) -> Entry | None:
        """The option by the first of its names that is set."""
        return next((self.options[name] for name in names if name in self.options), None)

    def known(self, *names: str) -> bool:
        """Whether this file alone decides on the option: nothing overrides it and it is no template."""
        if self.elsewhere.intersection(names):
            return False
        entry = self.get(*names)
        return not self.part if entry is None else entry.value is not None

    def is_false(self, name: str) -> bool:
        entry = self.get(name)
        return entry is not None and entry.value is not None and entry.value.lower() in FALSE

    def is_true(self, name: str) -> bool:
        entry = self.get(name)
        return entry is not None and entry.value is not None and entry.value.lower() in TRUE

    def number(self, name: str, default: int | None = None) -> int | None:
        """The option's number, its default where it is not set, ``None`` where it is not known."""
        if not self.known(name):
            return None
        entry = self.get(name)
        if entry is None:
            return default
        try:
            return int(float(entry.value or ""))
        except (ValueError, OverflowError):
            return None

    def place(self, *names: str) -> Span:
        """Where an option is set, else the first line."""
        entry = self.get(*names)
        return entry.span if entry is not None else self.first


def is_conf(text: str) -> bool:
    """Whether a text is an odoo.conf, whatever its file is called."""
    return re.search(r"^[ \t]*\[options\]", text, re.M) is not None


def is_fragment(text: str) -> bool:
    """Whether a text has options of Odoo without their section: something joins it with another file."""
    if re.search(r"^[ \t]*\[|[{;][ \t]*$", text, re.M):
        return False
    lines = [line.strip() for line in text.splitlines() if line.strip() and line.lstrip()[0] not in "#;"]
    matches = [_OPTION.match(line) for line in lines]
    return all(matches) and any(match[1].strip().lower() in ALWAYS for match in matches if match is not None)


def read_conf(file: ConfFile) -> ConfFile:
    """Fills in the options; a later value wins, indented lines continue a value."""
    section, last = "", ""
    for number, line in enumerate(file.text.lines, 1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        match = _SECTION.match(line)
        if match is not None:
            section, last = match[1].strip(), ""
        elif line[0] in " \t" and last:
            entry = file.options[last]
            value = None if entry.value is None else f"{entry.value}\n{stripped}"
            file.options[last] = Entry(last, value, entry.span)
        elif section == "options":
            last = _option(file, number, line)
    return file


def _option(file: ConfFile, number: int, line: str) -> str:
    match = _OPTION.match(line.strip())
    if match is None:
        file.problems.append(Problem("syntax", file.path, "no option: neither = nor : in the line", number))
        return ""
    name = match[1].strip().lower()
    value = None if _TEMPLATE.search(match[2]) and not match[2].startswith("$pbkdf2") else match[2]
    file.options[name] = Entry(name, value, file.text.line_span(number))
    return name
