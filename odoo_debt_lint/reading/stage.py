"""Results of all files: from the cache where the content is known, else from the workers.

What is known of a file is kept twice: what every run needs (findings, problems, lines) by itself, and with it
the facts, for which nobody asks when no file has changed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from odoo_debt_lint.addons.found import Discovered, FoundFile
from odoo_debt_lint.cache import Cache, Entry, folder_of, run_key
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.facts.words import Words
from odoo_debt_lint.index import AddonFacts
from odoo_debt_lint.rule import Listener, OnAddon, Rule
from odoo_debt_lint.settings import Settings
from odoo_debt_lint.source import Unreadable, digest, read_bytes

if TYPE_CHECKING:
    from odoo_debt_lint.reading.worker import Worker

_JUDGING = ("odoo_debt_lint.migration.context", "manifestoo_core.core_addons")
"""What is imported when all addons are judged, besides the rules."""
Progress: TypeAlias = Callable[[int, int], None]
_BROKEN = (msgspec.MsgspecError, RecursionError)
_decode = msgspec.msgpack.Decoder(FileResult).decode
_encode = msgspec.msgpack.Encoder().encode


def content_of(real: str, unsaved: Mapping[str, bytes]) -> bytes:
    """Content of a file, or of an editor's buffer that stands in for it. Raises Unreadable."""
    return unsaved[real] if real in unsaved else read_bytes(real)


def _size(real: str) -> int:
    try:
        return os.stat(real).st_size
    except OSError:
        return 0


def _pack(addon: AddonFacts) -> str:
    """The name of an addon's pack: a folder that is renamed is another addon at the same place."""
    return f"{addon.path}\0{addon.name}"


def _joins(listener: Listener) -> bool:
    return isinstance(listener, OnAddon)


def _failed(result: FileResult) -> bool:
    """Whether the reader died or ran out of time: the next run may do better."""
    return any(problem.kind in ("timeout", "crash") for problem in result.problems)


def _decoded(content: bytes, file: FoundFile, known: str) -> FileResult | None:
    """A result from the cache, if it is one of this file in this role and of this content."""
    try:
        result = _decode(content)
    except _BROKEN:
        return None
    return result if (result.path, result.role, result.digest) == (file.path, file.role, known) else None


def _without_facts(result: FileResult) -> FileResult:
    return msgspec.structs.replace(result, manifest=None, python=None, data=None, marks=(), flows=None)


