"""A setting of PostgreSQL or Redis with its place, and the units in which their sizes are given."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from odoo_debt_lint.deployment.lines import File
from odoo_debt_lint.finding import Location, Problem

TEMPLATE = re.compile(r"\{\{|\{%|\$\{|\$[A-Za-z_(]|<%|__[A-Z_]+__|\0")
"""Signs that a value is filled in later, so that the file does not tell it."""

_UNITS = {"": 1, "b": 1, "k": 10, "m": 20, "g": 30, "t": 40}
KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


@dataclass(frozen=True, slots=True)
class Setting:
    """``value`` is ``None`` where the files do not tell it."""

    name: str
    value: str | None
    where: Location

    @property
    def on(self) -> bool | None:
        """The value as a switch; ``None`` when it is none or not known."""
        value = (self.value or "").lower()
        if value in ("on", "true", "yes", "1", "tru", "t", "y", "ye"):
            return True
        return False if value in ("off", "false", "no", "0", "of", "f", "n", "fals") else None

    @property
    def number(self) -> int | None:
        try:
            return int(self.value or "")
        except ValueError:
            return None

    def size(self, unit: int = 1) -> int | None:
        """Bytes; ``unit`` is what a number without a unit counts."""
        match = re.fullmatch(r"(\d{1,18}(?:\.\d+)?)\s*([bkmgt]?)(i?b)?", (self.value or "").strip().lower())
        if match is None:
            return None
        number = float(match[1])
        if not match[2]:
            return int(number * (1 if match[3] else unit))
        return int(number) if match[2] == "b" else int(number * (1 << _UNITS[match[2]]))


@dataclass
class SettingsFile(File):
    """A file of settings with what it includes. ``complete``: no file beside it can set more.

    ``lines`` are those of this file alone, ``settings`` what is in force in the end. ``included`` says that
    another file of the run includes it, so that it is no configuration of its own, ``contained`` that it is
    that of a container, ``development`` of one for development alone.
    """

    settings: dict[str, Setting] = field(default_factory=dict)
    lines: list[Setting] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True
    included: bool = False
    contained: bool = False
    development: bool = False


def shown(size: float) -> str:
    """Bytes as a human reads them, in a unit that PostgreSQL and Redis take."""
    for unit, name in ((GIB, "GB"), (MIB, "MB")):
        if size >= unit:
            number = round(size / unit, 1)
            if number == int(number) or unit == MIB:
                return f"{round(number)} {name}"
            return f"{round(size / MIB)} MB"
    return f"{round(size / KIB)} kB"
