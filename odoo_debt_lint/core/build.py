"""Makes the index of an Odoo source tree: the readers of a run, without rules, and what they find trimmed."""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from odoo_debt_lint import __version__
from odoo_debt_lint.addons.discovery import role_of
from odoo_debt_lint.addons.lineage import import_order
from odoo_debt_lint.addons.manifest import NAMES, read_manifest
from odoo_debt_lint.core import pack, store, trim
from odoo_debt_lint.core.entries import Plain, entry
from odoo_debt_lint.core.locate import Tree
from odoo_debt_lint.facts import (
    ClassFact,
    DataFacts,
    FileResult,
    ManifestFact,
    PythonFacts,
    RecordFact,
    ViewFact,
)
from odoo_debt_lint.job import Job
from odoo_debt_lint.reading.pool import run_jobs
from odoo_debt_lint.reading.worker import Worker
from odoo_debt_lint.source import Unreadable, decode, read_bytes

_NO_TEMPLATES = frozenset("lib tests node_modules img fonts description css scss".split())
_SKIPPED = frozenset("static tests migrations upgrades i18n i18n_extra doc node_modules __pycache__".split())
_SQL_ID = re.compile(
    r"ir_model_data\s*\([^)]*\)\s*VALUES\s*\(\s*'([\w.-]+)',\s*'(\w+)',\s*'([\w.]+)',\s*(true|false)", re.I
)
_EDITION = 20
"""So many enterprise addons make an enterprise edition; single ones stray into every tree."""
_DATA_KEYS = ("init_xml", "data", "update_xml", "demo", "demo_xml")
_decode = msgspec.msgpack.Decoder(FileResult).decode


class CoreWorker(Worker):
    """Reads a file and keeps of its facts what the index holds."""

    def __init__(self) -> None:
        super().__init__(())

    def run(self, job: Job, content: bytes | None = None) -> FileResult:
        try:
            content = read_bytes(job.real)
        except Unreadable:
            return FileResult(job.path, job.role)
        result = super().run(job, content)
        python, data = result.python, result.data
        return FileResult(
            job.path,
            job.role,
            python=_python(python, job, content) if python is not None else None,
            data=_data(data) if data is not None else None,
        )


def _python(facts: PythonFacts, job: Job, content: bytes) -> PythonFacts:
    wanted = [fact for fact in facts.classes if _is_wanted(fact, job)]
    lines = decode(content).splitlines() if wanted else []
    module = job.inside.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    prefix = f"odoo.addons.{job.addon}."
    own = tuple(fact for fact in facts.imports if fact.level or fact.target.startswith(prefix))
    return PythonFacts(imports=own, classes=tuple(trim.klass(fact, lines, module) for fact in wanted))


def _is_wanted(fact: ClassFact, job: Job) -> bool:
    if job.addon == store.ORM:
        return fact.name == "BaseModel"
    return fact.is_model or fact.kind == "controller"


def _data(facts: DataFacts) -> DataFacts:
    views = tuple(bare for fact in facts.views if (bare := trim.view(fact)) is not None)
    return DataFacts(tuple(trim.record(fact) for fact in facts.records), views)


def build(
    tree: Tree, output: Path, jobs: int = 0, progress: Callable[[int, int], None] = lambda done, total: None
) -> store.Header:
    """Reads the tree and writes its index."""
    manifests = _manifests(tree)
    todo = _todo(tree, manifests)
    progress(0, len(todo))
    if "fork" not in multiprocessing.get_all_start_methods():
        jobs = 1
    results: dict[str, list[tuple[Job, FileResult]]] = {}
    for job, encoded in run_jobs(CoreWorker, todo, jobs, lambda count: progress(count, 0)):
        results.setdefault(job.addon, []).append((job, _decode(encoded)))
    return _assemble(tree, output, manifests, results)


