"""What a compose file takes from others: ``include`` brings resources, ``extends`` the base of a service."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from odoo_debt_lint.deployment.compose import ComposeFile, reread
from odoo_debt_lint.deployment.merge import merged
from odoo_debt_lint.deployment.nodes import Node, Pair

Values = Mapping[str, str | None]

_RESOURCES = ("services", "volumes", "networks", "secrets", "configs", "models")
_MAX_DEPTH = 8


class Project:
    """Files as one project sees them: with its variables, and only those that are in the run."""

    def __init__(
        self,
        known: Mapping[str, ComposeFile],
        variables: Mapping[str, Values],
        values: Values,
        including: tuple[str, ...] = (),
    ) -> None:
        self.known, self.variables, self.values, self.including = known, variables, values, including

    def root_of(self, file: ComposeFile) -> Node | None:
        """The file's root with all that it includes, and with its services extended."""
        root = reread(file, self.values)
        if root is None:
            return None
        for included in self._included(file, root):
            root = _imported(included, root)
        return self._extended(file, root)

    def _included(self, file: ComposeFile, root: Node) -> Iterator[Node]:
        """The roots of included projects."""
        include = root.get("include")
        if include is None or include.kind != "list" or len(self.including) > _MAX_DEPTH:
            return
        for item in include.items:
            paths = item.get("path") if item.kind == "map" else item
            texts = paths.texts if paths is not None else []
            places = [posixpath.normpath(posixpath.join(file.folder, text)) for text in texts]
            found = [self.known[place] for place in places if place in self.known]
            if len(found) < len(places) or not found or found[0].path in (file.path, *self.including):
                continue
            yield from self._joined(file, item, found)

    def _joined(self, file: ComposeFile, item: Node, parts: list[ComposeFile]) -> Iterator[Node]:
        """One included project, made of one file or several; ``file`` includes it."""
        values = {**self._defaults(file, item, parts[0]), **self.values}
        inside = Project(self.known, self.variables, values, (*self.including, file.path))
        roots = [root for part in parts if (root := inside.root_of(part)) is not None]
        if roots:
            whole = roots[0]
            for root in roots[1:]:
                whole = merged(whole, root)
            yield whole

    def _defaults(self, file: ComposeFile, item: Node, main: ComposeFile) -> Values:
        """The variables of the included project itself."""
        named = item.get("env_file") if item.kind == "map" else None
        if named is not None:
            paths = [posixpath.normpath(posixpath.join(file.folder, text)) for text in named.texts]
        else:
            folder = item.value("project_directory") if item.kind == "map" else None
            own = posixpath.join(file.folder, folder) if folder is not None else main.folder
            paths = [posixpath.normpath(posixpath.join(own, ".env"))]
        found: dict[str, str | None] = {}
        for path in paths:
            found.update(self.variables.get(path, {}))
        return found

    def _extended(self, file: ComposeFile, root: Node) -> Node:
        """The root with ``extends`` of services resolved."""
        services = root.get("services")
        if services is None:
            return root
        pairs = {
            name: Pair(pair.span, pair.path, self._with_bases(name, pair.value, file, root, 0))
            for name, pair in services.pairs.items()
        }
        whole = Node("map", services.span, services.path, pairs=pairs)
        key = root.pairs["services"]
        return _with(root, "services", Pair(key.span, key.path, whole))

    def _with_bases(self, name: str, service: Node, file: ComposeFile, root: Node, depth: int) -> Node:
        extends = service.get("extends")
        if extends is None or extends.tag == "null" or depth > _MAX_DEPTH:
            return service
        base_name = extends.text if extends.kind == "scalar" else extends.value("service")
        if extends.get("file") is not None:
            source = self.known.get(self._path(file, extends.value("file")))
            other = reread(source, self.values) if source is not None else None
            if source is None or other is None:
                return service
            file, root = source, other
        base = root.get("services", base_name or "")
        if base is None or base.kind != "map":
            return service
        base = self._with_bases(base_name or "", base, file, root, depth + 1)
        own = {key: pair for key, pair in service.pairs.items() if key != "extends"}
        own_part = Node("map", service.span, service.path, pairs=own)
        return merged(base, own_part, ("services", name))

    @staticmethod
    def _path(file: ComposeFile, name: str | None) -> str:
        return posixpath.normpath(posixpath.join(file.folder, name or "?"))


def _imported(included: Node, root: Node) -> Node:
    """The root with the resources of an included project; what it says itself of them wins."""
    for kind in _RESOURCES:
        brought, own = included.pairs.get(kind), root.pairs.get(kind)
        if brought is None or brought.value.kind != "map":
            continue
        value = brought.value if own is None else merged(brought.value, own.value, (kind,))
        root = _with(root, kind, Pair(brought.span, brought.path, value))
    return root


def _with(root: Node, key: str, pair: Pair) -> Node:
    return Node("map", root.span, root.path, pairs={**root.pairs, key: pair})
