"""The file of a core index: a zip with a header and one or two entries per addon, which are read when they
are first asked for (``core.entries``)."""

from __future__ import annotations

import io
import zipfile
import zlib
from functools import cached_property
from pathlib import Path

import msgspec

from odoo_debt_lint import __version__
from odoo_debt_lint.core.entries import CoreAddon, broken
from odoo_debt_lint.core.methods import Packed
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.facts import MethodFact
from odoo_debt_lint.index import AddonFacts

FORMAT = 1
HEADER = "index.json"
DICTIONARY = ".dictionary"
ORM = ".orm"
"""Entry of ``BaseModel``."""
METHODS = ".methods"
"""All methods; an index of an earlier release has none."""
_MAX_ENTRY = 100 << 20
"""Bytes of an unpacked entry: those of Odoo have less than a hundredth of it."""
_BROKEN = (OSError, EOFError, KeyError, ValueError, zlib.error, zipfile.BadZipFile, NotImplementedError)


class Header(msgspec.Struct, frozen=True):
    """What is known without reading an addon. ``models`` names the addons that bring a model into being."""

    format: int
    tool: str
    series: str
    source: str
    editions: tuple[str, ...]
    addons: dict[str, tuple[str, ...]]
    absent: tuple[str, ...] = ()
    models: dict[str, tuple[str, ...]] = {}


_header = msgspec.json.Decoder(Header).decode
_methods = msgspec.msgpack.Decoder(Packed).decode


class CoreIndex:
    """An index file of one series. Raises UsageError for a file that is none, is broken or outdated."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            # from memory: processes that are forked would share the place in the file
            self._archive = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
            if self._archive.getinfo(HEADER).file_size > _MAX_ENTRY:
                raise ValueError("its header is too large")
            text = self._archive.read(HEADER)
        except KeyError:
            raise UsageError(f"{path}: a zip file, but no index of odoo-debt-lint") from None
        except FileNotFoundError:
            raise UsageError(f"{path}: no such file") from None
        except _BROKEN as error:
            raise UsageError(f"{path}: no index of odoo-debt-lint, or a truncated one ({error})") from None
        self.header = self._checked(text)
        self._words = self._member(DICTIONARY)
        self.absent = frozenset(self.header.absent)
        self._addons: dict[str, CoreAddon] = {}

    def _checked(self, text: bytes) -> Header:
        try:
            known = msgspec.json.decode(text)
            version, tool = known["format"], known["tool"]
        except (msgspec.DecodeError, KeyError, TypeError):
            raise UsageError(f"{self.path}: a zip file, but no index of odoo-debt-lint") from None
        if version != FORMAT:
            raise UsageError(
                f"{self.path}: index of format {version} made by odoo-debt-lint {tool}; {__version__} reads "
                f"format {FORMAT}; make it again with: odoo-debt-lint index"
            )
        try:
            header = _header(text)
        except msgspec.MsgspecError as error:
            raise broken(self.path, error) from None
        lost = {DICTIONARY, *header.addons} - set(self._archive.namelist())
        if lost:
            raise broken(self.path, f"no entry for {min(lost)}")
        return header

    @property
    def series(self) -> str:
        return self.header.series

    @property
    def stamp(self) -> str:
        """What changes with the index's content, as far as its file tells."""
        try:
            status = self.path.stat()
        except OSError:
            return ""
        return f"{self.path}:{status.st_size}:{status.st_mtime_ns}"

    @property
    def holds_odoo(self) -> bool:
        """Whether it is of Odoo itself and not of some addons for it."""
        return "base" in self.header.addons

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.header.addons)

    def depends(self, name: str) -> tuple[str, ...] | None:
        return self.header.addons.get(name)

    def holding(self, text: str) -> tuple[str, ...]:
        wanted = text.encode("utf-8", "surrogatepass")
        return tuple(name for name in self.names if wanted in self._read(name))

    def definers(self, model: str) -> tuple[str, ...]:
        return self.header.models.get(model, ())

    @cached_property
    def methods(self) -> Packed | None:
        if METHODS not in self._archive.namelist():
            return None
        try:
            return _methods(self._member(METHODS))
        except msgspec.MsgspecError as error:
            raise broken(self.path, error) from None

    def addon(self, name: str) -> AddonFacts | None:
        if name not in self.header.addons:
            return None
        return self._addon(name)

    def _member(self, name: str) -> bytes:
        try:
            if self._archive.getinfo(name).file_size > _MAX_ENTRY:
                raise ValueError("too large")
            return self._archive.read(name)
        except _BROKEN as error:
            raise broken(self.path, f"{name}: {error}") from None

    def _read(self, name: str) -> bytes:
        unpacker = zlib.decompressobj(-15, self._words)
        try:
            content = unpacker.decompress(self._member(name), _MAX_ENTRY)
            if unpacker.unconsumed_tail:
                raise zlib.error("too large")
            return content + unpacker.flush()
        except zlib.error as error:
            raise broken(self.path, f"{name}: {error}") from None

    def _more(self, name: str) -> bytes:
        """An entry that an index may have; empty where it has none."""
        return self._read(name) if name in self._archive.NameToInfo else b""

    def _addon(self, name: str) -> CoreAddon:
        known = self._addons.get(name)
        if known is None:
            known = CoreAddon(name, self.series, self.path, self._read(name), self._more)
            self._addons[name] = known
        return known

    @cached_property
    def _orm(self) -> dict[str, MethodFact]:
        if ORM not in self._archive.namelist():
            return {}
        return {method.name: method for klass in self._addon(ORM)._classes for method in klass.methods}

    def orm_method(self, name: str) -> MethodFact | None:
        return self._orm.get(name)

    def forget(self) -> None:
        self._addons.clear()