def source_files(tree: Tree) -> Iterator[str]:
    """All files on which the index depends."""
    manifests = _manifests(tree)
    for name in manifests:
        yield str(next(path for item in NAMES if (path := tree.addons[name] / item).is_file()))
    yield from (job.real for job, _ in _todo(tree, manifests))


def _manifests(tree: Tree) -> dict[str, ManifestFact]:
    return {name: manifest for name, folder in tree.addons.items() if (manifest := _manifest(folder))}


def _todo(tree: Tree, manifests: Mapping[str, ManifestFact]) -> list[tuple[Job, int]]:
    jobs = [job for name in manifests for job in _jobs(name, tree.addons[name], manifests[name], tree.series)]
    for path in tree.orm_files:
        job = Job(str(path), path.name, path.name, "code", store.ORM, tree.series)
        jobs.append((job, path.stat().st_size))
    return jobs


def _manifest(folder: Path) -> ManifestFact | None:
    name = next(name for name in NAMES if (folder / name).is_file())
    try:
        fact = read_manifest(name, decode(read_bytes(str(folder / name))))
    except Unreadable:
        return None
    return fact if fact.keys and not folder.name.startswith("test_") else None


def _jobs(name: str, folder: Path, manifest: ManifestFact, series: str) -> Iterator[tuple[Job, int]]:
    listed = set(_listed(manifest))
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(item for item in folders if item not in _SKIPPED)
        for item in sorted(names):
            path = os.path.join(here, item)
            inside = os.path.relpath(path, folder).replace(os.sep, "/")
            if inside in listed or _is_loaded_by_code(inside) or (item.endswith(".py") and item not in NAMES):
                role = role_of(inside)
                if role in ("code", "hook", "data", "demo") and os.path.isfile(path):
                    yield Job(path, f"{name}/{inside}", inside, role, name, series), os.path.getsize(path)
    yield from _templates(name, folder, series)


def _is_loaded_by_code(inside: str) -> bool:
    """Whether code may load a file which the manifest does not list: what it holds exists in the end."""
    return inside.startswith("data/") and inside.endswith(".xml")


def _templates(name: str, folder: Path, series: str) -> Iterator[tuple[Job, int]]:
    """The files with the browser's templates."""
    for here, folders, names in os.walk(folder / "static"):
        folders[:] = sorted(item for item in folders if item not in _NO_TEMPLATES)
        for item in sorted(names):
            path = os.path.join(here, item)
            if item.endswith(".xml") and os.path.isfile(path):
                inside = os.path.relpath(path, folder).replace(os.sep, "/")
                yield Job(path, f"{name}/{inside}", inside, "static", name, series), os.path.getsize(path)


def _listed(manifest: ManifestFact) -> Iterator[str]:
    for key in _DATA_KEYS:
        yield from (item for item in manifest.items(key) if item.endswith((".xml", ".csv")))


def _assemble(
    tree: Tree,
    output: Path,
    manifests: Mapping[str, ManifestFact],
    results: Mapping[str, list[tuple[Job, FileResult]]],
) -> store.Header:
    entries: dict[str, bytes] = {}
    models: dict[str, list[str]] = {}
    templates: dict[str, list[ViewFact]] = {}
    for name, manifest in manifests.items():
        found = _ordered(name, results.get(name, []), manifest)
        browser = [view for result in found if result.role == "static" for view in _views(result)]
        if browser:
            templates[name] = browser
        classes = _numbered(found)
        records, plain = _split(name, found, tree.addons[name])
        views = [view for result in found if result.role != "static" for view in _views(result)]
        entries[name] = entry(trim.manifest(manifest), classes, plain, records, views)
        for klass in classes:
            if klass.is_model and klass.defines:
                models.setdefault(klass.model, []).append(name)
    if tree.package is not None:
        orm = _numbered([result for _, result in results.get(store.ORM, [])])
        entries[store.ORM] = entry(ManifestFact(""), orm)
    header = _header(tree, manifests, models)
    pack.write(output, header, entries, templates)
    return header


