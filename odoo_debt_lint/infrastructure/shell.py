"""Commands for the instance at hand, with its own names, ready to be pasted.

What no file tells stands as ``YOUR_…``. Names come from files of others: each is quoted for the shell and
holds no line breaks. No command holds a value that could be a secret.
"""

from __future__ import annotations

import posixpath
import shlex
from dataclasses import dataclass
from functools import cached_property

from odoo_debt_lint.infrastructure.facts import Container, Infrastructure, Project
from odoo_debt_lint.source import printable

HOST, DATABASE, USER = "YOUR_HOST", "YOUR_DATABASE", "YOUR_DATABASE_USER"
BACKUPS, UNIT = "YOUR_BACKUP_FOLDER", "YOUR_ODOO_UNIT"
_FILESTORE = "/var/lib/odoo"
_LOCAL = ("", "0.0.0.0", "127.0.0.1", "::", "[::]", "::1", "[::1]", "localhost")


def quoted(name: str) -> str:
    """A name as one word of a shell."""
    return shlex.quote(printable(name))


def _statement(text: str) -> str:
    """SQL as one word: with the quotes that leave its own alone, where that is safe."""
    flat = printable(text)
    safe = "'" in flat and not any(char in flat for char in '"$`\\!')
    return f'"{flat}"' if safe else shlex.quote(flat)


@dataclass(frozen=True)
class Shell:
    """The commands of an instance."""

    facts: Infrastructure

    @cached_property
    def odoo(self) -> Container | None:
        return self.facts.container("odoo")

    @cached_property
    def postgres(self) -> Container | None:
        return self.facts.container("postgres")

    @cached_property
    def host(self) -> str:
        return quoted(self.facts.public) if self.facts.public else HOST

    @cached_property
    def database(self) -> str:
        return quoted(self.facts.database) if self.facts.database else DATABASE

    @cached_property
    def user(self) -> str:
        known = self.facts.option("db_user") or (self.postgres.user if self.postgres is not None else "")
        return quoted(known) if known and known.lower() != "false" else USER

    def compose(self, arguments: str, project: Project | None = None) -> str:
        """A call of docker compose from the top folder; files it would not find there are named."""
        project = project or self.facts.project
        files = ""
        if project is not None and (project.folder or not project.found):
            files = "".join(f" -f {quoted(path)}" for path in project.files)
        return f"docker compose{files} {arguments}"

    def inside(self, container: Container, command: str) -> str:
        """A command inside the container of a service."""
        return self.compose(f"exec -T {quoted(container.name)} {command}", self.facts.project_of(container))

    def database_tool(self, tool: str, arguments: str) -> str:
        """A program of PostgreSQL, in its container or against the server of odoo.conf."""
        server = self.facts.option("db_host")
        if self.postgres is not None and (not server or not self._elsewhere(server)):
            return self.inside(self.postgres, f"{tool} -U {self.user} {arguments}")
        port = self.facts.option("db_port")
        where = f" -h {quoted(server)}" if server and server.lower() != "false" else ""
        where += f" -p {quoted(port)}" if port and port.lower() != "false" else ""
        return f"{tool}{where} -U {self.user} {arguments}"

    def _elsewhere(self, server: str) -> bool:
        """Whether a database server is none of the project's services."""
        names = {item.name for project in self.facts.projects for item in project.containers}
        names |= {item.container for project in self.facts.projects for item in project.containers}
        return server not in names and server.lower() not in ("false", "localhost", "127.0.0.1")

    def sql(self, statement: str, database: str = "") -> str:
        return self.database_tool("psql", f"-d {database or self.database} -c {_statement(statement)}")

    @property
    def local_url(self) -> str:
        """Odoo on its own host, past the proxy."""
        port = self.facts.option("http_port", "xmlrpc_port") or "8069"
        interface = "127.0.0.1"
        published = self.odoo.published(port, "8069") if self.odoo is not None else None
        if published is not None:
            port = published[1]
            interface = published[0] if published[0] not in _LOCAL else interface
        return f"http://{quoted(interface)}:{quoted(port)}"

    @property
    def alive(self) -> str:
        """Asks Odoo itself: on its host, or in its container where no port is published."""
        odoo = self.odoo
        if odoo is not None and odoo.published("8069", self.facts.option("http_port")) is None:
            port = self.facts.option("http_port", "xmlrpc_port") or "8069"
            return self.inside(odoo, f"curl -fsS http://127.0.0.1:{quoted(port)}{self.health}")
        return f"curl -fsS {self.local_url}{self.health}"

    @property
    def health(self) -> str:
        """A page that answers when Odoo is up: a route of its own from 15.0 on."""
        old = self.facts.series[:2] in ("11", "12", "13", "14")
        return "/web/login" if old else "/web/health"

    @cached_property
    def data_dir(self) -> str:
        """Where Odoo keeps its files, as seen by Odoo."""
        return self.facts.option("data_dir") or _FILESTORE

    @property
    def filestore(self) -> str:
        return posixpath.join(self.data_dir, "filestore", self.facts.database or DATABASE)

    def files(self, command: str) -> str:
        """A command on Odoo's files."""
        return self.inside(self.odoo, command) if self.odoo is not None else command

    def once(self, command: str) -> str:
        """A command with Odoo's files while Odoo is stopped: in a container of its own."""
        if self.odoo is None:
            return command
        program, _, arguments = command.partition(" ")
        # the image's own entrypoint tells odoo where the database is, and is in the way of all else
        entry, rest = ("", command) if program == "odoo" else (f" --entrypoint {program}", arguments)
        call = f"run --rm -T --no-deps{entry} {quoted(self.odoo.name)} {rest}"
        return self.compose(call, self.facts.project_of(self.odoo))

    @property
    def logs(self) -> str:
        """The last lines of Odoo's log."""
        logfile = self.facts.option("logfile")
        if logfile and logfile.lower() not in ("false", "none"):
            return self.files(f"tail -n 200 {quoted(logfile)}")
        if self.odoo is not None:
            return self.compose(f"logs --tail 200 {quoted(self.odoo.name)}", self.facts.project_of(self.odoo))
        return f"journalctl -u {self.unit} -n 200 --no-pager"

    @cached_property
    def unit(self) -> str:
        """The unit of systemd that runs Odoo without containers."""
        names = (posixpath.basename(path) for path in self.facts.units)
        return quoted(next((name for name in names if "odoo" in name.lower()), UNIT))