class Reading:
    """One pass over the files of all addons. ``results`` are by path, in the order of the paths."""

    def __init__(
        self,
        found: Discovered,
        addons: list[AddonFacts],
        rules: list[Rule],
        settings: Settings,
        unsaved: Mapping[str, bytes],
    ) -> None:
        self.places = list(zip(addons, found.addons, strict=True))
        self.rules, self.settings, self.unsaved = rules, settings, unsaved
        self.results: dict[str, FileResult] = {}
        self.cache: Cache | None = None
        if settings.cache:
            self.cache = Cache(folder_of(found.root, settings.cache_dir), run_key(self._names()))
        self._entries: dict[str, dict[str, Entry]] = {addon.path: {} for addon in addons}
        self._bare: dict[str, list[FoundFile]] = {addon.path: [] for addon in addons}
        """Files whose facts are still encoded, by addon."""
        self._lost: list[tuple[AddonFacts, FoundFile]] = []
        """Files whose facts turned out to be none."""
        self._words = Words()
        self._filled = False
        self._meanwhile: Callable[[], object] = lambda: None

    def run(self, progress: Progress, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Results of all files; those from the cache are without facts. ``meanwhile`` may be done while a
        worker reads."""
        self._meanwhile = meanwhile
        unknown = self._look_up()
        files = sum(len(place.files) for _, place in self.places)
        progress(files - len(unknown), files)
        self._read(unknown, progress)
        self.results = dict(sorted(self.results.items()))
        self._share_out()

    def fill(self) -> None:
        """Adds the facts that are still missing, and fills the addons with them."""
        if self._filled:
            return
        self._filled = True
        self._decode()
        self._read(self._lost, lambda done, total: None)
        self._share_out()
        for addon, _ in self.places:
            addon.fill()
        self._entries.clear()

    def _decode(self) -> None:
        """Decodes the facts that are known."""
        for addon, _ in self.places:
            entries = self._entries[addon.path]
            for file in self._bare[addon.path]:
                whole = _decoded(entries[file.path].whole, file, self.results[file.path].digest)
                if whole is None:
                    self._lost.append((addon, file))
                else:
                    self.results[file.path] = self._words.shared(whole)
            self._bare[addon.path] = []

    def _prepare(self) -> None:
        """What is done while a worker reads the few files that have changed: rules will have to judge all."""
        from odoo_debt_lint.catalogue import loaded

        if self.rules:
            self._decode()
            joining = [rule for rule in self.rules if any(map(_joins, rule.listeners))]
            loaded(rule for rule in joining if rule.sight[0] != "none")  # what others say is known most often
            for name in _JUDGING:
                import_module(name)
        self._meanwhile()

    def _share_out(self) -> None:
        for addon, place in self.places:
            addon.files = [self.results[file.path] for file in place.files]

    def _names(self) -> list[str]:
        """What the results depend on besides the files."""
        return [*(rule.name for rule in self.rules), f"{self.settings.from_series}>{self.settings.to}"]

    def _look_up(self) -> list[tuple[AddonFacts, FoundFile]]:
        """Takes the results of the files that are known, and gives the others."""
        unknown = []
        for addon, place in self.places:
            known = self.cache.load(_pack(addon), addon.series) if self.cache else {}
            others = [file for file in place.files if not self._recall(addon, file, known.get(file.path))]
            unknown += [(addon, file) for file in others]
            if self.cache and not others and len(known) != len(place.files):
                self._store(addon)  # some are gone
        return unknown

    def _recall(self, addon: AddonFacts, file: FoundFile, entry: Entry | None) -> bool:
        """Takes a result from the cache."""
        if entry is None:
            return False  # only what is known must be read here: the workers read the others
        try:
            content = content_of(file.real, self.unsaved)
        except Unreadable:
            return False
        result = _decoded(entry.bare, file, entry.digest) if entry.digest == digest(content) else None
        if result is None:
            return False
        self.results[file.path] = result
        self._entries[addon.path][file.path] = entry
        self._bare[addon.path].append(file)
        return True

    def _read(self, files: list[tuple[AddonFacts, FoundFile]], progress: Progress) -> None:
        """Has the workers read some files, and keeps what they say of an addon once that is complete."""
        if not files:
            return
        # where all is known nothing of this is imported
        from odoo_debt_lint.job import Job
        from odoo_debt_lint.reading.pool import run_jobs

        jobs = [
            Job(file.real, file.path, file.inside, file.role, addon.name, addon.series)
            for addon, file in files
        ]
        owner = {id(job): addon for job, (addon, _) in zip(jobs, files, strict=True)}
        left = Counter(addon.path for addon, _ in files)
        alone = [(job, 0) for job in jobs if job.real in self.unsaved]
        others = [(job, _size(job.real)) for job in jobs if job.real not in self.unsaved]
        for some, workers in ((alone, 1), (others, self.settings.jobs)):
            for job, encoded in run_jobs(
                self._worker, some, workers, lambda count: progress(count, 0), self._prepare
            ):
                addon = owner[id(job)]
                self._take(addon, job.path, encoded)
                left[addon.path] -= 1
                if not left[addon.path]:
                    self._store(addon)
        if self.cache is not None:
            self.cache.prune()

    def _worker(self) -> Worker:
        """What reads the files: to import it takes long, and where it works in another process, that does."""
        from odoo_debt_lint.migration.plan import Journey
        from odoo_debt_lint.reading.worker import Worker

        worker = Worker(self.rules, Journey(self.settings.from_series, self.settings.to))
        worker.unsaved = self.unsaved
        return worker

    def _take(self, addon: AddonFacts, path: str, encoded: bytes) -> None:
        """A result that a worker has sent."""
        result = self.results[path] = self._words.shared(_decode(encoded))
        if self.cache is not None and not _failed(result):
            bare = _encode(_without_facts(result))
            self._entries[addon.path][path] = Entry(result.digest, bare, encoded)

    def _store(self, addon: AddonFacts) -> None:
        """Keeps what is known of an addon; the digests are those of the contents which the workers saw."""
        if self.cache is None:
            return
        entries = self._entries[addon.path]
        self.cache.store(_pack(addon), addon.series, dict(sorted(entries.items())))
        waiting = {file.path for file in self._bare[addon.path]}
        self._entries[addon.path] = {path: item for path, item in entries.items() if path in waiting}
