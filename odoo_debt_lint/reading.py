"""Results of all files: from the cache where the content is known, else from the workers."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TypeAlias

import msgspec

from odoo_debt_lint.cache import Cache, Entry, folder_of, run_key
from odoo_debt_lint.discovery import Discovered, FoundFile
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.index import AddonFacts
from odoo_debt_lint.rule import Rule
from odoo_debt_lint.settings import Settings
from odoo_debt_lint.source import Unreadable, digest, read_bytes

Progress: TypeAlias = Callable[[int, int], None]
_decode = msgspec.msgpack.Decoder(FileResult).decode


def content_of(real: str, unsaved: Mapping[str, bytes]) -> bytes:
    """Content of a file, or of an editor's buffer that stands in for it. Raises Unreadable."""
    return unsaved[real] if real in unsaved else read_bytes(real)


def _known_content(file: FoundFile, unsaved: Mapping[str, bytes]) -> bytes | None:
    try:
        return content_of(file.real, unsaved)
    except Unreadable:
        return None


def _size(file: FoundFile) -> int:
    try:
        return os.stat(file.real).st_size
    except OSError:
        return 0


def _pack(addon: AddonFacts) -> str:
    """The name of an addon's pack: a folder that is renamed is another addon at the same place."""
    return f"{addon.path}\0{addon.name}"


def _failed(result: FileResult) -> bool:
    """Whether the reader died or ran out of time: the next run may do better."""
    return any(problem.kind in ("timeout", "crash") for problem in result.problems)


class Reading:
    """One pass over the files of all addons."""

    def __init__(self, found: Discovered, addons: list[AddonFacts], settings: Settings) -> None:
        self.places = list(zip(addons, found.addons, strict=True))
        self.settings = settings
        self.root = found.root
        self.encoded: dict[str, bytes] = {}
        self.results: dict[str, FileResult] = {}
        self.files = 0
        self.kept = False
        self.unknown: list[tuple[AddonFacts, FoundFile]] = []
        self.stale: set[str] = set()

    def run(
        self, rules: list[Rule], progress: Progress, unsaved: Mapping[str, bytes]
    ) -> dict[str, FileResult]:
        """Results by path, in order of the paths."""
        cache = None
        if self.settings.cache:
            folder = folder_of(self.root, self.settings.cache_dir)
            cache = Cache(folder, run_key(self._names(rules)))
        self.kept = cache is not None
        self._look_up(cache, unsaved)
        progress(self.files - len(self.unknown), self.files)
        if self.unknown:
            self._read(rules, progress, unsaved)
        results = dict(sorted(self.results.items()))
        if cache is not None and self.stale:
            self._store(cache, results)
        return results

    def _read(self, rules: list[Rule], progress: Progress, unsaved: Mapping[str, bytes]) -> None:
        """Has the workers read what is not known."""
        # where all is known nothing of this is imported
        from odoo_debt_lint.migration.plan import Journey
        from odoo_debt_lint.pool import run_jobs
        from odoo_debt_lint.worker import Job, Worker

        worker = Worker(rules, Journey(self.settings.from_series, self.settings.to))
        worker.unsaved = unsaved
        every = [
            (Job(file.real, file.path, file.inside, file.role, addon.name, addon.series), _size(file))
            for addon, file in self.unknown
        ]
        alone = [item for item in every if item[0].real in unsaved]
        others = [item for item in every if item[0].real not in unsaved]
        for jobs, workers in ((alone, 1), (others, self.settings.jobs)):
            for job, result in run_jobs(worker, jobs, workers, lambda count: progress(count, 0)):
                if self.kept:
                    self.encoded[job.path] = result
                self.results[job.path] = _decode(result)

    def _names(self, rules: list[Rule]) -> list[str]:
        """What the results depend on besides the files."""
        return [*(rule.name for rule in rules), f"{self.settings.from_series}>{self.settings.to}"]

    def _look_up(self, cache: Cache | None, unsaved: Mapping[str, bytes]) -> None:
        """Takes the results of the files that are known."""
        for addon, place in self.places:
            known = cache.load(_pack(addon), addon.series) if cache else {}
            for file in place.files:
                entry = known.get(file.path)
                # only what is known must be read here: the workers read the others
                content = _known_content(file, unsaved) if entry is not None else None
                self.files += 1
                if entry is not None and content is not None and entry.digest == digest(content):
                    if self._recall(file, entry):
                        continue
                self.unknown.append((addon, file))
                self.stale.add(addon.path)
            if len(known) != len(place.files):
                self.stale.add(addon.path)

    def _recall(self, file: FoundFile, entry: Entry) -> bool:
        """Takes a result from the cache, if it is one of this file in this role."""
        try:
            result = _decode(entry.result)
        except msgspec.MsgspecError:
            return False
        if (result.path, result.role, result.digest) != (file.path, file.role, entry.digest):
            return False
        self.encoded[file.path], self.results[file.path] = entry.result, result
        return True

    def _store(self, cache: Cache, results: Mapping[str, FileResult]) -> None:
        """Keeps what was read; the digest is that of the content which the worker saw."""
        for addon, place in self.places:
            if addon.path in self.stale:
                paths = [file.path for file in place.files if not _failed(results[file.path])]
                entries = {path: Entry(results[path].digest, self.encoded[path]) for path in paths}
                cache.store(_pack(addon), addon.series, entries)
        cache.prune()