def _ordered(name: str, found: list[tuple[Job, FileResult]], manifest: ManifestFact) -> list[FileResult]:
    """Files in the order in which Odoo loads data and imports code."""
    listed = [f"{name}/{item}" for item in _listed(manifest)]
    code = {job.path: result.python for job, result in found if result.python is not None}
    position: dict[str, int] = {}
    for path in [*listed, *import_order(name, name, code)[0]]:
        position.setdefault(path, len(position))
    found.sort(key=lambda item: (position.get(item[0].path, len(position)), item[0].path))
    unlisted = {job.path for job, _ in found if job.role in ("data", "demo")}.difference(listed)
    return [_ids(result) if job.path in unlisted else result for job, result in found]


def _ids(result: FileResult) -> FileResult:
    """Of a file which the manifest does not list, the ids alone."""
    records = tuple(RecordFact(item.xmlid, item.model, noupdate=item.noupdate) for item in _records(result))
    return msgspec.structs.replace(result, data=DataFacts(records))


def _views(result: FileResult) -> tuple[ViewFact, ...]:
    return result.data.views if result.data is not None else ()


def _numbered(results: list[FileResult]) -> list[ClassFact]:
    classes = [klass for result in results if result.python for klass in result.python.classes]
    return [trim.ordinal(klass, number) for number, klass in enumerate(classes, 1)]


def _split(name: str, results: list[FileResult], folder: Path) -> tuple[list[RecordFact], list[Plain]]:
    """Records with values, and the ids of the others by model."""
    kept: list[RecordFact] = []
    groups: dict[tuple[str, bool], dict[str, None]] = {}
    for record in [*_sql_records(name, folder), *(item for result in results for item in _records(result))]:
        if record.values:
            kept.append(record)
        elif record.xmlid:
            xmlid = record.xmlid.removeprefix(f"{name}.")
            xmlid = xmlid if "." not in xmlid else record.xmlid
            groups.setdefault((record.model, record.noupdate), {})[xmlid] = None
    return kept, [Plain(*key, tuple(xmlids)) for key, xmlids in sorted(groups.items())]


def _records(result: FileResult) -> tuple[RecordFact, ...]:
    return result.data.records if result.data is not None else ()


def _sql_records(name: str, folder: Path) -> Iterator[RecordFact]:
    """The few records of ``base`` that exist before any data file is read."""
    path = folder / "data" / "base_data.sql"
    if name == "base" and path.is_file():
        for local, addon, model, noupdate in _SQL_ID.findall(path.read_text("utf-8", "replace")):
            yield RecordFact(f"{addon}.{local}", model, noupdate=noupdate.lower() == "true")


def _header(tree: Tree, manifests: Mapping[str, ManifestFact], models: dict[str, list[str]]) -> store.Header:
    community, enterprise = _expected(tree.series)
    editions = ("community",) if tree.package else ()
    wanted = community if tree.package else set()
    if len(enterprise & set(manifests)) > _EDITION:
        editions, wanted = (*editions, "enterprise"), wanted | enterprise
    return store.Header(
        format=store.FORMAT,
        tool=__version__,
        series=tree.series,
        source=tree.kind,
        editions=editions,
        addons={name: manifest.items("depends") for name, manifest in sorted(manifests.items())},
        absent=tuple(sorted(wanted - set(manifests))),
        models={model: tuple(names) for model, names in sorted(models.items())},
    )


def _expected(series: str) -> tuple[set[str], set[str]]:
    """The community and the enterprise addons of a series by manifestoo's lists."""
    from manifestoo_core.core_addons import get_core_addons, is_core_ce_addon
    from manifestoo_core.odoo_series import OdooSeries

    try:
        known = OdooSeries(series)
    except ValueError:
        return set(), set()
    everything = get_core_addons(known)
    community = {name for name in everything if is_core_ce_addon(name, known)}
    return community, set(everything) - community
