"""What all readers share: a value with its place, and what a file's name says of it."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import ClassVar

from odoo_debt_lint.finding import FIRST_LINE, Span
from odoo_debt_lint.source import Text

_DEVELOPMENT = frozenset(
    (
        "dev devel develop development local test tests testing ci debug vscode devcontainer example sample "
        "template dist demo bak old orig"
    ).split()
)
_FOLDERS = frozenset(
    {
        "dev",
        "devel",
        "development",
        "local",
        ".devcontainer",
        ".vscode",
        "ci",
        "example",
        "examples",
        "doc",
        "docs",
    }
)
_OF_ODOO = re.compile(r"(^|/)(debian|posbox|iot_box_image|win32)/")
"""Folders of Odoo's own sources with files that no instance uses as they are."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A name with its value at a place; ``value`` is ``None`` where the file does not tell it."""

    name: str
    value: str | None
    span: Span


@dataclass
class File:
    """What every deployment file has. ``path`` is relative to the root, ``real`` absolute."""

    path: str
    real: str
    text: Text
    kind: ClassVar[str] = ""

    @property
    def first(self) -> Span:
        return FIRST_LINE

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)


def for_development(path: str) -> bool:
    """Whether a file says by its name or folder that no instance in production uses it."""
    folder, name = posixpath.split(path)
    if re.search(r"(^|/)(jail|fail2ban)", path):
        name = name.removesuffix(".local")  # says to fail2ban that it wins over the .conf
    inside = posixpath.basename(folder)
    words = set(re.split(r"[^a-z0-9]+", name.lower()))
    if "-" in inside or "_" in inside:
        words.update(re.split(r"[^a-z0-9]+", inside.lower().replace("_", "-")))
    return bool(words & _DEVELOPMENT) or inside in _FOLDERS or bool(_OF_ODOO.search(path))
