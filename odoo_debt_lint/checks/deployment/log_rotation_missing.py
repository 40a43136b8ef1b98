"""Log file that nobody rotates.

## What it does
Reports a `logfile` in odoo.conf when the run holds no configuration of logrotate that could be about it.

## Why is this bad
Since 13.0 Odoo does not rotate its log itself: the file grows until the disk is full, and then PostgreSQL
stops.

## How to fix
A file for `/etc/logrotate.d` beside the odoo.conf, or no `logfile` in a container, whose runtime keeps and
limits the output.

## Not reported
No `logfile`, or `syslog`, which comes first; `logrotate = True` before 13.0; a configuration of logrotate
among the files of the run; single files, when no folder is linted.
"""

from __future__ import annotations

import re

from odoo_debt_lint.deployment.conf import FALSE
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import (
    Block,
    Confidence,
    Hit,
    Hits,
    Location,
    OnInstance,
    Rule,
    Severity,
    series_number,
)

_SERIES = 13.0
"""The first without an option ``logrotate``."""


def check(instance: Instance) -> Hits:
    texts = [*instance.paths, *(item.text for file in instance.dockerfiles for item in file.instructions)]
    texts += [mount.source for service in instance.services("odoo") for mount in service.mounts]
    if instance.alone or any("logrotate" in text for text in texts):
        return
    for conf in instance.confs:
        entry = conf.get("logfile")
        if entry is None or not entry.value or _path(entry.value) in FALSE or not conf.known("logfile"):
            continue
        if conf.is_true("syslog") or "syslog" in conf.elsewhere:
            # Odoo takes the one or the other
            continue
        if conf.is_true("logrotate") and series_number(conf.series) < _SERIES:
            continue
        if not entry.value.startswith(("/dev/", "/proc/", "-")):
            yield Hit(Location(conf.path, entry.span), "nothing rotates this log file: it grows for ever")


def _path(value: str) -> str:
    """What whoever wrote a comment behind the value meant, though Odoo takes it for a part of it."""
    return re.sub(r"\s[#;].*", "", value).strip().lower()


RULE = Rule(
    severity=Severity.LOW,
    block=Block.OBSERVABILITY,
    minutes=20,
    confidence=Confidence.MEDIUM,
    listeners=(OnInstance(check),),
)
