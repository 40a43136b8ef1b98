"""More connections than PostgreSQL accepts.

## What it does
Compares `(workers + max_cron_threads + 1) × db_maxconn` with `max_connections` of PostgreSQL, where its
postgresql.conf or the command of its service in compose tells it.

## Why is this bad
Under load requests fail with "too many clients already", and so do backups and maintenance.

## How to fix
`db_maxconn` such that the product stays below `max_connections`; a worker rarely needs more than 8.

## Not reported
Servers whose `max_connections` is not in the files; Odoo behind pgbouncer; no workers.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._capacity import place, with_workers
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.servers import postgres_servers
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnInstance, Rule, Severity

_DEFAULT = 64


def check(instance: Instance) -> Hits:
    limit = _limit(instance)
    for conf, workers in with_workers(instance) if limit else ():
        crons, each = conf.number("max_cron_threads", 2), conf.number("db_maxconn", _DEFAULT)
        if crons is None or not each:
            continue
        processes = workers + crons + 1
        if processes * each > limit:
            message = (
                f"{processes} processes with up to {each} connections each are {processes * each}: "
                f"PostgreSQL accepts {limit}, which is {limit // processes} for each"
            )
            yield Hit(place(conf, "db_maxconn"), message)


def _limit(instance: Instance) -> int:
    """Connections that the only PostgreSQL of the run accepts; 0 where the files do not tell."""
    if any("pgbouncer" in service.name for file in instance.composes for service in file.services):
        return 0
    settings = [server.settings.get("max_connections") for server in postgres_servers(instance)]
    limits = {setting.number or 0 for setting in settings if setting is not None}
    return limits.pop() if len(limits) == 1 else 0


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.PERFORMANCE,
    minutes=20,
    confidence=Confidence.MEDIUM,
    listeners=(OnInstance(check),),
)
