"""What rules have said of an addon in an earlier run, and would say again.

Most changes of a Python file leave its interface as it is, and most rules look at no more of files which the
addon does not depend on (``OnAddon.bodies``, ``OnAddon.data``). Such a rule says the same of every addon for
which what it looks at is as it was. All else counts whole: manifests, the names of files, what Odoo has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple, TypeAlias

import msgspec

from odoo_debt_lint.cache import Cache
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.finding import Finding
from odoo_debt_lint.index import Index
from odoo_debt_lint.inventory.depth import Depth
from odoo_debt_lint.rule import Reach, Rule

_NAME = "said"
Sight: TypeAlias = "tuple[Reach, Reach]"
"""At whose bodies and at whose data files rules look."""
WHOLE: Sight = ("all", "all")
"""Of those who look at everything nothing is kept."""


class Said(msgspec.Struct, frozen=True, array_like=True):
    """What all rules of one sight say of an addon, and what was learned on the way; ``key`` is the digest of
    all they look at."""

    sight: Sight
    key: str
    findings: list[Finding]
    depth: Depth | None = None


Kept: TypeAlias = "Mapping[tuple[str, Sight], Said]"
"""By path of the addon and sight."""
_decode = msgspec.msgpack.Decoder(dict[str, list[Said]]).decode
_encode = msgspec.msgpack.Encoder().encode


class _Contents(NamedTuple):
    """The digests of all Python and of all other files of some addons."""

    python: str
    others: str


def digest_of(parts: Iterable[str]) -> str:
    """One digest of many texts."""
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def interfaces(results: Iterable[FileResult]) -> list[str]:
    """What every rule may look at in all files: the interfaces of Python, and templates of the browser, for
    one that changes another without saying whose it is counts everywhere."""
    return [
        f"{result.path}={result.role} {result.interface or result.digest} "
        + ",".join(sorted(problem.kind for problem in result.problems))
        for result in results
        if _is_python(result) or result.role == "static"
    ]


def _is_python(result: FileResult) -> bool:
    return result.path.endswith(".py")


def keys_of(
    index: Index, rules: Iterable[Rule], results: Collection[FileResult], base: str
) -> dict[tuple[str, Sight], str]:
    """Digests of what rules of each sight look at in each addon; ``base`` stands for what all of them do."""
    sights = sorted({rule.sight for rule in rules} - {WHOLE})
    every = _contents(results)
    own = {id(addon): _contents(addon.files) for addon in index.all}
    keys: dict[tuple[str, Sight], str] = {}
    for addon in index.all:
        below = (name for name in index.closure_of(addon)[0] if name in index.addons)
        near = {id(addon), *(id(index.addon(name, addon.series)) for name in below)} & own.keys()
        closure = _Contents(
            digest_of(sorted(own[item].python for item in near)),
            digest_of(sorted(own[item].others for item in near)),
        )
        digests = {"none": _Contents("", ""), "closure": closure, "all": every}
        for sight in sights:
            bodies, data = sight
            keys[addon.path, sight] = digest_of([base, digests[bodies].python, digests[data].others])
    return keys


def _contents(results: Iterable[FileResult]) -> _Contents:
    python: list[str] = []
    others: list[str] = []
    for result in results:
        (python if _is_python(result) else others).append(f"{result.path}={result.digest}")
    return _Contents(digest_of(python), digest_of(others))


def load(cache: Cache, keys: Mapping[tuple[str, Sight], str]) -> Kept:
    """What an earlier run has kept and still holds."""
    stored = cache.load_blob(_NAME)
    try:
        known = _decode(stored) if stored is not None else {}
    except (msgspec.MsgspecError, RecursionError):
        return {}
    every = {(path, said.sight): said for path, group in known.items() for said in group}
    return {place: said for place, said in every.items() if said.key == keys.get(place)}


def store(
    cache: Cache,
    keys: Mapping[tuple[str, Sight], str],
    rules: Iterable[Rule],
    findings: Mapping[str, list[Finding]],
    depths: Mapping[str, Depth],
) -> None:
    """Keeps what was said of each addon, by its path, for the next run."""
    sights = {rule.name: rule.sight for rule in rules}
    stored: dict[str, list[Said]] = {}
    for (path, sight), key in keys.items():
        said = [finding for finding in findings.get(path, ()) if sights.get(finding.rule) == sight]
        stored.setdefault(path, []).append(Said(sight, key, said, depths.get(path)))
    cache.store_blob(_NAME, _encode(stored))
