"""Reads what runs by the clock: lines of a crontab, timers of systemd and the services that they start."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from odoo_debt_lint.deployment.lines import File
from odoo_debt_lint.deployment.shell import Command, commands
from odoo_debt_lint.finding import Span

_FIELD = r"(?:\*|[\d*/,\-]+|[A-Za-z]{3}(?:[-,][A-Za-z]{3})*)(?:/\d+)?"
_CRON = re.compile(rf"\s*(?:(@\w+)|({_FIELD}(?:\s+{_FIELD}){{4}}))\s+(\S.*)$")
_USER = re.compile(r"([a-z_][a-z0-9_-]*)\s+(?=[\S])")
_USERS = frozenset("root odoo openerp postgres ubuntu admin deploy backup www-data nobody".split())
_UNIT = re.compile(r"\s*([A-Za-z]+)\s*=\s*(.*?)\s*$")
_STARTS = ("ExecStart", "ExecStartPre", "ExecStartPost")


@dataclass(frozen=True, slots=True)
class Job:
    """Something that runs at times or, as a service of systemd, when a timer says so."""

    when: str
    text: str
    commands: tuple[Command, ...]
    span: Span


@dataclass
class ScheduleFile(File):
    """A crontab, a timer or a service; ``timer`` says that the file only tells when its service runs."""

    jobs: list[Job] = field(default_factory=list)
    timer: bool = False
    kind: ClassVar[str] = "schedule"


def is_crontab(text: str) -> bool:
    """Whether some line says when to run something, and the file is no script."""
    return not text.startswith("#!") and any(
        _CRON.match(line) for line in text.splitlines() if not line.lstrip().startswith("#")
    )


def is_unit(path: str, text: str) -> bool:
    """Whether a file is a timer or service of systemd."""
    return (
        path.endswith((".timer", ".service"))
        and re.search(r"^[ \t]*\[(Unit|Timer|Service)\]", text, re.M) is not None
    )


def read_crontab(file: ScheduleFile) -> ScheduleFile:
    """Fills in the jobs; the files of ``cron.d`` name a user before the command, others maybe."""
    system = "cron.d/" in file.path
    for number, line in enumerate(file.text.lines, 1):
        match = None if line.lstrip().startswith("#") else _CRON.match(line)
        if match is None:
            continue
        text = match[3]
        user = _USER.match(text)
        if user is not None and (system or user[1] in _USERS):
            text = text[user.end() :]
        found = tuple(commands(text.replace("\\%", "%"), number))
        file.jobs.append(Job(match[1] or match[2], text, found, file.text.line_span(number)))
    return file


def read_unit(file: ScheduleFile) -> ScheduleFile:
    """Fills in the commands of a service, or when a timer goes off."""
    file.timer = file.path.endswith(".timer")
    for number, line in _joined(file.text.lines):
        match = None if line.lstrip()[:1] in "#;" and line.strip() else _UNIT.match(line)
        if match is None:
            continue
        span = file.text.line_span(number)
        if match[1] in ("OnCalendar", "OnUnitActiveSec", "OnBootSec"):
            file.jobs.append(Job(match[2], posixpath.basename(file.path), (), span))
        elif match[1] in _STARTS:
            text = match[2].lstrip("-@:+!")
            file.jobs.append(Job("", text, tuple(commands(text, number)), span))
    return file


def _joined(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Lines with those that continue them, and the number of the first."""
    parts: list[str] = []
    for number, line in enumerate(lines, 1):
        parts.append(line.removesuffix("\\"))
        if not line.endswith("\\"):
            yield number - len(parts) + 1, " ".join(parts)
            parts = []
