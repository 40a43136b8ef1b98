"""Backups that nobody has ever restored.

## What it does
Reports the first script, line of a crontab or service that makes backups, when nothing in the run restores
or checks one.

## Why is this bad
A dump that is empty because of a full disk or a changed password looks like any other, until the day on
which it is needed.

## How to fix
A job that restores the last backup into a database beside the real one and asks it for something, once a
month; at the least `pg_restore --list`, `restic check`, `borg check`.

## Not reported
Scripts, jobs and commands that restore or verify; scripts that by their names do something else and save the
database before (`dump-and-update.sh`); single files, when no folder is linted. Tests that are made outside of
the project: accept the finding with a comment that says where.
"""

from __future__ import annotations

import re

from odoo_debt_lint.checks.deployment._backups import around, sources
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnInstance, Rule, Severity

_TESTS = re.compile(
    r"restor|restaur|wiederherst|verif|\b(restic|borg)\b.*\b(check|extract)\b|(gzip|gunzip|unzip|tar) -t|"
    r"\bpsql\b.*(<|-f\b)|\sdb\s(\S+\s+){0,9}?load\b|sha256sum -c|md5sum -c",
    re.I | re.S,
)


def check(instance: Instance) -> Hits:
    found = [] if instance.alone else sources(instance)
    texts = [*around(instance), *(text for source in found for text in source.texts)]
    if found and not any(_TESTS.search(text) for text in texts):
        yield Hit(found[0].where, "nothing among these files restores or checks a backup")


RULE = Rule(
    severity=Severity.LOW,
    block=Block.BACKUPS,
    minutes=120,
    confidence=Confidence.MEDIUM,
    listeners=(OnInstance(check),),
    tags=("secret",),  # a line of a crontab may hold a password
)
