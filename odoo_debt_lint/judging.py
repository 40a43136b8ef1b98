"""What the rules say that need to know more than one file, remembered for a run in which nothing changed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from odoo_debt_lint.cache import Cache, folder_of, run_key
from odoo_debt_lint.discovery import UsageError
from odoo_debt_lint.dispatch import crash, failure, finding_of
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.finding import FIRST_LINE, Finding, Location, Problem
from odoo_debt_lint.index import Index, Scope
from odoo_debt_lint.migration.plan import Plan
from odoo_debt_lint.migration.stage import migration_findings, plan_of
from odoo_debt_lint.registry import handlers
from odoo_debt_lint.rule import Hit, Rule
from odoo_debt_lint.settings import Settings

_DAY = 86400


class Judged(msgspec.Struct, frozen=True, array_like=True):
    """Findings of all index rules, and the rules that crashed."""

    findings: list[Finding]
    problems: list[Problem]


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
    judged = Judged([], [])
    listeners = handlers(rules).addons
    plan = plan_of(rules, index)
    for addon in sorted(index.all, key=lambda item: (item.name, item.path)):
        scope = index.scope(addon)
        judged.findings.extend(_migration(scope, plan, judged))
        for rule, check in listeners:
            if not rule.holds_for(addon.series):
                continue
            try:
                judged.findings.extend(
                    finding_of(rule, hit, _place(hit, scope), addon.name) for hit in check(scope)
                )
            except UsageError:
                raise
            except Exception as error:
                judged.problems.append(crash(addon.path, rule, error))
    return judged


def _migration(scope: Scope, plan: Plan, judged: Judged) -> list[Finding]:
    """What facts of migration say of an addon; an error costs their findings only."""
    try:
        return list(migration_findings(scope, plan))
    except Exception as error:
        judged.problems.append(Problem("internal-error", scope.addon.path, failure("migration", error)))
        return []


def _place(hit: Hit, scope: Scope) -> Location:
    """Where an index rule reports: at a location, else at the top of the manifest."""
    return hit.where if isinstance(hit.where, Location) else Location(scope.addon.manifest.path, FIRST_LINE)
