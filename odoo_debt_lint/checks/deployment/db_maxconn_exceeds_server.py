"""More connections than PostgreSQL accepts.

## What it does
Compares `(workers + max_cron_threads + 1) × db_maxconn` with `max_connections` of PostgreSQL, where the
command of its service in compose tells it.

## Why is this bad
Under load requests fail with "too many clients already", and so do backups and maintenance.

## How to fix
`db_maxconn` such that the product stays below `max_connections`; a worker rarely needs more than 8.

## Not reported
Servers whose `max_connections` is not in the files; Odoo behind pgbouncer; no workers.
"""

from __future__ import annotations

import re

from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, Location, OnInstance, Rule, Severity

_DEFAULT = 64
_MAX_CONNECTIONS = re.compile(r"max_connections\s*=\s*(\d+)")


def check(instance: Instance) -> Hits:
    found = [_MAX_CONNECTIONS.search(service.command) for service in instance.services("postgres")]
    limits = {int(match[1]) for match in found if match}
    pooled = any("pgbouncer" in service.name for file in instance.composes for service in file.services)
    if len(limits) != 1 or pooled:
        return
    limit = limits.pop()
    for conf in instance.confs:
        workers, crons = conf.number("workers", 0), conf.number("max_cron_threads", 2)
        each = conf.number("db_maxconn", _DEFAULT)
        if not workers or crons is None or not each:
            continue
        total = (workers + crons + 1) * each
        if total > limit:
            place = Location(conf.path, conf.place("db_maxconn"))
            yield Hit(
                place,
                f"{workers + crons + 1} processes with up to {each} connections each are {total}: "
                f"PostgreSQL accepts {limit}",
            )


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.PERFORMANCE,
    minutes=20,
    confidence=Confidence.MEDIUM,
    listeners=(OnInstance(check),),
)
