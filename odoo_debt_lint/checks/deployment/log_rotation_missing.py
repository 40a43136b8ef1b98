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
No `logfile`; a configuration of logrotate among the files of the run; single files, when no folder is linted.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.conf import FALSE
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, Location, OnInstance, Rule, Severity


def check(instance: Instance) -> Hits:
    texts = [*instance.paths, *(item.text for file in instance.dockerfiles for item in file.instructions)]
    texts += [mount.source for service in instance.services("odoo") for mount in service.mounts]
    if instance.alone or any("logrotate" in text for text in texts):
        return
    for conf in instance.confs:
        entry = conf.get("logfile")
        if entry is None or not entry.value or entry.value.lower() in FALSE or not conf.known("logfile"):
            continue
        if not entry.value.startswith(("/dev/", "/proc/", "-")):
            yield Hit(Location(conf.path, entry.span), "nothing rotates this log file: it grows for ever")


RULE = Rule(
    severity=Severity.LOW,
    block=Block.OBSERVABILITY,
    minutes=20,
    confidence=Confidence.MEDIUM,
    listeners=(OnInstance(check),),
)
