"""What rules have said of an addon in an earlier run, and would say again.

Most changes of a Python file leave its interface as it is. A rule that looks at no more of other files than
that (``OnAddon.bodies``) says the same of every addon whose own files, and those of what it depends on, are
as they were. All else that rules look at counts whole: manifests, data files, what Odoo has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec

from odoo_debt_lint.cache import Cache
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.finding import Finding
from odoo_debt_lint.index import AddonFacts, Index
from odoo_debt_lint.inventory.depth import Depth
from odoo_debt_lint.rule import Bodies, Rule

_NAME = "said"
LEVELS: tuple[Bodies, ...] = ("none", "closure")


class Said(msgspec.Struct, frozen=True, array_like=True):
    """What all rules of one kind say of an addon, and what was learned on the way; ``key`` is the digest of
    all they look at."""

    key: str
    findings: list[Finding]
    depth: Depth | None = None


Kept: TypeAlias = "Mapping[tuple[str, Bodies], Said]"
"""By path of the addon and kind of rules."""
_Stored: TypeAlias = "dict[str, dict[str, Said]]"
_decode = msgspec.msgpack.Decoder(dict[str, dict[str, Said]]).decode
_encode = msgspec.msgpack.Encoder().encode


def keys_of(index: Index, stamp: str) -> dict[tuple[str, Bodies], str]:
    """Digests of what each kind of rules looks at in each addon; ``stamp`` stands for what all of them do."""
    files: dict[int, str] = {}
    keys: dict[tuple[str, Bodies], str] = {}
    for addon in index.all:
        keys[addon.path, "none"] = stamp
        behind = (index.addon(name, addon.series) for name in index.closure_of(addon)[0])
        owners = [addon, *(item for item in behind if item is not None and not item.core)]
        digests = [files.setdefault(id(item), _files(item)) for item in owners]
        keys[addon.path, "closure"] = digest_of([stamp, *sorted(set(digests))])
    return keys


def digest_of(parts: Iterable[str]) -> str:
    """One digest of many texts."""
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def interfaces(results: Mapping[str, FileResult]) -> list[str]:
    """What is to be seen of each file from outside: of Python its interface, of others everything."""
    return [
        f"{path}={result.role} {result.interface or result.digest} "
        + ",".join(sorted(problem.kind for problem in result.problems))
        for path, result in sorted(results.items())
    ]


def _files(addon: AddonFacts) -> str:
    return digest_of(f"{result.path}={result.digest}" for result in addon.files)


def load(cache: Cache, keys: Mapping[tuple[str, Bodies], str]) -> Kept:
    """What an earlier run has kept and still holds."""
    stored = cache.load_blob(_NAME)
    try:
        known = _decode(stored) if stored is not None else {}
    except (msgspec.MsgspecError, RecursionError):
        return {}
    found = {place: known.get(place[0], {}).get(place[1]) for place in keys}
    return {place: said for place, said in found.items() if said is not None and said.key == keys[place]}


def store(
    cache: Cache,
    keys: Mapping[tuple[str, Bodies], str],
    rules: Iterable[Rule],
    findings: Mapping[str, list[Finding]],
    depths: Mapping[str, Depth],
) -> None:
    """Keeps what was said of each addon, by its path, for the next run."""
    kinds = {rule.name: rule.bodies for rule in rules}
    stored: _Stored = {}
    for (path, bodies), key in keys.items():
        said = [finding for finding in findings.get(path, ()) if kinds.get(finding.rule) == bodies]
        depth = depths.get(path) if bodies == "closure" else None
        stored.setdefault(path, {})[bodies] = Said(key, said, depth)
    cache.store_blob(_NAME, _encode(stored))
