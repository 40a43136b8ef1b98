"""Reads shell scripts beside the addons: mostly those that make and restore backups."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar

from odoo_debt_lint.deployment.lines import File
from odoo_debt_lint.deployment.shell import Command, commands

_SHELL = re.compile(r"#!\s*\S*(?:\s+\S+)*?[/\s](?:ba|da|z|k|a)?sh\b")


@dataclass
class ScriptFile(File):
    """A shell script as its simple commands."""

    commands: list[Command] = field(default_factory=list)
    kind: ClassVar[str] = "script"


def is_script(path: str, text: str) -> bool:
    return path.endswith((".sh", ".bash")) or _SHELL.match(text[:200]) is not None


def read_script(file: ScriptFile) -> ScriptFile:
    file.commands = commands(file.text.text)
    return file
