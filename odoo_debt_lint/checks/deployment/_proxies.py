"""What stands between the world and Odoo, and which blocks of nginx lead there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.conf import ConfFile
from odoo_debt_lint.deployment.containment import mounts
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.nginx import Directive, NginxFile
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.finding import FIRST_LINE, Location

_ODOO = re.compile(r"odoo|openerp|:80(69|72)\b", re.I)
_KIND = re.compile(r"^(=|~\*|\^~|~|)\s*")
_TARGET = re.compile(r"https?://(\[[^\]]+\]|[^:/$]+)")


def is_behind_proxy(instance: Instance, conf: ConfFile) -> bool:
    """Whether a proxy of the run leads to the Odoo of an odoo.conf; one of another project does not."""
    users = [
        compose
        for compose in instance.composes
        for service in compose.services
        if mounts(compose, service, conf.path, instance.paths) or _builds_with(compose, service, conf.path)
    ]
    if any(site.passes and _belongs(site.file, users) for site in sites(instance)):
        return True
    return any(
        service.role == "proxy"
        for compose in users or instance.composes
        for service in compose.joined.values()
    )


def _builds_with(compose: ComposeFile, service: Service, path: str) -> bool:
    """Whether a service of Odoo is built from a folder that holds a file."""
    build = service.node.get("build")
    if build is None or service.role != "odoo":
        return False
    context = build.text if build.kind == "scalar" else build.value("context")
    folder = posixpath.normpath(posixpath.join(compose.folder, context or "."))
    return folder == "." or path.startswith(f"{folder}/")


def _belongs(file: NginxFile, users: list[ComposeFile]) -> bool:
    return not users or any(file.path.startswith(f"{compose.folder}/".lstrip("/")) for compose in users)


@dataclass(frozen=True)
class Site:
    """A server block that passes requests to Odoo. ``outer`` are the directives around it (``http``)."""

    file: NginxFile
    server: Directive
    outer: tuple[Directive, ...]
    upstreams: dict[str, str]

    @property
    def passes(self) -> list[Directive]:
        """Every ``proxy_pass`` to Odoo."""
        return [item for item in self.server.everywhere("proxy_pass") if self.leads_to_odoo(item)]

    @property
    def locations(self) -> list[Directive]:
        return list(self.server.everywhere("location"))

    @property
    def everything(self) -> Iterator[Directive]:
        """The server's own directives and those around it."""
        yield from self.server.inner
        yield from self.outer

    @property
    def unknown_parts(self) -> bool:
        """Whether something is included, in the server or around it, that is not in the run."""
        around = (item.name == "include" for item in self.outer)
        return any(True for _ in self.server.everywhere("include")) or any(around)

    @property
    def tls(self) -> bool:
        names = [item for item in self.everything if item.name == "ssl_certificate"]
        listens = [" ".join(item.args) for item in self.server.named("listen")]
        return bool(names) or any(re.search(r"\bssl\b|(^|:)443\b", text) for text in listens)

    def location(self, path: str) -> Directive | None:
        """The location that nginx takes for a path."""
        return _location(list(self.server.named("location")), path)

    def own_place(self, path: str, word: str) -> Directive:
        """What is to be changed for a path: the location that names it, else the server."""
        chosen = self.location(path)
        return chosen if chosen is not None and word in " ".join(chosen.args) else self.server

    def reaches(self, path: str) -> bool:
        """Whether nginx passes requests for a path to Odoo; also where a rewrite or a name leaves it open."""
        chosen = self.location(path)
        if chosen is None or any(True for _ in chosen.everywhere("rewrite", "include", "fastcgi_pass")):
            return True
        named = {word for item in chosen.everywhere("try_files", "error_page") for word in item.args[-1:]}
        inside = [
            chosen,
            *(item for item in self.locations if item.args[:1] and item.args[0] in named),
        ]
        passes = [item for block in inside for item in block.everywhere("proxy_pass")]
        return any(self.leads_to_odoo(item) or "$" in self.target(item) for item in passes)

    def leads_to_odoo(self, item: Directive) -> bool:
        return bool(_ODOO.search(self.target(item)))

    def target(self, item: Directive) -> str:
        """Where a ``proxy_pass`` leads, with the servers of its upstream."""
        url = item.args[0] if item.args else ""
        match = _TARGET.match(url)
        return f"{url} {self.upstreams.get(match[1], '')}" if match else url


def shuts(item: Directive) -> bool:
    """Whether a directive keeps the world out: all of it is denied, or a password asked for."""
    if item.name == "deny":
        return item.args[:1] in (("all",), ("0.0.0.0/0",))
    return item.name == "auth_basic" and item.args != ("off",)


def _location(locations: list[Directive], path: str) -> Directive | None:
    """The location that nginx takes for a path: the exact one, else the first pattern, else the longest."""
    longest: tuple[int, bool, Directive | None] = (-1, False, None)
    patterns: list[tuple[str, int, Directive]] = []
    for item in locations:
        kind, text = _terms(item)
        if kind == "=" and text == path:
            return item
        if kind in ("~", "~*"):
            patterns.append((text, re.I if kind == "~*" else 0, item))
        elif kind != "=" and path.startswith(text) and len(text) > longest[0]:
            longest = (len(text), kind == "^~", item)
    if longest[1]:
        return longest[2]
    return next((item for text, flags, item in patterns if _matches(text, flags, path)), longest[2])


def _terms(location: Directive) -> list[str]:
    """How a location is compared (``=``, ``~``, ``~*``, ``^~`` or nothing), and with what."""
    return _KIND.sub(r"\1 ", " ".join(location.args), count=1).split(" ", 1)


def matches(location: Directive, path: str) -> bool:
    """Whether a location may be taken for a path; patterns that only nginx understands may."""
    kind, text = _terms(location)
    if kind not in ("~", "~*"):
        return path == text if kind == "=" else path.startswith(text)
    return _matches(text, re.I if kind == "~*" else 0, path, beyond=True)


def _matches(pattern: str, flags: int, path: str, beyond: bool = False) -> bool:
    """Whether a pattern finds the path; ``beyond`` is said of those that Python does not understand."""
    try:
        return bool(re.search(pattern, path, flags))
    except (re.error, OverflowError, RecursionError):
        return beyond


def sites(instance: Instance) -> Iterator[Site]:
    """All server blocks that pass requests to Odoo, each once, where they are written."""
    upstreams = {
        item.args[0]: " ".join(" ".join(server.args) for server in item.named("server"))
        for file in instance.nginxes
        for item in file.top.everywhere("upstream")
        if item.args
    }
    seen: set[tuple[str, int]] = set()
    for file in sorted(instance.nginxes, key=lambda item: item.included):
        around: list[Directive] = []
        for block in (file.top, *file.top.named("http")):
            around = [*around, *(item for item in block.inner if item.name not in ("server", "http"))]
            for server in block.named("server"):
                site = Site(file, server, tuple(around), upstreams)
                key = (server.path, server.line)
                if key not in seen and site.passes:
                    seen.add(key)
                    yield site


def place(instance: Instance, item: Directive) -> Location:
    """Where a directive is written."""
    text = next((file.text for file in instance.nginxes if file.path == item.path), None)
    span = text.line_span(item.line) if text is not None else FIRST_LINE
    return Location(item.path, span)
