"""Data that is gone with its container.

## What it does
Reports PostgreSQL without a mount of its data folder (one of `data/pgdata` needs a `PGDATA`; until 17 the
image keeps the data in `/var/lib/postgresql/data` and nowhere above, from 18 on a mount of
`/var/lib/postgresql` is wanted), and Odoo without one of `/var/lib/odoo` (its filestore).

## Why is this bad
The next `docker compose up` after a change of the image makes new containers: the database is empty, or all
attachments are missing while the database still refers to them.

## How to fix
`odoo-db:/var/lib/postgresql/data` and `odoo-data:/var/lib/odoo`, with the volumes declared.

## Not reported
Services built from a Dockerfile (but PostgreSQL); another `PGDATA` or `data_dir`; mounts that are not
known; files which declare volumes and mount none, as a base that others complete.
"""

from __future__ import annotations

import posixpath
import re

from odoo_debt_lint.checks.deployment._servers import servers
from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.service import Mount, Service
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnDeployment, Rule, Severity

_FOLDERS = {
    "postgres": ("/var/lib/postgresql", "/bitnami/postgresql", "/var/lib/timescaledb", "/home/postgres"),
    "odoo": ("/var/lib/odoo", "/bitnami/odoo", "/opt/odoo", "/data", "/home/odoo", "/odoo"),
}

_DATA = "/var/lib/postgresql/data"
_OFFICIAL = re.compile(r"(?:.*/)?(?:postgres|postgis|pgvector):(?:(?:.*-)?pg)?(\d{1,2})(?:[.-].*)?")


def check(compose: ComposeFile) -> Hits:
    if _is_base(compose):
        return
    for service in servers(compose, *_FOLDERS):
        if service.hidden_mounts or _elsewhere(compose, service):
            continue
        if service.role == "odoo" and not _is_official(service):
            continue
        folder = _own_folder(service) if service.role == "postgres" else ""
        kept = (mount for mount in service.mounts if not _misses(compose, service, mount))
        if not any(_keeps(mount.target.rstrip("/"), folder, service.role) for mount in kept):
            what = "database" if service.role == "postgres" else "filestore"
            yield Hit(service.where, f"the {what} of {service.name} is in no volume", entity=service.name)


def _is_base(compose: ComposeFile) -> bool:
    """Whether volumes are declared that no service mounts: other files are to add the mounts."""
    declared = compose.project.get("volumes") if compose.project is not None else None
    return declared is not None and not any(service.mounts for service in compose.joined.values())


def _elsewhere(compose: ComposeFile, service: Service) -> bool:
    return "extends" in service.node.pairs or "volumes" in compose.elsewhere.get(service.name, ())


def _is_official(service: Service) -> bool:
    return bool(service.image) and "build" not in service.node.pairs and "--data-dir" not in service.command


def _misses(compose: ComposeFile, service: Service, mount: Mount) -> bool:
    """Whether a volume is mounted where PostgreSQL's own image keeps nothing.

    That is inside of the data folder; until 17 also around it, as the image puts a nameless volume of its own
    there; and from 18 on, where the folder has the version in its name, at the place of before.
    """
    known = service.environment.pairs if service.environment is not None else {}
    other = "env_file" in service.node.pairs or "environment" in compose.elsewhere.get(service.name, ())
    told = "PGDATA" in known or other or "build" in service.node.pairs or "-D" in service.command
    if told:
        return False
    image, target = _OFFICIAL.fullmatch(service.image or ""), mount.target.rstrip("/")
    if image is not None and target == ("/var/lib/postgresql" if int(image[1]) < 18 else _DATA):
        return True
    return target.startswith(f"{_DATA}/")


def _keeps(target: str, folder: str, role: str) -> bool:
    """Whether a mount keeps the data: it is the folder that the service names, around or inside of it."""
    if folder:
        return f"{folder}/".startswith(f"{target}/") or f"{target}/".startswith(f"{folder}/")
    return f"{target}/".startswith(tuple(f"{name}/" for name in _FOLDERS[role]))


def _own_folder(service: Service) -> str:
    """Where PostgreSQL is told to keep its data."""
    environment = service.environment
    value = environment.value("PGDATA") if environment is not None else None
    return posixpath.normpath(value) if value and len(value) > 1 else ""


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.BACKUPS,
    minutes=20,
    confidence=Confidence.MEDIUM,
    listeners=(OnDeployment(("compose",), check),),
)
