"""Database without a sign of a backup.

## What it does
Reports a compose file with a database, when nothing in the run makes backups: no service, no script, no
timer, no command with `pg_dump`. What a script such as `deploy.sh` saves before it changes something is made
when somebody deploys, and is no backup.

## Why is this bad
A volume is no backup: it is lost with the disk, with a wrong command, and to whoever encrypts it.

## How to fix
A service or a timer that dumps the database and the filestore every night to another place, and a restore
that somebody tries.

## Not reported
A service, script, line of a crontab or timer that says so by its name or commands; an addon of the set that
makes backups, such as `auto_backup`; single files, when no folder is linted. Backups that are made outside
of the project: accept the finding with a comment that says where.
"""

from __future__ import annotations

import re

from odoo_debt_lint.checks.deployment._signs import unless_signed
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Confidence, Hits, OnInstance, Rule, Severity

_SIGN = re.compile(r"back-?_?up|pg_?dump|restic|borg|wal-g|pgbackrest|barman|respaldo|sauvegarde|dump", re.I)

_ADDONS = re.compile(
    r"(^|_)(auto|automatic|auto_database|database|db|odoo)_backup|backup_(database|db|s3|sftp)"
)


def check(instance: Instance) -> Hits:
    message = "nothing among these files makes backups of the database and the filestore"
    return unless_signed(instance, _SIGN, _ADDONS, message)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.BACKUPS,
    minutes=240,
    confidence=Confidence.MEDIUM,
    listeners=(OnInstance(check),),
)
