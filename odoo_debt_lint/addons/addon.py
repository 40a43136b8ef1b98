"""One addon's facts, and where its classes, views and records stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import msgspec

from odoo_debt_lint.addons import loc
from odoo_debt_lint.addons.lineage import Part, import_order
from odoo_debt_lint.facts import (
    FileResult,
    ManifestFact,
    RecordFact,
    ViewFact,
)


class PlacedView(msgspec.Struct, frozen=True, gc=False):
    """A view and where it stands."""

    addon: str
    path: str
    view: ViewFact


class PlacedRecord(msgspec.Struct, frozen=True, gc=False):
    """A record and where it stands."""

    addon: str
    path: str
    record: RecordFact


@dataclass
class AddonFacts:
    """Everything known of one addon. ``core`` addons are known by structure only.

    ``names`` are the paths inside the addon of all its files, ``touched`` is the time of the newest commit
    that touches it (0: not known), ``excluded`` are the paths of files that are read but not judged.
    """

    name: str
    path: str
    series: str
    manifest: ManifestFact
    files: list[FileResult] = field(default_factory=list)
    series_source: str = "manifest"
    core: bool = False
    names: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    touched: int = 0
    unreached: frozenset[str] = frozenset()
    parts: dict[str, list[Part]] = field(default_factory=dict)
    views: dict[str, PlacedView] = field(default_factory=dict)
    records: dict[str, list[PlacedRecord]] = field(default_factory=dict)

    def fill(self) -> None:
        """Builds the lookups from the files."""
        self._fill_parts()
        for result in self.files:
            if result.role in ("test", "migration"):
                continue
            if result.data is not None:
                for view in result.data.views:
                    self.views[view.xmlid] = PlacedView(self.name, result.path, view)
                for record in result.data.records:
                    placed = PlacedRecord(self.name, result.path, record)
                    if record.xmlid in self.records:
                        self.records[record.xmlid].append(placed)
                    else:
                        self.records[record.xmlid] = [placed]  # an empty list that grows takes more memory

    def _fill_parts(self) -> None:
        """The classes of each model in the order in which Odoo imports them."""
        read = {
            result.path: result.python
            for result in self.files
            if result.python is not None and result.role not in ("test", "migration")
        }
        order, self.unreached = import_order(self.path, self.name, read)
        for path in order:
            for klass in read[path].classes:
                if klass.is_model:
                    self.parts.setdefault(klass.model, []).append(Part(self.name, path, klass))

    @cached_property
    def by_model(self) -> dict[str, list[PlacedRecord]]:
        """The records of each model, in no order that matters."""
        table: dict[str, list[PlacedRecord]] = {}
        for items in self.records.values():
            for item in items:
                table.setdefault(item.record.model, []).append(item)
        return table

    @cached_property
    def transients(self) -> frozenset[str]:
        """The models that some class of the addon makes or extends as transient ones."""
        return frozenset(
            model
            for model, parts in self.parts.items()
            if any(part.klass.kind == "transient" for part in parts)
        )

    def classes(self, roles: Iterable[str] = ("code", "hook")) -> Iterator[Part]:
        """All classes of the addon's code, models or not."""
        for result in self.files:
            if result.python is not None and result.role in roles:
                for klass in result.python.classes:
                    yield Part(self.name, result.path, klass)

    def inside(self, path: str) -> str:
        """The path of one of the addon's files as it is inside the addon; one that is the root has none."""
        return path.removeprefix(f"{self.path}/")

    @property
    def counted(self) -> list[FileResult]:
        """The files that count as code: not what the user excludes or the manifest calls demo, nor its
        ``cloc_exclude``."""
        lists = (self.manifest.items(key) for key in ("demo", "demo_xml", "cloc_exclude"))
        left_out = loc.excluding(pattern for patterns in lists for pattern in patterns)
        return [
            result
            for result in self.files
            if result.path not in self.excluded and not left_out(self.inside(result.path))
        ]

    @property
    def loc(self) -> int:
        return sum(result.loc for result in self.counted)
