"""The compose projects of a folder: a base with its override, and variants given with ``-f``."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from functools import reduce

from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.merge import merged, without_resets
from odoo_debt_lint.deployment.nodes import Node, Pair
from odoo_debt_lint.deployment.project import Project
from odoo_debt_lint.deployment.referred import lenders, references
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.deployment.unique import unique_service
from odoo_debt_lint.finding import Location

_BASE = re.compile(r"(docker-)?compose\.ya?ml")
_OVERRIDE = re.compile(r"(docker-)?compose\.override\.ya?ml")


def join_files(
    files: list[ComposeFile],
    variables: Mapping[str, Mapping[str, str | None]],
    bases: Iterable[ComposeFile] = (),
) -> None:
    """Makes the projects of each folder and gives every file its services.

    ``variables`` are those of each ``.env`` and the like, by path; ``bases`` only lend services.
    """
    known = {file.path: file for file in (*files, *bases)}
    roots = {}
    for file in files:
        if file.root is not None:
            roots[file.path] = Project(known, variables, file.values).root_of(file)
    by_folder: dict[str, list[ComposeFile]] = {}
    included = {path for file in files for path, inside in references(file) if inside}
    lent = lenders(files)
    for file in files:
        file.root, file.included = roots.get(file.path), file.path in included
        if file.root is not None:
            by_folder.setdefault(file.folder, []).append(file)
    for group in by_folder.values():
        chosen = _chosen(group)
        for file in chosen:
            _fill_chosen(file, chosen, group)
        base = next((file for file in group if _BASE.fullmatch(posixpath.basename(file.path))), None)
        override = next((file for file in group if _OVERRIDE.fullmatch(posixpath.basename(file.path))), None)
        for file in group:
            if file not in chosen:
                _fill(file, base, override, group)
    for file in files:
        if file.path in lent:
            _lend(file, lent[file.path])


def _lend(file: ComposeFile, names: set[str]) -> None:
    """Makes a file that is no project of one that looked like it: what is missing there, another may add."""
    file.lent = [service for service in file.services if service.name in names]
    file.services, file.joined = [], {}


def _chosen(group: list[ComposeFile]) -> list[ComposeFile]:
    """The files that ``COMPOSE_FILE`` in the ``.env`` beside them names, in their order, if all are here."""
    values = group[0].values
    names = values.get("COMPOSE_FILE") or ""
    listed = [name for name in names.split(values.get("COMPOSE_PATH_SEPARATOR") or ":") if name]
    known = {file.path: file for file in group}
    found = [known.get(posixpath.normpath(posixpath.join(group[0].folder, name))) for name in listed]
    return [] if None in found else [file for file in found if file is not None]


def _fill_chosen(file: ComposeFile, chosen: list[ComposeFile], group: list[ComposeFile]) -> None:
    """A file of a project whose files are named; each service belongs to the first that has it."""
    roots = [other.root for other in chosen if other.root is not None]
    before: set[str] = set()
    for other in chosen[: chosen.index(file)]:
        before.update(_services(other.root) if other.root is not None else ())
    own = _own(file)
    file.parts = tuple(other.path for other in chosen)
    _settle(file, reduce(merged, roots), {name: own[name] for name in own if name not in before}, group)


def _own(file: ComposeFile) -> dict[str, Service]:
    """The services that stand in the file itself, and in none that it includes."""
    services = _services(file.root) if file.root is not None else {}
    return {name: item for name, item in services.items() if item.where.path == file.path}


def _fill(
    file: ComposeFile, base: ComposeFile | None, override: ComposeFile | None, group: list[ComposeFile]
) -> None:
    root = file.root
    assert root is not None
    file.parts = (file.path,)
    own = _own(file)
    if base is not None and file is not base and base.root is not None:
        main = set(_services(base.root))
        partial = any(not service.whole for service in own.values())
        if file is override or partial:
            root = merged(base.root, root)
            file.parts = (base.path, file.path)
            own = {name: item for name, item in own.items() if name not in main}
    elif file is base and override is not None and override.root is not None:
        root = merged(root, override.root)
        file.parts = (file.path, override.path)
    _settle(file, root, own, group)


def _settle(file: ComposeFile, root: Node, own: Mapping[str, Service], group: list[ComposeFile]) -> None:
    """What a file says once its project is merged."""
    file.project = root = _finished(root)
    file.joined = {name: item for name, item in _services(root).items() if item.whole}
    file.services = [
        Service(name, file.joined[name].node, item.where) for name, item in own.items() if name in file.joined
    ]
    for other in group:
        if other is not file and other.root is not None:
            for name, service in _services(other.root).items():
                file.elsewhere.setdefault(name, set()).update(service.node.pairs)


def _services(root: Node) -> dict[str, Service]:
    node = root.get("services")
    if node is None:
        return {}
    return {
        name: Service(name, pair.value, Location(pair.path, pair.span))
        for name, pair in node.pairs.items()
        if pair.value.kind == "map"
    }


def _finished(root: Node) -> Node:
    """The project without what was taken away or stands twice."""
    root = without_resets(root)
    services = root.get("services")
    if services is None:
        return root
    pairs = {
        name: Pair(
            pair.span, pair.path, unique_service(pair.value) if pair.value.kind == "map" else pair.value
        )
        for name, pair in services.pairs.items()
    }
    whole = Pair(root.pairs["services"].span, root.pairs["services"].path, _with(services, pairs))
    return _with(root, {**root.pairs, "services": whole})


def _with(node: Node, pairs: Mapping[str, Pair]) -> Node:
    return Node("map", node.span, node.path, pairs=pairs)
