"""Writes the file of a core index (see ``core.store``, which reads it)."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from odoo_debt_lint.core.entries import CoreAddon
from odoo_debt_lint.core.methods import Methods
from odoo_debt_lint.core.store import DICTIONARY, HEADER, METHODS, Header
from odoo_debt_lint.facts import STATIC, ViewFact

_EPOCH = (1980, 1, 1, 0, 0, 0)


def write(
    path: Path,
    header: Header,
    entries: Mapping[str, bytes],
    templates: Mapping[str, Iterable[ViewFact]],
) -> None:
    """Writes an index; the same content always gives the same file. The browser's templates are entries of
    their own: few runs need them."""
    words = _dictionary(entries)
    more = {name + STATIC: msgspec.msgpack.encode(tuple(views)) for name, views in templates.items()}
    with zipfile.ZipFile(path, "w") as archive:
        _member(archive, HEADER, msgspec.json.encode(header), zipfile.ZIP_DEFLATED)
        _member(archive, DICTIONARY, words, zipfile.ZIP_DEFLATED)
        for name, content in (*sorted(entries.items()), *sorted(more.items())):
            packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, words)
            _member(archive, name, packer.compress(content) + packer.flush(), zipfile.ZIP_STORED)
        add_methods(archive, header, entries)


def add_methods(archive: zipfile.ZipFile, header: Header, entries: Mapping[str, bytes]) -> None:
    """The entry that says which models have a method of some name."""
    origin = Path(archive.filename or "")
    addons = (CoreAddon(name, header.series, origin, entries[name], lambda _: b"") for name in header.addons)
    content = msgspec.msgpack.encode(Methods().add(addons).packed())
    _member(archive, METHODS, content, zipfile.ZIP_DEFLATED)


def _member(archive: zipfile.ZipFile, name: str, content: bytes, method: int) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.external_attr = 0o644 << 16
    archive.writestr(info, content, method, 9)


def _dictionary(entries: Mapping[str, bytes]) -> bytes:
    """Typical pieces of entries: zlib finds in it what the small entries have in common."""
    middle = sorted((len(data), name) for name, data in entries.items() if 30_000 <= len(data) <= 150_000)
    chosen = [entries[middle[index * len(middle) // 8][1]] for index in range(8)] if middle else []
    return b"".join(data[200:2248] + data[-2048:] for data in chosen)
