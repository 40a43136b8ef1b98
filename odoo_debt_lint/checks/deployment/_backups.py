"""The places of a run that make backups, and what else is done there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from odoo_debt_lint.checks.deployment._signs import runs
from odoo_debt_lint.deployment.command import script_of
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.deployment.shell import Command, commands
from odoo_debt_lint.finding import FIRST_LINE, Location

_MAKES = re.compile(
    r"(?<![\w.-])(pg_dump|pg_dumpall|pg_basebackup|click-odoo-backupdb|restic\b.*\bbackup|borg\b.*\bcreate|"
    r"kopia\b.*\bsnapshot create|odoo(?:-bin)?\s(?:\S+\s+){0,9}?db\s(?:\S+\s+){0,9}?dump|"
    r"curl\b.*/web/database/backup|wget\b.*/web/database/backup)(?![\w.-])",
    re.S,
)
OFFSITE = re.compile(
    r"\b(rclone|scp|sftp|lftp|ncftpput|s3cmd|s5cmd|gsutil|gcloud|azcopy|b2|duplicity|duply|smbclient|sshfs|"
    r"swift|zfs send|megaput|wormhole|tarsnap)\b|\baws\b.*\bs3|\baz storage|\bmc (cp|mirror)|"
    r"\brsync\b.*(:|\$)|\bssh\b|\bcurl\b(?!.*/web/database/backup).*(-T|--upload-file|-F|ftp:)|\bftp\b|\bs3[:_]|_s3|bucket|remote|"
    r"offsite|\bnas\b|nfs|cifs|webdav|dropbox|gdrive|onedrive|google_?drive|backblaze|wasabi|hetzner|"
    r"(sftp|rest|b2|azure|gs|swift|ssh):|BORG_REPO|RESTIC_REPOSITORY|borg\b.*@|/mnt/(?!extra-addons|addons|enterprise|odoo)|/media/|(?-i:/Volumes/)|"
    r"storage_?box",
    re.I | re.S,
)
"""Signs that a backup goes to another machine, or maybe does."""
_SERVICE = re.compile(r"postgres-backup-local|pg-?backup|postgres(ql)?-backup|docker-db-backup|volume-backup")


_OTHERWISE = re.compile(
    r"restor|snapshot|migrat|upgrade|updat|deploy|releas|rollback|install|clone|copy|refresh|reset|anonymi|neutrali",
    re.I,
)
"""Names of scripts that save something before they do what they are for."""


@dataclass(frozen=True)
class Source:
    """A script, a line of a crontab, a service of systemd or of compose that makes backups.

    ``texts`` is all that it runs or sets, ``made`` the commands that make the backups.
    """

    where: Location
    texts: tuple[str, ...]
    made: tuple[Command, ...] = ()

    def shows(self, sign: re.Pattern[str]) -> bool:
        return any(sign.search(text) for text in self.texts)


def sources(instance: Instance) -> list[Source]:
    """All of them, in the order of their paths."""
    found = [*_scripts(instance), *_jobs(instance), *_services(instance)]
    return sorted(found, key=lambda item: (item.where.path, item.where.span.start_line))


def around(instance: Instance) -> list[str]:
    """What all scripts and jobs of the run do, backups or not, and the names of the files."""
    found = [command for script in instance.scripts for command in script.commands]
    found += [item for file in instance.schedules for job in file.jobs for item in job.commands]
    names = map(posixpath.basename, instance.paths)  # a folder ssh/ or hetzner/ takes no backup anywhere
    return [*names, *(command.text for command in found if runs(command))]


def _scripts(instance: Instance) -> Iterator[Source]:
    for script in instance.scripts:
        if _OTHERWISE.search(posixpath.basename(script.path)):
            continue
        made = _made(script.commands)
        if made:
            texts = tuple(command.text for command in script.commands if runs(command))
            yield Source(Location(script.path, FIRST_LINE), texts, made)


def _jobs(instance: Instance) -> Iterator[Source]:
    for file in instance.schedules:
        for job in file.jobs:
            made = _made(job.commands)
            if made:
                texts = tuple(command.text for command in job.commands)
                yield Source(Location(file.path, job.span), texts, made)


def _services(instance: Instance) -> Iterator[Source]:
    files = {compose.path: compose for compose in instance.composes}
    for compose in instance.composes:
        for service in compose.services:
            ready = service.role == "backup" and bool(_SERVICE.search(service.image or ""))
            own = commands(script_of(service, files), service.where.span.start_line)
            made = _made(own)
            if ready or made:
                yield Source(service.where, (*_settings(service), *(item.text for item in own)), made)


def _settings(service: Service) -> Iterator[str]:
    """What a service is told by its image, its variables and its mounts."""
    yield service.image or ""
    for name, pair in service.environment.pairs.items() if service.environment is not None else ():
        yield f"{name}={pair.value.text or ''}"
    yield from (f"{mount.source}:{mount.target}" for mount in service.mounts)


def _made(found: list[Command] | tuple[Command, ...]) -> tuple[Command, ...]:
    return tuple(command for command in found if runs(command) and _MAKES.search(command.text))
