"""Compose files and the projects they make: a base, its override, and variants given with ``-f``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from odoo_debt_lint.deployment.lines import File
from odoo_debt_lint.deployment.merge import merged
from odoo_debt_lint.deployment.nodes import Broken, Node, Pair, read_documents
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.finding import Problem


@dataclass
class ComposeFile(File):
    """One file, and its services as they are once all files that belong together are merged.

    ``services`` holds the whole services of which this file is the main one; ``joined`` those of the
    project, by name; ``elsewhere`` the keys that other files of the folder add to a service. ``values`` are
    the variables of the ``.env`` beside it, ``parts`` the files that docker compose is given (or finds) for
    the project. ``included``: another file takes this one in, so that it is no project of its own. ``lent``
    are the services of a file that is none either, but has what services of other files extend.
    """

    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    joined: dict[str, Service] = field(default_factory=dict)
    elsewhere: dict[str, set[str]] = field(default_factory=dict)
    project: Node | None = None
    values: Mapping[str, str | None] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    included: bool = False
    lent: list[Service] = field(default_factory=list)
    kind: ClassVar[str] = "compose"

    def supplied(self, service: Service, key: str) -> bool:
        """Whether the service has a key here, or (maybe) gets it from another file."""
        pairs = service.node.pairs
        return key in pairs or "extends" in pairs or key in self.elsewhere.get(service.name, ())

    def enabled(self, service: Service) -> bool:
        """Whether the service starts without being asked for: it has no profile, or an active one."""
        active = (self.values.get("COMPOSE_PROFILES") or "").split(",")
        return not service.profiles or "*" in active or bool(set(active) & set(service.profiles))


def read_compose(file: ComposeFile, values: Mapping[str, str | None]) -> ComposeFile:
    """Fills in the root; a file that is no YAML or no mapping of services has none."""
    file.values = values
    try:
        roots, repeated = read_documents(file.text.text, file.path, values)
    except Broken as error:
        file.problems.append(Problem("syntax", file.path, error.message, error.line))
        return file
    for item in repeated:
        message = f"the key {item.key} stands twice here, first in line {item.first}"
        file.problems.append(Problem("syntax", file.path, message, item.line))
    file.root = _root(roots)
    return file


def reread(file: ComposeFile, values: Mapping[str, str | None]) -> Node | None:
    """The root of a file as another project sees it, with that one's variables."""
    if values == file.values or file.root is None:
        return file.root
    return _root(read_documents(file.text.text, file.path, values)[0])


def _root(roots: list[Node]) -> Node | None:
    """All documents as one, if it is a mapping of services or of other files."""
    if not roots or any(root.kind != "map" for root in roots):
        return None
    root = roots[0]
    for more in roots[1:]:
        root = merged(root, more)
    if root.get("services") is None and _old_format(root):
        root = Node("map", root.span, root.path, pairs={"services": Pair(root.span, root.path, root)})
    services, include = root.get("services"), root.get("include")
    if services is None and include is not None:
        return root
    return root if services is not None and services.kind == "map" else None


def _old_format(root: Node) -> bool:
    """Version 1: services at the top."""
    return bool(root.pairs) and all(
        pair.value.kind == "map" and {"image", "build"} & pair.value.pairs.keys()
        for pair in root.pairs.values()
    )
