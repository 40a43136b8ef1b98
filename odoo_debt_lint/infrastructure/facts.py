"""What the files tell of an instance, as plain data without any secret: what card and runbook are made of."""

from __future__ import annotations

import posixpath

import msgspec

from odoo_debt_lint.deployment.lines import for_development
from odoo_debt_lint.infrastructure.areas import Area


class Volume(msgspec.Struct, frozen=True):
    """A mount of a service; ``named``: its source is a volume and no path. An unknown source is empty."""

    source: str
    target: str
    named: bool


class Container(msgspec.Struct, frozen=True):
    """A service of a project. ``ports`` are its published ports, as ``(interface, published, target)``.

    ``user`` and ``database`` are what PostgreSQL is created with, or what Odoo is started for.
    """

    name: str
    role: str
    image: str = ""
    container: str = ""
    ports: tuple[tuple[str, str, str], ...] = ()
    volumes: tuple[Volume, ...] = ()
    profiles: tuple[str, ...] = ()
    user: str = ""
    database: str = ""
    one_shot: bool = False
    healthcheck: bool = False
    path: str = ""
    line: int = 0

    def published(self, *targets: str) -> tuple[str, str] | None:
        """Interface and port under which the first of the ports is seen on the host."""
        for target in targets:
            for interface, published, inside in self.ports:
                if inside == target and published:
                    return interface, published
        return None


class Project(msgspec.Struct, frozen=True):
    """What one call of docker compose starts. ``files`` must be named with ``-f`` unless it finds them."""

    folder: str
    files: tuple[str, ...]
    found: bool
    containers: tuple[Container, ...]
    volumes: tuple[str, ...] = ()

    def of(self, role: str) -> Container | None:
        """The first server of a role."""
        servers = [item for item in self.containers if item.role == role]
        return next((item for item in servers if not item.one_shot), servers[0] if servers else None)


class Server(msgspec.Struct, frozen=True):
    """An odoo.conf: the options that say where things are."""

    path: str
    options: tuple[tuple[str, str], ...]

    def get(self, *names: str) -> str:
        """The first of the options that is set and known; empty without."""
        known = dict(self.options)
        return next((known[name] for name in names if known.get(name)), "")


class Host(msgspec.Struct, frozen=True):
    """A name under which the world reaches the instance, and where the files say so."""

    name: str
    tls: bool
    certificate: str
    path: str
    line: int


class Job(msgspec.Struct, frozen=True):
    """A script, or what runs by the clock (``when``); ``does`` is backup, restore or nothing known."""

    path: str
    line: int
    does: str
    when: str = ""


class Infrastructure(msgspec.Struct, frozen=True):
    """Everything together: files by kind, those with a service or job of a role, and what they say.

    ``development`` counts files that no instance in production uses.
    """

    files: dict[str, tuple[str, ...]] = {}
    roles: dict[str, tuple[str, ...]] = {}
    projects: tuple[Project, ...] = ()
    servers: tuple[Server, ...] = ()
    hosts: tuple[Host, ...] = ()
    jobs: tuple[Job, ...] = ()
    units: tuple[str, ...] = ()
    series: str = ""
    development: int = 0

    @property
    def known(self) -> bool:
        """Whether there is any file of an instance at all."""
        return any(self.files.values())

    def files_of(self, area: Area) -> tuple[str, ...]:
        """The files that say something of an area."""
        paths = {path for kind in area.kinds for path in self.files.get(kind, ())}
        return tuple(sorted(paths.union(*(self.roles.get(role, ()) for role in area.roles))))

    @property
    def project(self) -> Project | None:
        """The project that runs Odoo, else the first."""
        with_odoo = [item for item in self.projects if item.of("odoo") is not None]
        return next(iter((*with_odoo, *self.projects)), None)

    @property
    def companions(self) -> tuple[Project, ...]:
        """Projects that run beside the main one: no other instance of Odoo, no variant of its files."""
        main = self.project
        return tuple(
            item
            for item in self.projects
            if main is not None and item.folder != main.folder and item.of("odoo") is None
        )

    def all_of(self, role: str) -> list[Container]:
        """All services of a role, each once."""
        found = {
            (item.name, item.path, item.line): item
            for project in self.projects
            for item in project.containers
            if item.role == role or not role
        }
        return list(found.values())

    def paths_of(self, *kinds: str) -> list[str]:
        """The files of some kinds, without patterns for files."""
        paths = {path for kind in kinds for path in self.files.get(kind, ())}
        return sorted(path for path in paths if not for_development(path))

    def container(self, role: str) -> Container | None:
        """The server of a role, of the main project if it has one."""
        for project in (self.project, *self.companions, *self.projects):
            found = project.of(role) if project is not None else None
            if found is not None:
                return found
        return None

    def project_of(self, container: Container) -> Project | None:
        return next((item for item in self.projects if container in item.containers), None)

    def option(self, *names: str) -> str:
        """The first value of an option in any odoo.conf."""
        return next((value for server in self.servers if (value := server.get(*names))), "")

    @property
    def database(self) -> str:
        """The database of the instance; empty when no file names a single one."""
        odoo = self.container("odoo")
        named = self.option("db_name") or (odoo.database if odoo is not None else "")
        return named if "," not in named and named.lower() not in ("false", "none") else ""

    @property
    def public(self) -> str:
        """The first name under which the instance is reached."""
        return next((host.name for host in (*filter(lambda item: item.tls, self.hosts), *self.hosts)), "")


def beside(folder: str, path: str) -> str:
    """A path as seen from a folder."""
    return posixpath.relpath(path, folder or ".")
