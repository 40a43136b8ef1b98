"""Remembers what was found in a file of given content, so that a second run reads only what changed.

One pack per addon holds the encoded results by path, each with the digest of the content it was made
from. The key of a pack covers everything else that matters: versions, rules, series. Entries are data
(msgpack, decoded with type checks): a foreign or broken pack is ignored and never executed.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

import msgspec

from odoo_debt_lint import __version__

FOLDER = ".odoo-debt-lint-cache"
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of odoo-debt-lint.\n"
_MAX_PACKS = 2000


def folder_of(root: Path, configured: str) -> Path:
    """The cache folder of a project: the configured one, or one of our own in its root."""
    return Path(configured) if configured else root / FOLDER


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """The encoded ``FileResult`` of a path, valid for one content digest."""

    digest: str
    result: bytes


_decoder = msgspec.msgpack.Decoder(dict[str, Entry])
_encoder = msgspec.msgpack.Encoder()


def run_key(rules: Iterable[str]) -> str:
    """Digest of all that changes results without changing files."""
    parts = [__version__, sys.version, *sorted(rules)]
    parts += [f"{name}={version(name)}" for name in ("libcst", "lxml", "msgspec")]
    parts.append(_own_code())
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _own_code() -> str:
    """Sizes and times of the tool's own modules: a changed rule in a development checkout counts at once."""
    here = Path(__file__).parent
    stamps = []
    for folder, folders, names in os.walk(here):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            if name.endswith((".py", ".yaml", ".zip")):
                status = os.stat(os.path.join(folder, name))
                stamps.append(f"{name}:{status.st_size}:{status.st_mtime_ns}")
    return "|".join(stamps)


class Cache:
    """Packs in a folder. Every failure to read or write means: not cached."""

    def __init__(self, folder: Path, key: str) -> None:
        self.folder, self.key = folder, key

    def _pack(self, addon: str, series: str) -> Path:
        name = hashlib.blake2b(f"{self.key}\0{addon}\0{series}".encode(), digest_size=16).hexdigest()
        return self.folder / f"{name}.pack"

    def load(self, addon: str, series: str) -> Mapping[str, Entry]:
        """Entries of an addon (by its path) by file path."""
        try:
            return _decoder.decode(self._pack(addon, series).read_bytes())
        except (OSError, msgspec.DecodeError, msgspec.ValidationError, RecursionError):
            return {}

    def store(self, addon: str, series: str, entries: Mapping[str, Entry]) -> None:
        """Replaces the pack of an addon in one step; parallel runs may each do so."""
        self._replace(self._pack(addon, series), _encoder.encode(dict(entries)))

    def _replace(self, target: Path, content: bytes) -> None:
        """A new file in one step, or none."""
        try:
            self._prepare()
            handle, name = tempfile.mkstemp(dir=self.folder, suffix=".tmp")
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(content)
                os.replace(name, target)
            except BaseException:
                os.unlink(name)
                raise
        except OSError:
            return

    def load_blob(self, name: str) -> bytes | None:
        """What was stored under a name for this very key."""
        try:
            return self._pack(name, "").read_bytes()
        except OSError:
            return None

    def store_blob(self, name: str, content: bytes) -> None:
        """Keeps bytes under a name for this key."""
        self._replace(self._pack(name, ""), content)

    def _prepare(self) -> None:
        if self.folder.is_dir():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "CACHEDIR.TAG").write_text(_TAG)
        (self.folder / ".gitignore").write_text("*\n")

    def prune(self) -> None:
        """Keeps the folder bounded: the oldest packs go first."""
        try:
            packs = sorted(self.folder.glob("*.pack"), key=lambda path: path.stat().st_mtime, reverse=True)
            for old in packs[_MAX_PACKS:]:
                old.unlink()
        except OSError:
            return
