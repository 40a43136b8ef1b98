"""Compose files and the projects they make: a base, its override, and variants given with ``-f``."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from odoo_debt_lint.deployment.lines import File
from odoo_debt_lint.deployment.merge import merged
from odoo_debt_lint.deployment.nodes import Broken, Node, Pair, read_yaml
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.finding import Location, Problem

_BASE = re.compile(r"(docker-)?compose\.ya?ml")
_OVERRIDE = re.compile(r"(docker-)?compose\.override\.ya?ml")


@dataclass
class ComposeFile(File):
    """One file, and its services as they are once all files that belong together are merged.

    ``services`` holds the whole services of which this file is the main one; ``joined`` those of the
    project, by name; ``elsewhere`` the keys that other files of the folder add to a service.
    """

    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    joined: dict[str, Service] = field(default_factory=dict)
    elsewhere: dict[str, set[str]] = field(default_factory=dict)
    project: Node | None = None
    kind: ClassVar[str] = "compose"

    def supplied(self, service: Service, key: str) -> bool:
        """Whether the service has a key here, or (maybe) gets it from another file."""
        pairs = service.node.pairs
        return key in pairs or "extends" in pairs or key in self.elsewhere.get(service.name, ())


def read_compose(file: ComposeFile, values: Mapping[str, str | None]) -> ComposeFile:
    """Fills in the root; a file that is no YAML or no mapping of services has none."""
    try:
        root = read_yaml(file.text.text, file.path, values)
    except Broken as error:
        file.problems.append(Problem("syntax", file.path, error.message, error.line))
        return file
    if root is not None and root.get("services") is None and _old_format(root):
        pairs = {"services": Pair(root.span, file.path, root)}
        root = Node("map", root.span, file.path, pairs=pairs)
    services = root.get("services") if root is not None else None
    file.root = root if services is not None and services.kind == "map" else None
    return file


def _old_format(root: Node) -> bool:
    """Version 1: services at the top."""
    return bool(root.pairs) and all(
        pair.value.kind == "map" and {"image", "build"} & pair.value.pairs.keys()
        for pair in root.pairs.values()
    )


def join_files(files: list[ComposeFile]) -> None:
    """Makes the projects of each folder and gives every file its services."""
    by_folder: dict[str, list[ComposeFile]] = {}
    known = {file.path: file for file in files}
    for file in files:
        if file.root is not None:
            file.root = _extended(file, file.root, known)
            by_folder.setdefault(file.folder, []).append(file)
    for group in by_folder.values():
        base = next((file for file in group if _BASE.fullmatch(posixpath.basename(file.path))), None)
        override = next((file for file in group if _OVERRIDE.fullmatch(posixpath.basename(file.path))), None)
        for file in group:
            _fill(file, base, override, group)


def _fill(
    file: ComposeFile, base: ComposeFile | None, override: ComposeFile | None, group: list[ComposeFile]
) -> None:
    root = file.root
    assert root is not None
    own = _services(root)
    if base is not None and file is not base and base.root is not None:
        main = set(_services(base.root))
        partial = any(not service.whole for service in own.values())
        if file is override or partial:
            root = merged(base.root, root)
            own = {name: item for name, item in own.items() if name not in main}
    elif file is base and override is not None and override.root is not None:
        root = merged(root, override.root)
    file.project = root
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


def _extended(file: ComposeFile, root: Node, known: Mapping[str, ComposeFile]) -> Node:
    """The root with ``extends`` of services resolved, as far as the other files are in the run."""
    services = root.get("services")
    if services is None:
        return root
    pairs = {}
    for name, pair in services.pairs.items():
        pairs[name] = Pair(pair.span, pair.path, _with_bases(pair.value, file, root, known, 0))
    everything = dict(root.pairs)
    everything["services"] = Pair(
        root.pairs["services"].span, file.path, Node("map", services.span, file.path, pairs=pairs)
    )
    return Node("map", root.span, file.path, pairs=everything)


def _with_bases(
    service: Node, file: ComposeFile, root: Node, known: Mapping[str, ComposeFile], depth: int
) -> Node:
    extends = service.get("extends")
    if extends is None or depth > 8:
        return service
    name = extends.text if extends.kind == "scalar" else extends.value("service")
    other = extends.value("file") if extends.kind == "map" else None
    if extends.get("file") is not None:
        path = posixpath.normpath(posixpath.join(file.folder, other or "?"))
        source = known.get(path)
        if source is None or source.root is None:
            return service
        file, root = source, source.root
    base = root.get("services", name or "")
    if base is None or base.kind != "map":
        return service
    base = _with_bases(base, file, root, known, depth + 1)
    own = {key: pair for key, pair in service.pairs.items() if key != "extends"}
    return merged(base, Node("map", service.span, service.path, pairs=own))
