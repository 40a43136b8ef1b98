"""Finds Odoo in folders of any layout: git checkout, nightly or Debian package, pip's ``site-packages``.

Nothing of Odoo is imported: the series is read from ``odoo/release.py`` as text. Folders of addons without
Odoo itself (Enterprise, repositories to depend on) are taken as they are.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from odoo_debt_lint.addons.manifest import NAMES, read_manifest, series_of
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.source import Unreadable, decode, read_bytes

_ORM = ("models.py", "orm/models.py", "orm/models_transient.py")
_VERSION = re.compile(r"^version_info\s*=\s*(\([^)]*\))", re.M)


@dataclass
class Tree:
    """What some paths hold: addons by name, and the package of Odoo itself if it is there."""

    addons: dict[str, Path] = field(default_factory=dict)
    package: Path | None = None
    series: str = ""
    kind: str = "addons"

    @property
    def orm_files(self) -> list[Path]:
        """The files that define ``BaseModel``."""
        if self.package is None:
            return []
        return [self.package / name for name in _ORM if (self.package / name).is_file()]


def locate(paths: Iterable[Path], series: str = "") -> Tree:
    """Odoo and addons in the paths, the first of a name wins; ``series`` is that of addons which tell none.
    Raises UsageError where there is nothing."""
    tree = Tree()
    for path in paths:
        if not path.is_dir():
            raise UsageError(f"{path}: no such folder")
        before = len(tree.addons)
        for place in _places(path):
            _take(tree, place)
        if len(tree.addons) == before:
            raise UsageError(f"{path}: no Odoo and no addons found there")
    tree.series = _series_of_package(tree.package) if tree.package else _series_of_addons(tree) or series
    if not tree.series:
        raise UsageError(
            "the Odoo series is not to be told: no odoo/release.py, no addon with a full version"
        )
    return tree


def _places(path: Path) -> Iterator[Path]:
    """The folder, its ``addons``, and folders beside each other in it (``community``, ``enterprise``)."""
    yield path
    try:
        inner = sorted(item for item in path.iterdir() if item.is_dir() and not item.name.startswith("."))
    except OSError:
        return
    if any((path / name).is_file() for name in NAMES):
        return
    for item in inner:
        if not any((item / name).is_file() for name in NAMES):
            yield item


def _take(tree: Tree, place: Path) -> None:
    near = [place, place / "odoo", place / "openerp"]
    if place.name == "addons":
        near += [place.parent, place.parent / "odoo", place.parent / "openerp"]
    package = next((item for item in near if _is_package(item)), None)
    if package is not None:
        if tree.package is None:
            tree.package = package
            tree.kind = "checkout" if (package.parent / "addons").is_dir() else "package"
        for folder in (package / "addons", package.parent / "addons"):
            _addons(tree, folder)
    _addons(tree, place)
    _addons(tree, place / "addons")


def _is_package(path: Path) -> bool:
    return (path / "release.py").is_file() and (path / "addons").is_dir()


def _addons(tree: Tree, folder: Path) -> None:
    if any((folder / name).is_file() for name in NAMES):
        tree.addons.setdefault(folder.resolve().name, folder)
        return
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for item in entries:
        if any((item / name).is_file() for name in NAMES):
            tree.addons.setdefault(item.name, item)


def _series_of_package(package: Path) -> str:
    try:
        text = decode(read_bytes(str(package / "release.py")))
    except Unreadable as error:
        raise UsageError(f"{package / 'release.py'}: {error.message}") from None
    match = _VERSION.search(text)
    numbers = _first_two(match[1]) if match else None
    if numbers is None:
        raise UsageError(f"{package / 'release.py'}: no version_info in it")
    return f"{numbers[0].removeprefix('saas~').removeprefix('saas-')}.{numbers[1]}"


def series_around(folder: Path) -> str:
    """The series of the Odoo in whose tree a folder of addons lies; empty when it lies in none."""
    for package in (folder.parent, folder.parent / "odoo"):
        if _is_package(package):
            try:
                return _series_of_package(package)
            except UsageError:
                return ""
    return ""


def _first_two(text: str) -> tuple[str, str] | None:
    try:
        node = ast.parse(text, mode="eval").body
    except SyntaxError:
        return None
    if not isinstance(node, ast.Tuple) or len(node.elts) < 2:
        return None
    first, second = node.elts[:2]
    if isinstance(first, ast.Constant) and isinstance(second, ast.Constant):
        return str(first.value), str(second.value)
    return None


def _series_of_addons(tree: Tree) -> str:
    known: Counter[str] = Counter()
    for folder in tree.addons.values():
        name = next(name for name in NAMES if (folder / name).is_file())
        try:
            known[series_of(read_manifest("", decode(read_bytes(str(folder / name)))).version)] += 1
        except Unreadable:
            continue
    known.pop("", None)
    return min(known, key=lambda series: (-known[series], series)) if known else ""
