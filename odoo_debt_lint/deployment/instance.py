"""All deployment files of a run together: what one file says matters for the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from odoo_debt_lint.deployment.command import words_of
from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.conf import ConfFile
from odoo_debt_lint.deployment.dockerfile import Dockerfile
from odoo_debt_lint.deployment.dotenv import EnvFile
from odoo_debt_lint.deployment.fail2ban import JailFile
from odoo_debt_lint.deployment.lines import File, for_development
from odoo_debt_lint.deployment.nginx import NginxFile
from odoo_debt_lint.deployment.pg_hba import HbaFile
from odoo_debt_lint.deployment.postgresql import PostgresFile
from odoo_debt_lint.deployment.redis import RedisFile
from odoo_debt_lint.deployment.schedule import ScheduleFile
from odoo_debt_lint.deployment.script import ScriptFile
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.deployment.sshd import SshdFile
from odoo_debt_lint.settings import Settings

_OPTION = re.compile(r"(?:^|\s)--([a-z][a-z0-9_-]+)")
_SHORT = re.compile(r"(?:^|\s)-([drw])(?=\s)")
_SHORT_NAMES = {"d": "db_name", "r": "db_user", "w": "db_password"}
_COMMAND_NAMES = {
    "db-filter": "dbfilter",
    "no-database-list": "list_db",
    "database": "db_name",
    "no-http": "http_enable",
    "load": "server_wide_modules",
    "dev": "dev_mode",
    "no-xmlrpc": "http_enable",
    "xmlrpc-interface": "http_interface",
}


@dataclass
class Instance:
    """The files by kind. ``paths`` are those of all deployment files, also of kinds without a reader.

    Files for development are not part of it, but for ``env``, whose secrets are as real there. ``alone`` says
    that single files are linted: what is not here may be in one beside them; ``fragments`` that there are
    pieces of an odoo.conf. ``addons`` are the names of the addons beside which they stand.
    """

    settings: Settings
    confs: list[ConfFile] = field(default_factory=list)
    composes: list[ComposeFile] = field(default_factory=list)
    dockerfiles: list[Dockerfile] = field(default_factory=list)
    nginxes: list[NginxFile] = field(default_factory=list)
    envs: list[EnvFile] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    series: str = ""
    postgres_confs: list[PostgresFile] = field(default_factory=list)
    hbas: list[HbaFile] = field(default_factory=list)
    redis_confs: list[RedisFile] = field(default_factory=list)
    sshds: list[SshdFile] = field(default_factory=list)
    jails: list[JailFile] = field(default_factory=list)
    schedules: list[ScheduleFile] = field(default_factory=list)
    scripts: list[ScriptFile] = field(default_factory=list)
    alone: bool = False
    fragments: bool = False
    addons: list[str] = field(default_factory=list)

    @property
    def by_kind(self) -> dict[str, list[Any]]:
        """The lists of files by the kind of what they hold."""
        return {
            "odoo": self.confs,
            "compose": self.composes,
            "dockerfile": self.dockerfiles,
            "nginx": self.nginxes,
            "env": self.envs,
            "postgresql": self.postgres_confs,
            "pg_hba": self.hbas,
            "redis": self.redis_confs,
            "sshd": self.sshds,
            "fail2ban": self.jails,
            "schedule": self.schedules,
            "script": self.scripts,
        }

    @property
    def files(self) -> list[File]:
        """All files that a reader has read."""
        return [file for files in self.by_kind.values() for file in files]

    def services(self, role: str) -> Iterator[Service]:
        """Services of a role in any project, each once."""
        yield from (service for _, service in self.projects(role))

    def projects(self, role: str) -> Iterator[tuple[ComposeFile, Service]]:
        """The same, with the file of each."""
        for compose in self.composes:
            if not for_development(compose.path):
                yield from ((compose, service) for service in compose.services if service.role == role)

    @property
    def cores(self) -> float | None:
        """Cores that Odoo has: told by the user, else the limit of its only service."""
        return self.settings.cores or self._limit("cores")

    @property
    def memory(self) -> float | None:
        """Bytes of memory that Odoo has."""
        if self.settings.memory:
            return self.settings.memory * (1 << 30)
        return self._limit("memory")

    def _limit(self, name: str) -> float | None:
        found: set[float | None] = {
            getattr(service, name) for service in self.services("odoo") if not service.one_shot
        }
        return found.pop() if len(found) == 1 else None

    def command_options(self, services: list[Service]) -> frozenset[str]:
        """Options that services of Odoo, of compose or systemd, get on their command line."""
        names: set[str] = set()
        files = {compose.path: compose for compose in self.composes}
        commands = [" ".join(words_of(service, files)) for service in services]
        commands += [
            item.text.replace('"', " ").replace(",", " ")
            for file in self.dockerfiles
            for item in file.instructions
            if item.name in ("CMD", "ENTRYPOINT")
        ]
        jobs = (job.text for file in self.schedules for job in file.jobs)
        commands += [text for text in jobs if re.search(r"(^|/)(odoo|odoo-bin|openerp-server)\s", text)]
        for command in commands:
            for name in _OPTION.findall(command):
                names.add(_COMMAND_NAMES.get(name, name.replace("-", "_")))
            for letter in _SHORT.findall(command):
                if letter == "d" or "odoo" in command:  # -w is something else to other servers
                    names.add(_SHORT_NAMES[letter])
        return frozenset(names)


def series_of(instance: Instance, default: str) -> str:
    """The series of the instance: the option, the images of Odoo, else that of all addons."""
    if instance.settings.series:
        return instance.settings.series
    images = [service.image or "" for service in instance.services("odoo")]
    images += [file.base(stage) for file in instance.dockerfiles for stage in file.stages]
    return series_of_images(images) or default


def series_of_images(images: Iterable[str]) -> str:
    """The series of images of Odoo, if it is one."""
    found = {match[1] for image in images if (match := re.search(r"odoo[^:]*:v?(\d{1,2})(?:\.0)?\b", image))}
    return f"{found.pop()}.0" if len(found) == 1 else ""
