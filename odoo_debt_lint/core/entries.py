"""An addon of a core index: how it is written and how it is read again.

An entry keeps classes, records and views apart, each decoded only when somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.facts import (
    STATIC,
    ClassFact,
    DataFacts,
    FileResult,
    ManifestFact,
    PythonFacts,
    RecordFact,
    ViewFact,
)
from odoo_debt_lint.index import AddonFacts, Part, PlacedRecord, PlacedView


class Plain(msgspec.Struct, frozen=True, array_like=True):
    """Records of which only the XML id counts; ids of the addon itself are without its name."""

    model: str
    noupdate: bool
    xmlids: tuple[str, ...]


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One addon; the three parts are encoded by themselves."""

    manifest: ManifestFact
    classes: bytes
    plain: bytes
    records: bytes
    views: bytes


_encode = msgspec.msgpack.Encoder().encode
_entry = msgspec.msgpack.Decoder(Entry).decode
_classes = msgspec.msgpack.Decoder(tuple[ClassFact, ...]).decode
_plain = msgspec.msgpack.Decoder(tuple[Plain, ...]).decode
_records = msgspec.msgpack.Decoder(tuple[RecordFact, ...]).decode
_views = msgspec.msgpack.Decoder(tuple[ViewFact, ...]).decode


def entry(
    manifest: ManifestFact,
    classes: Iterable[ClassFact] = (),
    plain: Iterable[Plain] = (),
    records: Iterable[RecordFact] = (),
    views: Iterable[ViewFact] = (),
) -> bytes:
    """An addon's entry, encoded."""
    parts = (tuple(classes), tuple(plain), tuple(records), tuple(views))
    return _encode(Entry(manifest, *(_encode(part) for part in parts)))


def broken(path: Path, why: object) -> UsageError:
    """What to say of an index that cannot be read."""
    return UsageError(f"{path}: the index is broken ({why}); make it again with: odoo-debt-lint index")


class CoreAddon(AddonFacts):
    """An addon of the core: what it holds is decoded part by part. It has no path and no places."""

    def __init__(
        self, name: str, series: str, origin: Path, content: bytes, more: Callable[[str], bytes]
    ) -> None:
        self.name, self._origin, self._more = name, origin, more
        entry: Entry = self._decoded(_entry, content)
        self._encoded = {part: getattr(entry, part) for part in ("classes", "plain", "records", "views")}
        super().__init__(name, "", series, entry.manifest, series_source="index", core=True)
        for lazy in ("files", "parts", "views", "records"):
            delattr(self, lazy)

    def _decoded(self, decode: Any, content: bytes) -> Any:
        try:
            return decode(content)
        except msgspec.MsgspecError as error:
            raise broken(self._origin, f"{self.name}: {error}") from None

    def _taken(self, part: str, decode: Any) -> Any:
        """What a part holds; its encoded text is let go of."""
        return self._decoded(decode, self._encoded.pop(part))

    @cached_property
    def _classes(self) -> tuple[ClassFact, ...]:
        found: tuple[ClassFact, ...] = self._taken("classes", _classes)
        return found

    @cached_property
    def parts(self) -> dict[str, list[Part]]:  # type: ignore[override]
        table: dict[str, list[Part]] = {}
        for klass in self._classes:
            if klass.is_model:
                table.setdefault(klass.model, []).append(Part(self.name, "", klass))
        return table

    @cached_property
    def views(self) -> dict[str, PlacedView]:  # type: ignore[override]
        views = self._taken("views", _views)
        return {view.xmlid: PlacedView(self.name, "", view) for view in views}

    @cached_property
    def templates(self) -> tuple[ViewFact, ...]:
        """The browser's templates."""
        content = self._more(self.name + STATIC)
        return tuple(self._decoded(_views, content)) if content else ()

    @cached_property
    def records(self) -> dict[str, list[PlacedRecord]]:  # type: ignore[override]
        table: dict[str, list[PlacedRecord]] = {}
        for record in self._records:
            table.setdefault(record.xmlid, []).append(PlacedRecord(self.name, "", record))
        return table

    @cached_property
    def _records(self) -> tuple[RecordFact, ...]:
        return (*self._taken("records", _records), *self._plain(self._taken("plain", _plain)))

    def _plain(self, groups: Iterable[Plain]) -> Iterator[RecordFact]:
        for group in groups:
            for xmlid in group.xmlids:
                full = xmlid if "." in xmlid else f"{self.name}.{xmlid}"
                yield RecordFact(full, group.model, noupdate=group.noupdate)

    @cached_property
    def files(self) -> list[FileResult]:  # type: ignore[override]
        views = tuple(placed.view for placed in self.views.values())
        data = DataFacts(self._records, views)
        return [FileResult("", "code", python=PythonFacts(classes=self._classes), data=data)]

    def classes(self, roles: Iterable[str] = ("code", "hook")) -> Iterator[Part]:
        return (Part(self.name, "", klass) for klass in self._classes)
