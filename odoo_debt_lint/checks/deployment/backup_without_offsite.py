"""Backups that stay on the machine which they are to save.

## What it does
Reports the first script, line of a crontab or service that makes backups, when nothing in the run takes them
to another machine.

## Why is this bad
A disk that fails, a server that is encrypted or deleted, takes the backups along.

## How to fix
`restic` or `borg` with a repository elsewhere, `rclone`, `rsync` to another host, an object store; best one
where old backups cannot be deleted from here.

## Not reported
Anything in the run that copies to another host or store, or writes to a mounted one (`/mnt`, `/media`, NFS);
variables for a store or host; scripts that by their names do something else and save the database before
(`dump-and-update.sh`); single files, when no folder is linted. Copies that are made outside of the project:
accept the finding with a comment that says where.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._backups import OFFSITE, around, sources
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnInstance, Rule, Severity


def check(instance: Instance) -> Hits:
    found = [] if instance.alone else sources(instance)
    texts = [*around(instance), *(text for source in found for text in source.texts)]
    texts += [name for env in instance.envs for name in env.entries]
    if found and not any(OFFSITE.search(text) for text in texts):
        yield Hit(found[0].where, "nothing among these files takes the backups to another machine")


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.BACKUPS,
    minutes=60,
    confidence=Confidence.MEDIUM,
    listeners=(OnInstance(check),),
    tags=("secret",),  # a line of a crontab may hold a password
)
