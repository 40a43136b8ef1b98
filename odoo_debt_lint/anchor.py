"""Where the paths and patterns of a configuration begin: at its folder, wherever a run is started."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def place(values: dict[str, Any], folder: Path) -> None:
    """Makes the paths of a configuration begin at its folder, wherever the run is started."""
    for key in ("baseline", "cache_dir"):
        if values.get(key):
            values[key] = str(folder / os.path.expanduser(values[key]))
    for key in ("odoo_path", "semgrep_config"):
        if key in values:
            values[key] = tuple(str(folder / os.path.expanduser(item)) for item in values[key])


def anchor(values: dict[str, Any], folder: Path, root: Path) -> None:
    """Makes the patterns of a configuration, or of a command line, hold for paths that begin at its folder,
    too."""
    if folder in root.parents:
        below, above = root.relative_to(folder).as_posix() + "/", ""
    elif root in folder.parents:
        below, above = "", folder.relative_to(root).as_posix() + "/"
    else:
        return
    if "exclude" in values:
        both = ((item, *_moved(item, below, above)) for item in values["exclude"])
        values["exclude"] = tuple(pattern for patterns in both for pattern in patterns)
    ignores: dict[str, tuple[str, ...]] = dict(values.get("per_file_ignores", {}))
    for pattern, rules in values.get("per_file_ignores", {}).items():
        for moved in _moved(pattern, below, above):
            ignores[moved] = (*ignores.get(moved, ()), *rules)
    if ignores:
        values["per_file_ignores"] = ignores


def _moved(pattern: str, below: str, above: str) -> list[str]:
    """A pattern as it is seen from a folder further down (``below`` is the way there) or further up."""
    mark = "!" if pattern.startswith("!") else ""
    bare = pattern.removeprefix("!").removeprefix("/")
    if below:
        return [f"{mark}/{bare[len(below) :] or '**'}"] if bare.startswith(below) else []
    return [f"{mark}/{above}{bare}"] if "/" in pattern.rstrip("/") else []
