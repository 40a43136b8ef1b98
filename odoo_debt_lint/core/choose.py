"""Which index of Odoo a run uses: what ``--odoo-path`` or a found ``odoo.conf`` names, else the shipped one.

Source trees are indexed once and kept in the cache folder under a name made of the stamps of their files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path

from odoo_debt_lint.cache import prepare, run_key
from odoo_debt_lint.core.layers import Layers
from odoo_debt_lint.core.locate import Tree, locate
from odoo_debt_lint.core.store import FORMAT, CoreIndex
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.index import Core, Index
from odoo_debt_lint.source import Unreadable, read_bytes

SHIPPED = Path(__file__).parent / "data"
_KEPT = 6
_UNKNOWN = "unknown"
_CONFIGS = ("odoo.conf", ".odoorc", "odoo-server.conf", "openerp-server.conf")


@cache
def shipped(series: str) -> CoreIndex | None:
    """The index of Odoo's community edition that comes with the tool, for any series that has one."""
    path = SHIPPED / f"{series}.zip"
    return CoreIndex(path) if path.is_file() else None


class Choice:
    """The indexes of a run. ``folder`` is where built ones are kept; without one they are thrown away."""

    def __init__(self, series: Iterable[str], usual: str, folder: Path | None, jobs: int = 0) -> None:
        self.wanted = sorted({item for item in series if item})
        self.usual, self.folder, self.jobs = usual, folder, jobs
        self.layers: dict[str, list[CoreIndex]] = {}
        self.notices: list[str] = []

    def given(self, paths: Iterable[str]) -> None:
        """Takes what the user named: index files, and folders of any layout."""
        trees = []
        for path in map(Path, paths):
            if path.is_dir():
                trees.append(locate([path], _UNKNOWN))
            else:
                self._add(CoreIndex(path))
        told = {tree.series for tree in trees if tree.package is not None}
        for tree in trees:
            if tree.series == _UNKNOWN:
                tree.series = min(told) if len(told) == 1 else self.usual
            self._add(self._built(tree))

    def configured(self, paths: Sequence[Path], own: frozenset[Path]) -> None:
        """Takes the ``addons_path`` of a configuration; folders that hold addons of the set are left out."""
        folders = [path for path in paths if path.is_dir() and not _holds_any(path, own)]
        try:
            tree = locate(folders, self.usual) if folders else None
        except (UsageError, RecursionError):
            return
        if tree is not None and tree.addons:
            self._add(self._built(tree))
            self.notices.append(f"addons_path of odoo.conf used: {len(tree.addons)} addons of {tree.series}")

    def cores(self) -> dict[str, Core]:
        """An index for each series of the run that has one; addons alone stand before the shipped core."""
        for series in self.wanted:
            layers = self.layers.setdefault(series, [])
            own = shipped(series)
            if own is not None and not any(layer.holds_odoo for layer in layers):
                layers.append(own)
        return {
            series: layers[0] if len(layers) == 1 else Layers(layers)
            for series, layers in self.layers.items()
            if layers
        }

    def _add(self, index: CoreIndex) -> None:
        self.layers.setdefault(index.series, []).append(index)

    def _built(self, tree: Tree) -> CoreIndex:
        from odoo_debt_lint.core.build import build

        if self.folder is None:
            import tempfile

            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "index.zip"
                build(tree, path, self.jobs)
                return CoreIndex(path)
        path = self.folder / f"core-{tree.series}-{_stamp(tree)}.zip"
        if path.is_file():
            try:
                found = CoreIndex(path)
                os.utime(path)
                return found
            except UsageError:
                path.unlink()
        return self._stored(tree, path)

    def _stored(self, tree: Tree, path: Path) -> CoreIndex:
        """Builds into the cache, in one step; a folder that cannot be written costs the cache only."""
        from odoo_debt_lint.core.build import build

        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            prepare(path.parent)
            build(tree, temporary, self.jobs)
            os.replace(temporary, path)
            _prune(path.parent)
        except OSError:
            temporary.unlink(missing_ok=True)
            self.folder = None
            return self._built(tree)
        return CoreIndex(path)


def _holds_any(folder: Path, own: frozenset[Path]) -> bool:
    real = folder.resolve()
    return any(addon.is_relative_to(real) or real.is_relative_to(addon) for addon in own)


def _stamp(tree: Tree) -> str:
    """Digest of the names, sizes and times of all files that count."""
    from odoo_debt_lint.core.build import source_files

    digest = blake2b(f"{FORMAT} {run_key(())}".encode(), digest_size=12)
    for path in sorted(source_files(tree)):
        status = os.stat(path)
        digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _prune(folder: Path) -> None:
    with suppress(OSError):  # another run may clear up at the same time
        known = sorted(folder.glob("core-*.zip"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in known[_KEPT:]:
            old.unlink(missing_ok=True)


def config_paths(configs: Iterable[Path]) -> list[Path]:
    """The folders which the first readable ``addons_path`` of some configuration files names."""
    for config in configs:
        found = list(_addons_path(config))
        if found:
            return found
    return []


def _addons_path(config: Path) -> Iterator[Path]:
    import configparser

    reader = configparser.RawConfigParser(strict=False)
    try:
        reader.read_string(read_bytes(str(config)).decode("utf-8", "replace"))
        value = reader.get("options", "addons_path", fallback="")
    except (Unreadable, configparser.Error):
        return
    for item in value.replace("\n", ",").split(","):
        folder = config.parent / item.strip()
        if item.strip() and os.path.isdir(folder):  # what is no path at all is no error either
            yield folder


def configs_beside(root: Path, found: Iterable[Path]) -> list[Path]:
    """Configurations among the files of the run, and those in the project's root."""
    own = [path for path in found if path.suffix == ".conf" and path.name.startswith(("odoo", "openerp"))]
    beside = [root / name for name in _CONFIGS if (root / name).is_file()]
    return list(dict.fromkeys([*sorted(own), *beside]))


def unjudged(index: Index) -> Iterator[str]:
    """What cannot be judged for want of knowledge, in one line a reason."""
    without: dict[str, int] = {}
    lacking: dict[str, set[str]] = {}
    for addon in index.all:
        if addon.series not in index.cores:
            without[addon.series] = without.get(addon.series, 0) + 1
            continue
        for name in index.closure_of(addon)[1]:
            lacking.setdefault(name, set()).add(addon.path)
    for series, count in sorted(without.items()):
        what = f"no index of Odoo {series}" if series else "no series"
        yield f"{what}: {count} addon(s) are not judged against Odoo's core"
    if lacking:
        count = len(set().union(*lacking.values()))
        names = sorted(lacking, key=lambda name: (-len(lacking[name]), name))
        few = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        yield f"{count} addon(s) depend on addons that are found nowhere and are judged less: {few}"
