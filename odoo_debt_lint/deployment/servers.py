"""PostgreSQL and Redis as the files tell them: configuration, the service that mounts it, its options."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from odoo_debt_lint.deployment.command import postgres_options, redis_options, words_of
from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.containment import mounts, on_machine
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.lines import for_development
from odoo_debt_lint.deployment.pg_hba import HbaFile
from odoo_debt_lint.deployment.postgresql import PostgresFile
from odoo_debt_lint.deployment.redis import RedisFile, directive
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.deployment.setting import GIB, Setting
from odoo_debt_lint.finding import FIRST_LINE, Location

_OTHER_FILE = re.compile(r"\.conf$|^config_file$|^include")
Options = Callable[[Service, Mapping[str, ComposeFile]], Iterator[Setting]]


@dataclass(frozen=True)
class Server:
    """``start`` is where something is reported that is missing: the first line of its file, or its service.

    ``complete`` says that nothing which is not in the files can set what is missing here, ``contained`` that
    it runs in a container, where it must listen on all interfaces to be reached.
    """

    start: Location
    settings: Mapping[str, Setting]
    complete: bool
    file: PostgresFile | RedisFile | None = None
    service: Service | None = None
    contained: bool = True
    memory: float | None = None

    @property
    def published(self) -> bool:
        """Whether its service can be reached from outside of the host."""
        if self.service is None:
            return False
        opened = any(port.open for port in self.service.ports)
        return opened or self.service.node.value("network_mode") == "host"

    def value(self, name: str) -> str | None:
        setting = self.settings.get(name)
        return setting.value if setting is not None else None

    def unknown(self, *names: str) -> bool:
        """Whether one of the settings has a value that no file tells."""
        return any(name in self.settings and self.settings[name].value is None for name in names)

    def place(self, name: str) -> Location:
        """Where it is set, or where it is missing."""
        setting = self.settings.get(name)
        return setting.where if setting is not None else self.start


def postgres_servers(instance: Instance) -> list[Server]:
    """Every PostgreSQL of the run, each once."""
    return _servers(instance, "postgres", instance.postgres_confs, _postgres_settings)


def redis_servers(instance: Instance) -> list[Server]:
    """Every Redis of the run, each once."""
    return _servers(instance, "redis", instance.redis_confs, _redis_settings)


def _servers(
    instance: Instance, role: str, files: Sequence[PostgresFile | RedisFile], options: Options
) -> list[Server]:
    """One server for each file that is none's part, and one for each service that mounts none of them."""
    running = list(_running(instance, role))
    found, used = [], set[int]()
    for file in files:
        if not file.included:
            mounting = [item for item in running if mounts(*item, file.path, instance.paths)]
            used.update(id(service) for _, service in mounting)
            found.append(_of_file(instance, file, mounting[0][1] if mounting else None, options))
    for compose, service in running:
        if id(service) not in used:
            found.append(_of_service(instance, compose, service, options))
    return found


def _running(instance: Instance, role: str) -> Iterator[tuple[ComposeFile, Service]]:
    for compose in instance.composes:
        if not for_development(compose.path):
            yield from ((compose, service) for service in compose.services if service.role == role)


def _of_file(
    instance: Instance, file: PostgresFile | RedisFile, service: Service | None, options: Options
) -> Server:
    own = {item.name: item for item in options(service, _by_path(instance))} if service is not None else {}
    return Server(
        start=Location(file.path, FIRST_LINE),
        settings={**file.settings, **own},
        complete=file.complete,
        file=file,
        service=service,
        contained=file.contained,
        memory=_memory(instance, service),
    )


def _of_service(instance: Instance, compose: ComposeFile, service: Service, options: Options) -> Server:
    files = _by_path(instance)
    return Server(
        start=service.where,
        settings={item.name: item for item in options(service, files)},
        complete=_complete(compose, service, words_of(service, files)),
        service=service,
        memory=_memory(instance, service),
    )


def _by_path(instance: Instance) -> dict[str, ComposeFile]:
    return {compose.path: compose for compose in instance.composes}


def maybe_contained(instance: Instance, role: str, file: PostgresFile | HbaFile | RedisFile) -> bool:
    """Whether a configuration file is, or may be, that of a container: the run has one that could be meant,
    and nothing puts the file on a machine."""
    return file.contained or (any(_running(instance, role)) and not on_machine(instance, file.path))


def _complete(compose: ComposeFile, service: Service, words: list[str]) -> bool:
    """Whether the service alone decides: no file of its own, no image of the project."""
    keys = ("build", "configs", "env_file", "extends")
    if any(compose.supplied(service, key) for key in keys) or service.hidden_mounts:
        return False
    return not any(_OTHER_FILE.search(word) for word in words) and not any(
        ".conf" in mount.target + mount.source or mount.target.startswith("/etc") for mount in service.mounts
    )


def _memory(instance: Instance, service: Service | None) -> float | None:
    """Bytes of memory the server has: the limit of its service, else what the user says of the machine."""
    if service is not None and service.memory:
        return service.memory
    return instance.settings.memory * GIB if instance.settings.memory else None


def _postgres_settings(service: Service, files: Mapping[str, ComposeFile]) -> Iterator[Setting]:
    where = service.node.place("command") if "command" in service.node.pairs else service.where
    for name, value in postgres_options(words_of(service, files)):
        yield Setting(name, value, where)


def _redis_settings(service: Service, files: Mapping[str, ComposeFile]) -> Iterator[Setting]:
    where = service.node.place("command") if "command" in service.node.pairs else service.where
    for name, values in redis_options(words_of(service, files)):
        known = [value for value in values if value is not None]
        if len(known) == len(values):
            yield directive(name, known, where)
        else:
            yield Setting(name, None, where)
    environment = service.environment.pairs if service.environment is not None else {}
    for name, pair in environment.items():
        if re.fullmatch(r"(REDIS|VALKEY)_PASSWORD(_FILE)?", name):
            yield Setting("requirepass", None, Location(pair.path, pair.span))
        elif name in ("REDIS_ARGS", "REDIS_EXTRA_FLAGS", "VALKEY_EXTRA_FLAGS"):
            for option, values in redis_options((pair.value.text or "").split()):
                yield Setting(option, " ".join(value or "" for value in values), where)
