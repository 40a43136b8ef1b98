"""Backups that pile up until the disk is full, or of which there is only one.

## What it does
Reports a script, or a line of a crontab, that makes backups of its own day or time while nothing in the run
deletes old ones; and one that writes the same file each time without taking it elsewhere.

## Why is this bad
The disk fills up, and PostgreSQL stops with it. Where each backup replaces the one before, a damage that is
found on the second day cannot be undone any more.

## How to fix
`find /backup -name '*.dump' -mtime +14 -delete`, `restic forget --keep-daily 7 --keep-weekly 4 --prune`,
`borg prune`.

## Not reported
Anything that deletes or rotates in a script or job of the run, variables that say how many are kept; names
that come again each week or month (`date +%u`); services that keep a number of backups by themselves; dumps
that are taken elsewhere and removed; scripts that by their names do something else and save the database
before (`dump-and-update.sh`); tools whose caller says what goes where (`getopts`); single files, when no
folder is linted.
"""

from __future__ import annotations

import re

from odoo_debt_lint.checks.deployment._backups import OFFSITE, Source, around, sources
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnInstance, Rule, Severity

_KEEPS = re.compile(
    r"-delete\b|-[mc](time|min)\b|\bforget\b|\bprune\b|retention|retain|keep|rotat|tmpreaper|tmpwatch|lifecycle|"
    r"expire|(max|min)-age|remove-older|remove-all-but|older_than|days_to|\btail -n ?\+|\bhead -n ?-|savelog|"
    r"max_?backups|\bunlink\b",
    re.I,
)
_REMOVES = re.compile(r"(^|\s)(rm|del|trash)\s(?P<what>.*)$", re.S)
_PASSING = re.compile(r"te?mp|work|lock|pid|\.sql\b|staging|mktemp", re.I)
_TOLD = re.compile(r"\bgetopts\b")
_DATED = re.compile(r"date|time|stamp|now|today|day|%[YymdHFsT]|\$\{?(ts|dt|d|t|fecha|when)\b", re.I)

_REPOSITORY = re.compile(r"\b(restic|borg|kopia)\b")
_FORMAT = re.compile(r"\bdate\b[^;|)`]*?\+['\"]?([^'\");`|]*)")
_PART = re.compile(r"%[-_0^#]?(\w)")
_ROUND = frozenset("uwaAdeHM")


def check(instance: Instance) -> Hits:
    found = [] if instance.alone else sources(instance)
    if not found or any(map(_keeps, around(instance))):
        return
    for source in found:
        if source.made and not any(map(_keeps, source.texts)) and not _told(source):
            away = source.shows(OFFSITE)
            if source.shows(_DATED) and not (away and source.shows(_REMOVES)):
                yield Hit(source.where, "nothing deletes old backups: they pile up until the disk is full")
            elif not away and _writes(source):
                yield Hit(source.where, "each backup replaces the one before: there is never more than one")


def _keeps(text: str) -> bool:
    """Whether a command deletes backups; its own temporary files do not count."""
    removed = _REMOVES.search(text)
    return bool(_KEEPS.search(text)) or (removed is not None and not _PASSING.search(removed["what"]))


def _told(source: Source) -> bool:
    """Whether the caller says what goes where, or the names come again."""
    return source.shows(_TOLD) or _comes_again(source)


def _comes_again(source: Source) -> bool:
    """Whether the names go round: one for each day of the week or month."""
    formats = [match[1] for text in source.texts for match in _FORMAT.finditer(text)]
    if source.shows(_REPOSITORY):
        return False
    return bool(formats) and all(set(_PART.findall(item)) <= _ROUND for item in formats)


def _writes(source: Source) -> bool:
    """Whether the backup goes to a file that has a fixed name."""
    return any(
        (">" in command.words or "-f" in command.words) and "$" not in command.text for command in source.made
    )


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.BACKUPS,
    minutes=30,
    confidence=Confidence.MEDIUM,
    listeners=(OnInstance(check),),
    tags=("secret",),  # a line of a crontab may hold a password
)
