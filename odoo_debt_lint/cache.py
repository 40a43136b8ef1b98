"""Remembers what was found in a file of given content, so that a second run reads only what changed.

One pack per addon holds the encoded results by path, each with the digest of the content it was made
from. The key of a pack covers everything else that matters: versions, rules, series. Entries are data
(msgpack, decoded with type checks) under a checksum made with that key: a foreign or broken pack is ignored
and never executed. Only a folder that is marked as ours is written to, and it stays below a size.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import msgspec

from odoo_debt_lint import __version__
from odoo_debt_lint.source import Unreadable, read_bytes

FOLDER = ".odoo-debt-lint-cache"
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of odoo-debt-lint.\n"
_MAX_PACKS, _MAX_BYTES = 2000, 500 << 20
_ABANDONED = 3600
"""Seconds after which a file that was never finished belongs to a run that was killed."""
_SUM = 16


def folder_of(root: Path, configured: str) -> Path:
    """The cache folder of a project: the configured one, or one of our own in its root."""
    return Path(configured) if configured else root / FOLDER


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """The encoded ``FileResult`` of a path, valid for one content digest; ``bare`` is without its facts."""

    digest: str
    bare: bytes
    whole: bytes


_decoder = msgspec.msgpack.Decoder(dict[str, Entry])
_encoder = msgspec.msgpack.Encoder()


def run_key(rules: Iterable[str]) -> str:
    """Digest of all that changes results without changing files."""
    parts = [__version__, sys.version, *sorted(rules)]
    parts += [f"{name}={version(name)}" for name in ("libcst", "lxml", "msgspec")]
    parts.append(_own_code())
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def version(package: str) -> str:
    """The version of an installed package, from the name of the folder beside it: to import what reads it in
    general takes longer than all else here."""
    spec = find_spec(package)
    folder = Path(spec.origin).parents[1] if spec is not None and spec.origin else Path()
    names = [name for name in os.listdir(folder) if name.startswith(f"{package}-")]
    infos = [name for name in names if name.endswith((".dist-info", ".egg-info"))]
    if len(infos) == 1:
        return infos[0]
    from importlib import metadata

    return metadata.version(package)


def _own_code() -> str:
    """Sizes and times of the tool's own modules: a changed rule in a development checkout counts at once."""
    here = Path(__file__).parent
    stamps = []
    for folder, folders, names in os.walk(here):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            if name.endswith((".py", ".yaml", ".json", ".zip")):
                status = os.stat(os.path.join(folder, name))
                stamps.append(f"{name}:{status.st_size}:{status.st_mtime_ns}")
    return "|".join(stamps)


def sealed(key: str, content: bytes) -> bytes:
    """Content under a checksum that is made with a key."""
    return _sum(key, content) + content


def unsealed(key: str, content: bytes) -> bytes | None:
    """What was sealed with this key, if it was and is whole."""
    return content[_SUM:] if content[:_SUM] == _sum(key, content[_SUM:]) else None


def _sum(key: str, content: bytes) -> bytes:
    return hashlib.blake2b(content, key=key.encode()[:64], digest_size=_SUM).digest()


def replace_file(target: Path, content: bytes, mode: int = 0o600) -> None:
    """A new file in one step. Raises OSError and leaves nothing behind where that cannot be."""
    name = target.with_name(f"{target.stem}-{os.urandom(8).hex()}.tmp")
    handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


class Cache:
    """Packs in a folder. Every failure to read or write means: not cached."""

    def __init__(self, folder: Path, key: str) -> None:
        self.folder, self.key = folder, key

    def _pack(self, addon: str, series: str) -> Path:
        name = hashlib.blake2b(f"{self.key}\0{addon}\0{series}".encode(), digest_size=16).hexdigest()
        return self.folder / f"{name}.pack"

    def load(self, addon: str, series: str) -> Mapping[str, Entry]:
        """Entries of an addon (by its path and name) by file path."""
        content = self._read(self._pack(addon, series))
        try:
            return _decoder.decode(content) if content is not None else {}
        except (msgspec.MsgspecError, RecursionError):
            return {}

    def store(self, addon: str, series: str, entries: Mapping[str, Entry]) -> None:
        """Replaces the pack of an addon in one step; parallel runs may each do so."""
        self._replace(self._pack(addon, series), _encoder.encode(dict(entries)))

    def load_blob(self, name: str) -> bytes | None:
        """What was stored under a name for this very key."""
        return self._read(self._pack(name, ""))

    def store_blob(self, name: str, content: bytes) -> None:
        """Keeps bytes under a name for this key."""
        self._replace(self._pack(name, ""), content)
        self.prune()

    def _read(self, pack: Path) -> bytes | None:
        """Content of a pack which was written whole, under this name, by a run like this one."""
        try:
            content = read_bytes(str(pack), _MAX_BYTES)
        except Unreadable:
            return None
        return unsealed(f"{self.key}{pack.stem}", content)

    def _replace(self, target: Path, content: bytes) -> None:
        """A new file in one step, or none."""
        try:
            prepare(self.folder)
            replace_file(target, sealed(f"{self.key}{target.stem}", content))
        except OSError:
            return

    def prune(self) -> None:
        """Keeps the folder bounded: the oldest packs go first, and what killed runs have left."""
        if not _is_ours(self.folder):
            return
        count = size = 0
        for path, status in sorted(_files(self.folder), key=lambda item: -item[1].st_mtime):
            if path.suffix == ".tmp":
                old = status.st_mtime < time.time() - _ABANDONED
            else:
                count, size = count + 1, size + status.st_size
                old = count > _MAX_PACKS or size > _MAX_BYTES
            if old:
                with suppress(OSError):
                    path.unlink()


def _files(folder: Path) -> list[tuple[Path, os.stat_result]]:
    found = []
    for path in (*folder.glob("*.pack"), *folder.glob("*.tmp")):
        with suppress(OSError):  # another run may clear up at the same time
            found.append((path, path.lstat()))
    return found


def _is_ours(folder: Path) -> bool:
    try:
        return (folder / "CACHEDIR.TAG").read_text("utf-8") == _TAG
    except (OSError, UnicodeDecodeError):
        return False


def prepare(folder: Path) -> None:
    """Makes the folder, marked as ours and kept out of git. Raises OSError where it may not be written: a
    folder with other things in it, or one of a linted tree that leads elsewhere."""
    if folder.name == FOLDER and folder.is_symlink():
        raise OSError(f"{folder} is a link")
    if _is_ours(folder):
        return
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise OSError(f"{folder} holds other files")
    (folder / ".gitignore").write_text("*\n", "utf-8")
    (folder / "CACHEDIR.TAG").write_text(_TAG, "utf-8")
