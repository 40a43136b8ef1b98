"""Which configuration files are those of containers: what is dangerous on a machine is needed in there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.lines import for_development
from odoo_debt_lint.deployment.pg_hba import HbaFile
from odoo_debt_lint.deployment.postgresql import PostgresFile
from odoo_debt_lint.deployment.redis import RedisFile
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.deployment.sshd import SshdFile

_RUNS = re.compile(r"\b(docker|podman)\b.*\brun\b", re.S)


def mark_contained(instance: Instance) -> None:
    """Says of each configuration file whether containers get it, and whether only those for development."""
    files: list[HbaFile | PostgresFile | RedisFile | SshdFile]
    files = [*instance.hbas, *instance.postgres_confs, *instance.redis_confs, *instance.sshds]
    for file in files:
        users = {
            compose.path
            for compose in instance.composes
            for service in compose.services
            if mounts(compose, service, file.path, instance.paths)
        }
        elsewhere = _copied(instance, file.path) or _run(instance, file.path)
        file.contained = bool(users) or elsewhere
        file.development = bool(users) and not elsewhere and all(map(for_development, users))


def mounts(compose: ComposeFile, service: Service, path: str, known: list[str]) -> bool:
    """Whether a service mounts a file, or a folder around it; by its name when nothing is at the place."""
    for source in _sources(compose, service):
        real = posixpath.normpath(posixpath.join(compose.folder, source))
        if real != "." and (path == real or path.startswith(f"{real}/")):
            return True
        if posixpath.basename(real) == posixpath.basename(path) and real not in known:
            return True
    return False


def _sources(compose: ComposeFile, service: Service) -> Iterator[str]:
    yield from (mount.source for mount in service.mounts if mount.source and not mount.named)
    configs = compose.project.get("configs") if compose.project is not None else None
    if configs is not None and "configs" in service.node.pairs:
        yield from filter(None, (pair.value.value("file") for pair in configs.pairs.values()))


def _copied(instance: Instance, path: str) -> bool:
    """Whether a Dockerfile puts the file into an image."""
    name, folder = posixpath.basename(path), posixpath.basename(posixpath.dirname(path))
    for file in instance.dockerfiles:
        wanted = [name, folder] if folder and posixpath.dirname(path) != file.folder else [name]
        shape = re.compile(rf"(^|[\s/\"'])({'|'.join(map(re.escape, wanted))})/?([\s\"',]|$)")
        if any(item.name in ("COPY", "ADD") and shape.search(item.text) for item in file.instructions):
            return True
    return False


def _run(instance: Instance, path: str) -> bool:
    """Whether a script or a service of systemd gives the file to a container that it runs."""
    return any(_RUNS.search(text) for text in _naming(instance, path))


def on_machine(instance: Instance, path: str) -> bool:
    """Whether a script or a service of systemd puts or reads the file outside of containers."""
    return any(not _RUNS.search(text) for text in _naming(instance, path))


def _naming(instance: Instance, path: str) -> Iterator[str]:
    """The commands that name a file."""
    name = posixpath.basename(path)
    commands = [command for script in instance.scripts for command in script.commands]
    commands += [item for file in instance.schedules for job in file.jobs for item in job.commands]
    return (command.text for command in commands if name in command.text)
