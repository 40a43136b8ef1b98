"""Compose files that others name by ``include`` and ``extends``, whatever their own names are."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from odoo_debt_lint.deployment.compose import ComposeFile, read_compose
from odoo_debt_lint.deployment.lines import for_development
from odoo_debt_lint.deployment.nodes import Node
from odoo_debt_lint.source import Text, Unreadable, decode, read_bytes

_MOST = 100
_PROJECT = re.compile(r".*compose.*|docker-stack.*")
"""What a file is called which is given to docker compose or to a swarm by itself."""


def add_referred(
    files: list[ComposeFile], root: Path, variables: Mapping[str, Mapping[str, str | None]]
) -> list[ComposeFile]:
    """Adds included files to ``files``; returns those which only lend services, and are no project."""
    bases: list[ComposeFile] = []
    known = {file.path for file in files}
    waiting = list(files)
    while waiting and len(known) < _MOST:
        file = waiting.pop(0)
        for path, included in references(file):
            found = None if path in known else _read(root, path, variables)
            known.add(path)
            if found is not None:
                (files if included else bases).append(found)
                waiting.append(found)
    return bases


def references(file: ComposeFile) -> Iterator[tuple[str, bool]]:
    """Paths that a file names, and whether it includes them."""
    if file.root is None:
        return
    include, services = file.root.get("include"), file.root.get("services")
    for item in include.items if include is not None else ():
        paths = item.get("path") if item.kind == "map" else item
        for text in paths.texts if paths is not None else ():
            yield posixpath.normpath(posixpath.join(file.folder, text)), True
    for pair in services.pairs.values() if services is not None else ():
        name = _base_file(pair.value)
        if name:
            yield posixpath.normpath(posixpath.join(file.folder, name)), False


def lenders(files: Iterable[ComposeFile]) -> dict[str, set[str]]:
    """The files which only lend services (``common.yaml`` beside ``prod.yaml``): others extend those, and the
    file is not called like a project. With the names of the services that production takes from them."""
    found: dict[str, set[str]] = {}
    for file in files:
        services = file.root.get("services") if file.root is not None else None
        for name, pair in services.pairs.items() if services is not None else ():
            base = _base_file(pair.value)
            path = posixpath.normpath(posixpath.join(file.folder, base)) if base else file.path
            if path != file.path and not _PROJECT.fullmatch(posixpath.basename(path)):
                taken = found.setdefault(path, set())
                if not for_development(file.path):
                    taken.add(pair.value.value("extends", "service") or name)
    return found


def _base_file(service: Node) -> str | None:
    extends = service.get("extends")
    return extends.value("file") if extends is not None and extends.kind == "map" else None


def _read(root: Path, path: str, variables: Mapping[str, Mapping[str, str | None]]) -> ComposeFile | None:
    """A file inside the root; what leads out of it is not looked at."""
    if "\0" in path:
        return None
    real = os.path.realpath(root / path)
    if path.startswith(("../", "/")) or not Path(real).is_relative_to(root) or not os.path.isfile(real):
        return None
    try:
        text = Text(decode(read_bytes(real)))
    except Unreadable:
        return None
    file = ComposeFile(path, real, text)
    return read_compose(file, variables.get(posixpath.join(file.folder, ".env"), {}))
