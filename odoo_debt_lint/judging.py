"""What the rules say that need to know more than one file, remembered for a run in which nothing changed."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from odoo_debt_lint.cache import Cache, folder_of, run_key
from odoo_debt_lint.court import Court, Judged
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.finding import Finding
from odoo_debt_lint.index import Index
from odoo_debt_lint.rule import Rule
from odoo_debt_lint.settings import Settings

_DAY = 86400
_FEW_LINES = 60_000
"""Lines of Python which are judged sooner than processes have started."""


_decode = msgspec.msgpack.Decoder(Judged).decode
_encode = msgspec.msgpack.Encoder().encode


def judge(
    index: Index, results: Mapping[str, FileResult], rules: list[Rule], settings: Settings, root: Path
) -> Judged:
    """Runs the index rules over every addon, or finds what they said of the very same facts before."""
    key = _key(index, results, rules, settings) if settings.cache else ""
    if not key:
        return _judged(index, rules)
    cache = Cache(folder_of(root, settings.cache_dir), key)
    stored = cache.load_blob("judged")
    if stored is not None:
        try:
            return _decode(stored)
        except msgspec.MsgspecError:
            pass
    judged = _judged(index, rules)
    if not judged.problems:
        cache.store_blob("judged", _encode(judged))
    return judged


def superseded(local: Iterable[Finding], judged: list[Finding]) -> list[Finding]:
    """All findings; what a rule says when it knows all files replaces what it said of one file alone."""
    known = {(item.rule, item.location.path, item.location.span) for item in judged}
    kept = [item for item in local if (item.rule, item.location.path, item.location.span) not in known]
    return kept + judged


def _key(index: Index, results: Mapping[str, FileResult], rules: Iterable[Rule], settings: Settings) -> str:
    """Digest of all that index rules look at; empty when some of it has no stamp."""
    stamps = [getattr(core, "stamp", "") for _, core in sorted(index.cores.items())]
    if not all(stamps):
        return ""
    parts = [run_key(rule.name for rule in rules), repr(settings), str(int(time.time() // _DAY)), *stamps]
    for addon in sorted(index.all, key=lambda item: item.path):
        manifest = msgspec.msgpack.encode(addon.manifest)
        parts += [addon.path, addon.series, str(addon.touched), hashlib.blake2b(manifest).hexdigest()]
        parts += sorted(addon.names)
    parts += [f"{path}={result.digest}" for path, result in sorted(results.items())]
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _judged(index: Index, rules: list[Rule]) -> Judged:
    return Court(index, rules).judged(_processes(index))


def _processes(index: Index) -> int:
    """How many processes are worth their start."""
    lines = sum(result.lines for addon in index.all for result in addon.files)
    if lines < _FEW_LINES or "fork" not in multiprocessing.get_all_start_methods():
        return 1
    return index.settings.jobs or os.cpu_count() or 1
