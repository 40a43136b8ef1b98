"""The name of an addon whose folder does not tell it.

Odoo calls an addon by its folder. A repository that is one addon has the folder of its checkout, which
somebody called as they liked: what the addon's own files call it is its name then. Among other addons a
folder whose name is that of no addon (``shop.old``) is a copy that Odoo does not see, and keeps its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from odoo_debt_lint.core.addons import known_series, series_with

_DECLARED = re.compile(rb"<(?:record|template|menuitem|act_window|report)\s[^<>]*?\bid\s*=\s*[\"'](\w+)[\"']")
_MENTIONED = re.compile(rb"(?<=[\"'(,! ])([a-z]\w*)\.(\w+)(?=[\"'),:\s])")
_FEW = 3
_LARGEST = 2_000_000
_NO_NAMES = frozenset(b"self object record doc docs env model user parent line".split())


def name_of(folder: Path, manifest: str, files: Iterable[str], given: bool) -> str:
    """The folder's name, or the one by which its files mention records that they declare themselves.
    ``given``: the user has named this very folder."""
    if not (given and not folder.name.isidentifier()) and not (folder / ".git").exists():
        return folder.name
    texts = [_read(path) for path in files if path.endswith((".py", ".xml", ".csv"))]
    declared = {item for text in texts for item in _DECLARED.findall(text)}
    mentioned: dict[bytes, set[bytes]] = {}
    for text in texts if declared else ():
        for owner, item in _MENTIONED.findall(text):
            if item in declared:
                mentioned.setdefault(owner, set()).add(item)
    if folder.name.encode(errors="replace") in mentioned:
        return folder.name
    depends = _read(str(folder / manifest))
    counts = sorted((len(items), owner) for owner, items in mentioned.items() if _may_be(owner, depends))
    return counts[-1][1].decode() if counts and counts[-1][0] >= _FEW else folder.name


def _may_be(owner: bytes, manifest: bytes) -> bool:
    """Whether it is a name, and not that of an addon below, whose ids are often used again."""
    if owner in _NO_NAMES or re.search(rb"[\"']%s[\"']" % owner, manifest):
        return False
    return not (known_series() and series_with(owner.decode()))


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(_LARGEST)
    except OSError:
        return b""
