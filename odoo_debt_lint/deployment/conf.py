"""Reads odoo.conf as Odoo does: one ``[options]`` section, no interpolation, no comments behind values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar

from odoo_debt_lint.deployment.lines import Entry, File
from odoo_debt_lint.deployment.options import ALWAYS
from odoo_debt_lint.finding import Problem, Span
from odoo_debt_lint.rule import series_number

_SECTION = re.compile(r"\s*\[([^\]]+)\]")
_MISNAMED = re.compile(r"^[ \t]*\[[ \t]*(options?|odoo)[ \t]*\]", re.M | re.I)
_TELLING = frozenset("addons_path admin_passwd db_host db_user db_password dbfilter list_db data_dir".split())
_OPTION = re.compile(r"([^\s=:#;\[][^=:]*?)\s*[=:]\s*(.*?)\s*$")
_TEMPLATE = re.compile(r"\$\{|\$[A-Za-z_]|\{\{|\{%|<[A-Za-z_ -]+>|%\(|^\$\(|__[A-Z_]+__|^@")
FALSE = frozenset({"false", "0", "no", "off", "none", ""})
TRUE = frozenset({"true", "1", "yes", "on"})
_NO = frozenset({"False", "false", ""})
_SWITCHES_SINCE = 19.0
"""Since then Odoo knows which options are switches, and what else means on and off."""


@dataclass
class ConfFile(File):
    """An odoo.conf. ``elsewhere`` are options on the command line of a service, which win over the file.

    ``series`` is that of the instance as far as the files tell it. ``part``: Odoo reads other files of the
    folder as well (a ``conf.d``), or something joins this one with others: what is not here may be there.
    ``users`` are the compose files that mount it: what others mount is of another instance.
    """

    options: dict[str, Entry] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    elsewhere: frozenset[str] = frozenset()
    series: str = ""
    part: bool = False
    users: frozenset[str] = frozenset()
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
        """Whether a switch is off. Before 19.0 nothing but ``False`` is: Odoo keeps ``0`` as a text."""
        entry = self.get(name)
        if entry is None or entry.value is None:
            return False
        return entry.value in _NO if self._literal else entry.value.lower() in FALSE

    def is_true(self, name: str) -> bool:
        """Whether a switch is on: before 19.0 any text but ``False`` puts it there."""
        entry = self.get(name)
        if entry is None or entry.value is None:
            return False
        return entry.value not in _NO if self._literal else entry.value.lower() in TRUE

    @property
    def _literal(self) -> bool:
        return 0 < series_number(self.series) < _SWITCHES_SINCE

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
    return re.search(r"^[ \t]*\[options\]", text, re.M) is not None or is_misnamed(text)


def is_misnamed(text: str) -> bool:
    """Whether a text is an odoo.conf whose section has a wrong name: Odoo takes nothing from it."""
    names = _MISNAMED.findall(text)
    if len(names) != 1 or re.search(r"^[ \t]*\[options\]", text, re.M):
        return False
    known = {match[1].lower() for match in re.finditer(r"^[ \t]*(\w+)[ \t]*[=:]", text, re.M)} & _TELLING
    return len(known) > 1


def is_fragment(text: str) -> bool:
    """Whether a text has options of Odoo without their section: something joins it with another file."""
    if re.search(r"^[ \t]*\[|[{;][ \t]*$", text, re.M):
        return False
    lines = [line.strip() for line in text.splitlines() if line.strip() and line.lstrip()[0] not in "#;"]
    matches = [_OPTION.match(line) for line in lines]
    return all(matches) and any(match[1].strip().lower() in ALWAYS for match in matches if match is not None)


def read_conf(file: ConfFile) -> ConfFile:
    """Fills in the options; lines that are indented deeper than an option continue its value."""
    section, last, indent = "", "", 0
    wanted = _wrong_section(file) if is_misnamed(file.text.text) else "options"
    for number, line in enumerate(file.text.lines, 1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        match, depth = _SECTION.match(line), len(line) - len(line.lstrip())
        if match is None and depth > indent and last:
            _continue(file, last, stripped)
            continue
        indent = depth
        if match is not None:
            section, last = match[1].strip(), ""
        elif section == wanted:
            last = _option(file, number, line)
    return file


def _continue(file: ConfFile, name: str, text: str) -> None:
    entry = file.options[name]
    file.options[name] = Entry(name, None if entry.value is None else f"{entry.value}\n{text}", entry.span)


def _wrong_section(file: ConfFile) -> str:
    """The section that was meant, said to be wrong; its options are judged as if it were right."""
    for number, line in enumerate(file.text.lines, 1):
        match = _SECTION.match(line) if _MISNAMED.match(line) else None
        if match is not None:
            message = f"Odoo reads the section [options] alone: it takes nothing from [{match[1]}]"
            file.problems.append(Problem("syntax", file.path, message, number))
            return match[1].strip()
    return ""


def _option(file: ConfFile, number: int, line: str) -> str:
    match = _OPTION.match(line.strip())
    if match is None:
        file.problems.append(Problem("syntax", file.path, "no option: neither = nor : in the line", number))
        return ""
    name = match[1].strip().lower()
    if name in file.options:
        first = file.options[name].span.start_line
        message = f"the option {name} stands twice here, first in line {first}: Odoo does not start"
        file.problems.append(Problem("syntax", file.path, message, number))
    value = None if _TEMPLATE.search(match[2]) and not match[2].startswith("$pbkdf2") else match[2]
    file.options[name] = Entry(name, value, file.text.line_span(number))
    return name
