"""To what a path belongs: its addon, and the tree in which reports name it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from odoo_debt_lint.addons.beside import is_deployment
from odoo_debt_lint.addons.manifest import NAMES

if TYPE_CHECKING:
    from odoo_debt_lint.addons.found import FoundAddon


def find_root(paths: Iterable[Path]) -> Path:
    """The git work tree that holds all paths, else their deepest common folder."""
    common = Path(os.path.commonpath([_outer(path.resolve()) for path in paths]))
    for folder in (common, *common.parents):
        if (folder / ".git").exists():
            return folder
    return common


def _outer(path: Path) -> Path:
    """The folder around the outermost addon that holds a path, else the path's own folder; an addon that is a
    whole repository is a tree by itself."""
    folder = path if path.is_dir() else path.parent
    addons = [place for place in (folder, *folder.parents) if holds_manifest(place)]
    if not addons:
        return folder
    return addons[-1] if (addons[-1] / ".git").exists() else addons[-1].parent


def addon_of(path: Path) -> tuple[Path, str] | None:
    """The addon which holds a file, looking upwards, and the name of its manifest."""
    for folder in path.parents:
        for name in NAMES:
            if (folder / name).is_file():
                return folder, name
    return None


def holds_manifest(path: Path) -> bool:
    return any((path / name).is_file() for name in NAMES)


def innermost(path: str, folders: Collection[str]) -> str | None:
    """The nearest of some folders around a file, all relative to the root; None where it lies in none."""
    folder = path
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        if folder in folders:
            return folder
    return "." if "." in folders else None


def without_inner(addons: list[FoundAddon]) -> list[FoundAddon]:
    """The addons; what lies in one that was given by itself does not belong to the one around it, too."""
    paths = frozenset(addon.path for addon in addons)
    around = {outer for path in paths if (outer := innermost(path, paths)) not in (None, path)}
    return [_alone(addon, paths) if addon.path in around else addon for addon in addons]


def _alone(addon: FoundAddon, paths: Collection[str]) -> FoundAddon:
    files = tuple(file for file in addon.files if innermost(file.path, paths) == addon.path)
    return msgspec.structs.replace(addon, files=files)


def is_foreign(path: str, unsaved: Collection[str] = ()) -> bool:
    """Whether a path is a file, written or not, that belongs to no addon and configures no instance."""
    real = Path(path).resolve()
    is_file = real.is_file() or str(real) in unsaved
    return is_file and addon_of(real) is None and not is_deployment(real.as_posix(), str(real))
