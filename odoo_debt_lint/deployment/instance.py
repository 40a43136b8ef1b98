"""All deployment files of a run together: what one file says matters for the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.conf import ConfFile
from odoo_debt_lint.deployment.dockerfile import Dockerfile
from odoo_debt_lint.deployment.dotenv import EnvFile
from odoo_debt_lint.deployment.lines import for_development
from odoo_debt_lint.deployment.nginx import NginxFile
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.settings import Settings

_OPTION = re.compile(r"(?:^|\s)--([a-z][a-z0-9-]+)")
_COMMAND_NAMES = {
    "db-filter": "dbfilter",
    "no-database-list": "list_db",
    "database": "db_name",
    "no-http": "http_enable",
    "load": "server_wide_modules",
    "dev": "dev_mode",
}


@dataclass
class Instance:
    """The files by kind. ``paths`` are those of all deployment files, also of kinds without a reader.

    Files for development are not part of it, but for ``env``, whose secrets are as real there.
    """

    settings: Settings
    confs: list[ConfFile] = field(default_factory=list)
    composes: list[ComposeFile] = field(default_factory=list)
    dockerfiles: list[Dockerfile] = field(default_factory=list)
    nginxes: list[NginxFile] = field(default_factory=list)
    envs: list[EnvFile] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    series: str = ""

    def services(self, role: str) -> Iterator[Service]:
        """Services of a role in any project, each once."""
        for compose in self.composes:
            if not for_development(compose.path):
                yield from (service for service in compose.services if service.role == role)

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

    def command_options(self) -> frozenset[str]:
        """Options that services of Odoo get on their command line."""
        names: set[str] = set()
        commands = [service.command for service in self.services("odoo")]
        commands += [
            item.text.replace('"', " ").replace(",", " ")
            for file in self.dockerfiles
            for item in file.instructions
            if item.name in ("CMD", "ENTRYPOINT")
        ]
        for command in commands:
            for name in _OPTION.findall(command):
                names.add(_COMMAND_NAMES.get(name, name.replace("-", "_")))
            if re.search(r"\s-d\s", command):
                names.add("db_name")
        return frozenset(names)


def series_of(instance: Instance, default: str) -> str:
    """The series of the instance: the option, the images of Odoo, else that of all addons."""
    if instance.settings.series:
        return instance.settings.series
    images = [service.image or "" for service in instance.services("odoo")]
    images += [file.base(stage) for file in instance.dockerfiles for stage in file.stages]
    found = {match[1] for image in images if (match := re.search(r"odoo[^:]*:v?(\d{1,2})(?:\.0)?\b", image))}
    return f"{found.pop()}.0" if len(found) == 1 else default
