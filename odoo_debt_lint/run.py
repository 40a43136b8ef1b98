"""The pipeline, from paths to a report. Read it from top to bottom: no stage knows another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from odoo_debt_lint.cache import FOLDER, Cache, Entry, run_key
from odoo_debt_lint.core.choose import Choice, config_paths, configs_beside, unjudged
from odoo_debt_lint.debt import debt_of, merged, with_minutes
from odoo_debt_lint.discovery import Discovered, FoundAddon, FoundFile, UsageError, discover
from odoo_debt_lint.dispatch import crash, finding_of
from odoo_debt_lint.facts import FileResult, ManifestFact
from odoo_debt_lint.finding import FIRST_LINE, Finding, Location, Problem
from odoo_debt_lint.fingerprint import fingerprinted
from odoo_debt_lint.git import histories
from odoo_debt_lint.index import AddonFacts, Core, Index
from odoo_debt_lint.manifest import read_manifest, series_of
from odoo_debt_lint.pool import encode, run_jobs
from odoo_debt_lint.registry import handlers, selected
from odoo_debt_lint.report.model import AddonReport, Report, Sources
from odoo_debt_lint.rule import Rule
from odoo_debt_lint.select import select_findings
from odoo_debt_lint.settings import Settings
from odoo_debt_lint.source import Unreadable, decode, digest, read_bytes
from odoo_debt_lint.worker import Job, Worker

Progress = Callable[[int, int], None]
_decode = msgspec.msgpack.Decoder(FileResult).decode


def run(
    paths: Iterable[str],
    settings: Settings,
    progress: Progress = lambda done, total: None,
    unsaved: Mapping[str, bytes] | None = None,
) -> Report:
    """Lints the addons in ``paths``. Raises UsageError for input that makes no sense.

    ``unsaved`` is content by real path that stands in for that of the files (an editor's buffer).
    """
    unsaved = unsaved or {}
    rules = selected(settings.select, settings.ignore, settings.extend_select)
    found = discover(paths, excludes=settings.exclude, respect_gitignore=settings.respect_gitignore)
    if not found.addons and not found.deployment:
        raise UsageError("no addon found: no folder with a __manifest__.py in " + ", ".join(paths))
    addons = [_addon(found, addon, settings, unsaved) for addon in found.addons]
    _infer_series(addons, settings)
    results, problems = _read_files(found, addons, rules, settings, progress, unsaved)
    problems += _manifest_problems(addons)
    for addon, place in zip(addons, found.addons, strict=True):
        addon.files = [results[file.path] for file in place.files if file.path in results]
        addon.fill()
    _ask_git(found, addons, rules)
    index = Index(addons, _cores(found, addons, rules, settings), settings)
    findings = [finding for result in results.values() for finding in result.findings]
    findings += _index_findings(index, rules, problems)
    sources = Sources(found.root, unsaved)
    return _report(found, addons, results, findings, problems, rules, settings, sources)


def _addon(
    found: Discovered, place: FoundAddon, settings: Settings, unsaved: Mapping[str, bytes]
) -> AddonFacts:
    """The addon with its manifest read; everything else comes from the workers."""
    try:
        text = decode(_content(str(found.root / place.manifest), unsaved))
        manifest = read_manifest(place.manifest, text)
    except Unreadable as error:
        manifest = ManifestFact(place.manifest, problem=error.message)
    series = series_of(manifest.version)
    source = "manifest"
    if not series and settings.series:
        series, source = settings.series, "option"
    return AddonFacts(place.name, place.path, series, manifest, series_source=source, names=place.names)


def _cores(
    found: Discovered, addons: list[AddonFacts], rules: list[Rule], settings: Settings
) -> Mapping[str, Core]:
    """The indexes of Odoo by series, if a rule of the run joins facts; what they lack is said once."""
    if not handlers(rules).addons:
        return {}
    series = Counter(addon.series for addon in addons if addon.series)
    usual = max(series, key=lambda item: (series[item], item)) if series else settings.series
    choice = Choice(series, usual, _cache_folder(found, settings) if settings.cache else None, settings.jobs)
    if settings.odoo_path:
        choice.given(settings.odoo_path)
    else:
        configs = configs_beside(found.root, (Path(file.real) for file in found.deployment))
        own = frozenset(Path(found.root / addon.path).resolve() for addon in addons)
        choice.configured(config_paths(configs), own)
    cores = choice.cores()
    found.notices += [*choice.notices, *unjudged(Index(addons, cores))]
    return cores


def _cache_folder(found: Discovered, settings: Settings) -> Path:
    return Path(settings.cache_dir) if settings.cache_dir else found.root / FOLDER


def _ask_git(found: Discovered, addons: list[AddonFacts], rules: list[Rule]) -> None:
    """When each addon was last changed, if a rule of the run wants to know."""
    if not any("history" in rule.tags for rule in rules):
        return
    history = histories(found.root, [addon.path for addon in addons])
    for addon in addons:
        addon.touched = history.times.get(addon.path, 0)
    if history.problem:
        found.notices.append(f"age of addons not judged: {history.problem}")


def _manifest_problems(addons: list[AddonFacts]) -> list[Problem]:
    """Manifests that Odoo could not read either; a rule says so too, but it may not be selected."""
    return [
        Problem("manifest", addon.manifest.path, addon.manifest.problem, addon.manifest.problem_line)
        for addon in addons
        if addon.manifest.problem
    ]


def _infer_series(addons: list[AddonFacts], settings: Settings) -> None:
    """Addons whose version tells no series get the one most others have."""
    known = Counter(addon.series for addon in addons if addon.series)
    if not known:
        return
    usual = min(known, key=lambda series: (-known[series], -float(series)))
    for addon in addons:
        if not addon.series:
            addon.series, addon.series_source = usual, "inferred from the set"


def _read_files(
    found: Discovered,
    addons: list[AddonFacts],
    rules: list[Rule],
    settings: Settings,
    progress: Progress,
    unsaved: Mapping[str, bytes],
) -> tuple[dict[str, FileResult], list[Problem]]:
    """Results of all files by path, from the cache where the content is known."""
    cache = None
    if settings.cache:
        cache = Cache(_cache_folder(found, settings), run_key(rule.name for rule in rules))
    encoded: dict[str, Entry] = {}
    jobs: list[tuple[Job, int]] = []
    digests: dict[str, str] = {}
    stale: set[str] = set()
    for addon, place in zip(addons, found.addons, strict=True):
        known = cache.load(addon.path, addon.series) if cache else {}
        for file in place.files:
            content = _known_content(file, unsaved)
            digests[file.path] = digest(content) if content is not None else ""
            entry = known.get(file.path)
            if content is not None and entry is not None and entry.digest == digests[file.path]:
                encoded[file.path] = entry
            else:
                job = Job(file.real, file.path, file.inside, file.role, addon.name, addon.series)
                jobs.append((job, len(content or b"")))
                stale.add(addon.path)
        if len(known) != len(place.files):
            stale.add(addon.path)
    total = len(digests)
    done = total - len(jobs)
    progress(done, total)
    worker = Worker(rules)
    for job in [job for job, _ in jobs if job.real in unsaved]:
        encoded[job.path] = Entry(digests[job.path], encode(worker.run(job, unsaved[job.real])))
    jobs = [item for item in jobs if item[0].path not in encoded]
    for job, result in run_jobs(worker, jobs, settings.jobs, lambda count: progress(count, 0)):
        encoded[job.path] = Entry(digests[job.path], result)
    for addon, place in zip(addons, found.addons, strict=True):
        if cache and addon.path in stale:
            cache.store(addon.path, addon.series, {file.path: encoded[file.path] for file in place.files})
    if cache and stale:
        cache.prune()
    results = {path: _decode(entry.result) for path, entry in sorted(encoded.items())}
    return results, [problem for result in results.values() for problem in result.problems]


def _content(real: str, unsaved: Mapping[str, bytes]) -> bytes:
    return unsaved[real] if real in unsaved else read_bytes(real)


def _known_content(file: FoundFile, unsaved: Mapping[str, bytes]) -> bytes | None:
    try:
        return _content(file.real, unsaved)
    except Unreadable:
        return None


def _index_findings(index: Index, rules: list[Rule], problems: list[Problem]) -> list[Finding]:
    """What the rules say that need to know more than one file."""
    findings: list[Finding] = []
    for addon in sorted(index.all, key=lambda item: (item.name, item.path)):
        scope = index.scope(addon)
        for rule, check in handlers(rules).addons:
            if not rule.holds_for(scope.addon.series):
                continue
            try:
                for hit in check(scope):
                    where = hit.where
                    location = (
                        where
                        if isinstance(where, Location)
                        else Location(scope.addon.manifest.path, FIRST_LINE)
                    )
                    findings.append(finding_of(rule, hit, location, addon.name))
            except UsageError:
                raise
            except Exception as error:
                problems.append(crash(scope.addon.path, rule, error))
    return findings


def _report(
    found: Discovered,
    addons: list[AddonFacts],
    results: dict[str, FileResult],
    findings: list[Finding],
    problems: list[Problem],
    rules: list[Rule],
    settings: Settings,
    sources: Sources,
) -> Report:
    """Filters, charges and sums up."""
    by_name = {rule.name: rule for rule in rules}
    unique = sorted({(f.sort_key, f.severity): f for f in findings}.values(), key=lambda f: f.sort_key)
    hidden = frozenset(file.path for addon in found.addons for file in addon.files if not file.reported)
    folders = {addon.name: addon.path for addon in addons}
    # before the selection, so that what is hidden does not change the identity of what is shown
    known = fingerprinted(unique, lambda path, line: sources.text(path).line(line), folders)
    selection = select_findings(known, results, hidden, settings)
    shown = with_minutes(selection.shown, by_name, settings.min_confidence)
    lines = _addon_lines(addons, shown, by_name, settings)
    return Report(
        root=found.root,
        sources=sources,
        rules=by_name,
        addons=tuple(lines),
        findings=tuple(shown),
        debt=merged([line.debt for line in lines]),
        suppressed=tuple(selection.suppressed),
        unsure=tuple(selection.unsure),
        filtered=selection.filtered,
        problems=tuple(
            sorted(
                (item for item in problems if item.path not in hidden or item.kind == "internal-error"),
                key=lambda problem: (problem.path, problem.line, problem.message),
            )
        ),
        notices=tuple(_notices(found, addons)),
        files=len(results),
        partial=bool(hidden),
    )


def _addon_lines(
    addons: list[AddonFacts], shown: list[Finding], rules: Mapping[str, Rule], settings: Settings
) -> list[AddonReport]:
    """One line an addon, and one without a name for findings in files beside the addons."""
    own: dict[str, list[Finding]] = {addon.path: [] for addon in addons}
    for finding in shown:
        parents = (str(parent) for parent in PurePosixPath(finding.location.path).parents)
        own.setdefault(next((path for path in parents if path in own), ""), []).append(finding)
    lines = [
        AddonReport(
            addon.name,
            addon.path,
            addon.series,
            addon.series_source,
            addon.manifest.version,
            len(addon.files),
            debt_of(own[addon.path], addon.loc, rules, settings.minutes_per_line),
        )
        for addon in addons
    ]
    if "" in own:
        debt = debt_of(own[""], 0, rules, settings.minutes_per_line)
        paths = {finding.location.path for finding in own[""]}
        lines.append(AddonReport("", "", "", "", "", len(paths), debt))
    return lines


def _notices(found: Discovered, addons: list[AddonFacts]) -> Iterable[str]:
    """What the reader of the report should know about how it was made."""
    yield from found.notices
    twice = sorted(name for name, count in Counter(addon.name for addon in addons).items() if count > 1)
    if twice:
        yield f"{len(twice)} addon name(s) stand for several folders, others see the last: {_few(twice)}"
    for source in ("option", "inferred from the set"):
        names = [addon.name for addon in addons if addon.series_source == source]
        if names:
            how = "from --series" if source == "option" else source
            yield f"series {how} for {len(names)} addon(s): {_few(names)}"
    unknown = [addon.name for addon in addons if not addon.series]
    if unknown:
        yield f"no series known for {len(unknown)} addon(s), give --series: {_few(unknown)}"


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
