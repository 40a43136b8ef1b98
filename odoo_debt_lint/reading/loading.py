"""The addons of a run before their files are read: manifests, series, ages, and the Odoo behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from odoo_debt_lint.addons.found import Discovered, FoundAddon
from odoo_debt_lint.addons.git import histories
from odoo_debt_lint.addons.manifest import read_manifest, series_of
from odoo_debt_lint.cache import folder_of
from odoo_debt_lint.core.choose import Choice, config_paths, configs_beside, unjudged
from odoo_debt_lint.core.locate import series_around
from odoo_debt_lint.facts import ManifestFact
from odoo_debt_lint.finding import Problem
from odoo_debt_lint.index import AddonFacts, Core, Index
from odoo_debt_lint.reading.stage import content_of
from odoo_debt_lint.registry import handlers
from odoo_debt_lint.rule import Rule
from odoo_debt_lint.settings import Settings
from odoo_debt_lint.source import Unreadable, decode_python


def load_addons(found: Discovered, settings: Settings, unsaved: Mapping[str, bytes]) -> list[AddonFacts]:
    """The addons with their manifests and series; everything else comes from the workers."""
    addons = [_addon(found, place, settings, unsaved) for place in found.addons]
    _odoo_series(found.root, addons)
    _infer_series(addons)
    return addons


def _addon(
    found: Discovered, place: FoundAddon, settings: Settings, unsaved: Mapping[str, bytes]
) -> AddonFacts:
    try:
        text = decode_python(_manifest_bytes(found, place, unsaved))
        manifest = read_manifest(place.manifest, text)
    except Unreadable as error:
        manifest = ManifestFact(place.manifest, problem=error.message)
    series = series_of(manifest.version)
    source = "manifest"
    if not series and settings.series:
        series, source = settings.series, "option"
    excluded = frozenset(file.path for file in place.files if file.excluded)
    return AddonFacts(
        place.name, place.path, series, manifest, series_source=source, names=place.names, excluded=excluded
    )


def _manifest_bytes(found: Discovered, place: FoundAddon, unsaved: Mapping[str, bytes]) -> bytes:
    real = found.root / place.manifest
    if real.is_symlink() and not real.resolve().is_relative_to(found.root):
        raise Unreadable("unreadable", "link leads out of the tree, not followed")
    return content_of(str(real), unsaved)


def _odoo_series(root: Path, addons: list[AddonFacts]) -> None:
    """Odoo's own addons have versions without a series: theirs is that of the tree in which they lie."""
    known: dict[str, str] = {}
    for addon in addons:
        folder = str(PurePosixPath(addon.path).parent)
        if addon.series or addon.path in ("", "."):
            continue
        if folder not in known:
            known[folder] = series_around(root / folder)
        if known[folder]:
            addon.series, addon.series_source = known[folder], "odoo/release.py"


def _infer_series(addons: list[AddonFacts]) -> None:
    """Addons whose version tells no series get the one most addons around them have: those of the same
    folder first, then of the folders above, because a set may hold repositories of several series."""
    around: dict[str, Counter[str]] = {}
    for addon in addons:
        if addon.series:
            for folder in PurePosixPath(addon.path).parents:
                around.setdefault(str(folder), Counter())[addon.series] += 1
    for addon in [addon for addon in addons if not addon.series]:
        folders = map(str, PurePosixPath(addon.path).parents)
        known = next((around[folder] for folder in folders if folder in around), None)
        if known is not None:
            addon.series = min(known, key=lambda series: (-known[series], -float(series)))
            addon.series_source = "inferred from the set"


def ask_git(found: Discovered, addons: list[AddonFacts], rules: list[Rule]) -> None:
    """When each addon was last changed, if a rule of the run wants to know."""
    if not any("history" in rule.tags for rule in rules):
        return
    history = histories(found.root, [addon.path for addon in addons])
    for addon in addons:
        addon.touched = history.times.get(addon.path, 0)
    if history.problem:
        found.notices.append(f"age of addons not judged: {history.problem}")


def manifest_problems(addons: list[AddonFacts]) -> list[Problem]:
    """Manifests that Odoo could not read either; a rule says so too, but it may not be selected."""
    return [
        Problem("manifest", addon.manifest.path, addon.manifest.problem, addon.manifest.problem_line)
        for addon in addons
        if addon.manifest.problem
    ]


def core_of(
    found: Discovered, addons: list[AddonFacts], rules: list[Rule], settings: Settings
) -> Mapping[str, Core]:
    """The indexes of Odoo by series, if a rule of the run joins facts; what they lack is said once."""
    if not handlers(rules).addons:
        return {}
    series = Counter(addon.series for addon in addons if addon.series)
    usual = max(series, key=lambda item: (series[item], item)) if series else settings.series
    choice = Choice(
        series, usual, folder_of(found.root, settings.cache_dir) if settings.cache else None, settings.jobs
    )
    if settings.odoo_path:
        choice.given(settings.odoo_path)
    else:
        configs = configs_beside(found.root, (Path(file.real) for file in found.deployment))
        own = frozenset(Path(found.root / addon.path).resolve() for addon in addons)
        choice.configured(config_paths(configs), own)
    cores = choice.cores()
    found.notices += [*choice.notices, *unjudged(Index(addons, cores))]
    return cores
