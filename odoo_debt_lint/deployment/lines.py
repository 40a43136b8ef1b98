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
    (
        "dev devel development local .devcontainer .vscode ci example examples sample samples doc docs "
        "archive .archive archived"
    ).split()
)
_ABOVE = _FOLDERS - {"local"}
_WORDS_ABOVE = frozenset("dev devel development devcontainer example examples sample samples".split())
"""What folders further up must be called: a ``demo-shop`` up there is a customer, ``usr/local`` a machine."""

_DOMAIN = re.compile(r"(?<![a-z0-9])example\.(com|org|net)(?![a-z0-9])", re.I)
"""A site is called like its host; of those domains the name says nothing of what the file is for."""
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
    """Whether a file says by its name or folders that no instance in production uses it."""
    path = _DOMAIN.sub("host", path)
    folder, name = posixpath.split(path)
    if re.search(r"(^|/)(jail|fail2ban)", path):
        name = name.removesuffix(".local")  # says to fail2ban that it wins over the .conf
    above, inside = posixpath.split(folder)
    words = _words(name)
    if "-" in inside or "_" in inside:
        words |= _words(inside)
    if words & _DEVELOPMENT or (inside in _FOLDERS and not folder.endswith("usr/local")):
        return True
    return bool(_OF_ODOO.search(path)) or any(
        part in _ABOVE or _words(part) & _WORDS_ABOVE for part in above.split("/") if part
    )


def _words(text: str) -> set[str]:
    return set(re.split(r"[^a-z0-9]+", text.lower()))
