"""A view as an addon declares it, or as several make it together, and its arch as a tree."""

from __future__ import annotations

import re
import zlib
from collections import deque
from typing import Any

import msgspec
from lxml import etree

from odoo_debt_lint.facts import ViewFact

MAX_ARCH = 2_000_000
"""Characters of an arch; a larger one is none."""
MAX_KEPT = 1_000_000
"""Characters of all archs whose trees are kept."""

_MERGED = {"arch": "arch", "arch_db": "arch", "arch_base": "arch", "inherit_id": "inherit",
           "priority": "priority", "mode": "mode", "primary": "mode", "active": "active",
           "model": "model"}  # fmt: skip
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True,
    remove_pis=True,
)  # fmt: skip
"""One for all: a tree keeps its parser."""
_RECORD = re.compile(r"%\(([\w.-]+)\)[sd]")
_CLASSES = re.compile(r"hasclass\([^()]*\)")
_QUOTED = re.compile(r"'([^']*)'")


class Shelf:
    """The views whose archs were parsed last: a tree takes eight bytes for each character."""

    def __init__(self) -> None:
        self._views: deque[Entry] = deque()
        self._size = 0

    def keep(self, entry: Entry) -> None:
        """Puts a view there whose arch has been parsed; older ones may have to go."""
        self._views.append(entry)
        self._size += len(entry.view.arch)
        while self._size > MAX_KEPT and len(self._views) > 1:
            oldest = self._views.popleft()
            oldest.forget()
            self._size -= len(oldest.view.arch)


class Entry:
    """A view as one addon declares it, or as several make it together."""

    __slots__ = ("_shelf", "_tree", "addon", "home", "number", "path", "source", "view")

    def __init__(self, addon: str, home: int, path: str, view: ViewFact, number: int, shelf: Shelf) -> None:
        self.addon, self.home, self.path, self.view, self.number = addon, home, path, view, number
        self.source = addon
        self._shelf = shelf
        self._tree: Any = False

    @property
    def tree(self) -> Any:
        """The arch, not to be changed; None where there is none."""
        if self._tree is False:
            self._tree = parse(self.view, self.source)
            if self._tree is not None:
                self._shelf.keep(self)
        return self._tree

    def forget(self) -> None:
        """Lets go of the tree; who asks for it again gets another."""
        self._tree = False

    def altered(self, path: str, view: ViewFact) -> Entry:
        """The same view with other content, at its place in the order."""
        return Entry(self.addon, self.home, path, view, self.number, self._shelf)

    @property
    def primary(self) -> bool:
        """Whether a family of its own begins here."""
        return not self.view.inherit or self.view.mode == "primary"


def merged(first: Entry, second: Entry) -> Entry:
    """A view which a later record of the same id completes or overwrites. It keeps its place in the order."""
    old, new = first.view, second.view
    if old.record == "static":  # which of two templates of one name a page gets, its bundles tell
        return first.altered(first.path, msgspec.structs.replace(old, arch=""))
    given = {_MERGED[name] for name in new.given if name in _MERGED}
    if not new.given:
        given = {name for name in ("arch", "inherit", "mode", "model") if getattr(new, name)}
        given |= {"active"} if not new.active else set()
    if "arch" in given and not new.arch:
        given.discard("arch")
    changes: dict[str, Any] = {name: getattr(new, name) for name in given}
    if "arch" in given:
        changes.update(specs=new.specs, type=new.type, places=new.places, bare=new.bare)
    path = second.path if "arch" in given else first.path
    whole = first.altered(path, msgspec.structs.replace(old, **changes))
    whole.source = second.source if "arch" in given else first.source
    return whole


def _database_id(match: re.Match[str], addon: str) -> str:
    """A number that stands for a record: the same for each way to write its XML id."""
    name = match[1] if "." in match[1] else f"{addon}.{match[1]}"
    return str(zlib.crc32(name.encode()))


def _apart(match: re.Match[str]) -> str:
    """The browser's ``hasclass('a b')`` finds both classes, that of the server none of the name."""
    return _QUOTED.sub(lambda text: ",".join(f"'{name}'" for name in text[1].split()) or "''", match[0])


def parse(view: ViewFact, addon: str) -> Any:
    """The arch of a view as a tree; None for none. As Odoo does, a template gets its root, and
    ``%(record)d`` becomes a number. ``addon`` is the one that wrote the arch."""
    if not view.arch or len(view.arch) > MAX_ARCH:
        return None
    try:
        text = (
            _RECORD.sub(lambda match: _database_id(match, addon), view.arch)
            if "%(" in view.arch
            else view.arch
        )
        if view.record == "static" and "hasclass" in text:
            text = _CLASSES.sub(_apart, text)
        root = etree.fromstring(text, _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is not None and root.tag == "template":
        root.tag = "t"
        if "id" in root.attrib:
            del root.attrib["id"]
        root.set("t-name", view.xmlid)
    return root
