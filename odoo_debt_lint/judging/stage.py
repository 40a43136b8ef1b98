"""What can be said only of all files together, remembered for a run in which nothing has changed."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from odoo_debt_lint.cache import Cache, folder_of, run_key
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.finding import Finding
from odoo_debt_lint.index import Index
from odoo_debt_lint.judging import kept
from odoo_debt_lint.judging.court import Court, Judged
from odoo_debt_lint.reading.stage import Reading
from odoo_debt_lint.rule import OnAddon, Rule
from odoo_debt_lint.settings import Settings

if TYPE_CHECKING:
    from odoo_debt_lint.inventory.collect import Inventory
    from odoo_debt_lint.inventory.depth import Depth

_DAY = 86400
_FEW_LINES = 60_000
"""Lines of Python which are judged sooner than processes have started."""


_encode = msgspec.msgpack.Encoder().encode
_T = TypeVar("_T")


class Joined:
    """What follows from the facts of all files together."""

    def __init__(self, index: Index, reading: Reading, rules: list[Rule], root: Path) -> None:
        self.index, self.reading, self.rules = index, reading, rules
        settings = index.settings
        key = _key(index, reading.results, rules, settings) if settings.cache else ""
        self.cache = Cache(folder_of(root, settings.cache_dir), key) if key else None
        self._depths: dict[str, Depth] = {}

    def judged(self) -> Judged:
        """What the index rules say of every addon."""
        judged = self._remembered("judged", Judged, self._judged, lambda judged: not judged.problems)
        self._depths = judged.depths
        return judged

    def inventory(self) -> Inventory:
        """What is installed and by whom."""
        from odoo_debt_lint.inventory.collect import Inventory, inventory_of

        authors = self.index.settings.own_authors
        return self._remembered(
            "inventory", Inventory, lambda: inventory_of(self.index, authors, self._depths)
        )

    def _remembered(
        self,
        name: str,
        kind: type[_T],
        make: Callable[[], _T],
        lasts: Callable[[_T], bool] = lambda made: True,
    ) -> _T:
        """What was made of the very same facts before, else what is made now."""
        stored = self.cache.load_blob(name) if self.cache is not None else None
        if stored is not None:
            try:
                return msgspec.msgpack.decode(stored, type=kind)
            except (msgspec.MsgspecError, RecursionError):
                pass
        self.reading.fill()
        made = make()
        if self.cache is not None and lasts(made):
            self.cache.store_blob(name, _encode(made))
        return made

    def _judged(self) -> Judged:
        if self.cache is None:
            return judged_by(Court(self.index, self.rules), _processes(self.index, 1))
        same = [*(rule.name for rule in self.rules), *(addon.path for addon in self.index.all)]
        cache = Cache(self.cache.folder, run_key([*same, repr(self.index.settings)]))
        results = self.reading.results.values()
        base = kept.digest_of(_shared(self.index, kept.interfaces(results)))
        joining = [rule for rule in self.rules if any(isinstance(item, OnAddon) for item in rule.listeners)]
        keys = kept.keys_of(self.index, joining, results, base)
        known = kept.load(cache, keys)
        court = Court(self.index, self.rules, known)
        judged = judged_by(court, _processes(self.index, 1 - len(known) / max(len(keys), 1)))
        if not judged.problems:
            kept.store(cache, keys, joining, court.said, judged.depths)
        return judged


def judged_by(court: Court, processes: int) -> Judged:
    """What all rules say of all addons, worked out by one process or several."""
    if processes == 1:
        return court.judged()
    from odoo_debt_lint.judging import clerks  # and with it what starts processes

    return clerks.judged(court, processes)


def superseded(local: Iterable[Finding], judged: list[Finding]) -> list[Finding]:
    """All findings; what a rule says when it knows all files replaces what it said of one file alone."""
    known = {(item.rule, item.location.path, item.location.span) for item in judged}
    kept = [item for item in local if (item.rule, item.location.path, item.location.span) not in known]
    return kept + judged


def _key(index: Index, results: Mapping[str, FileResult], rules: Iterable[Rule], settings: Settings) -> str:
    """Digest of all that index rules look at; empty when some of it has no stamp."""
    if not all(getattr(core, "stamp", "") for core in index.cores.values()):
        return ""
    parts = [run_key(rule.name for rule in rules), repr(settings), *(str(item.touched) for item in index.all)]
    return kept.digest_of([*parts, *_shared(index, [f"{path}={results[path].digest}" for path in results])])


def _shared(index: Index, files: Iterable[str]) -> Iterator[str]:
    """What all rules look at: the day, Odoo, and every addon with its files as far as they matter."""
    yield str(int(time.time() // _DAY))
    yield from (getattr(core, "stamp", "") for _, core in sorted(index.cores.items()))
    for addon in sorted(index.all, key=lambda item: item.path):
        manifest = hashlib.blake2b(msgspec.msgpack.encode(addon.manifest)).hexdigest()
        yield from (addon.path, addon.name, addon.series, manifest, *sorted(addon.names))
    yield from files


def _processes(index: Index, share: float) -> int:
    """How many processes are worth their start, when only a share of all is to be judged."""
    lines = share * sum(result.lines for addon in index.all for result in addon.files)
    if lines < _FEW_LINES:
        return 1
    import multiprocessing  # a small run does not need it

    if "fork" not in multiprocessing.get_all_start_methods():
        return 1
    return index.settings.jobs or os.cpu_count() or 1
