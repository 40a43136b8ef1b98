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
from odoo_debt_lint.deployment.conf import ConfFile
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.servers import postgres_servers
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnInstance, Rule, Severity

_DEFAULT = 64


def check(instance: Instance) -> Hits:
    for conf, workers in with_workers(instance):
        limit = _limit(instance, conf)
        crons, each = conf.number("max_cron_threads", 2), conf.number("db_maxconn", _DEFAULT)
        if crons is None or not each or not limit:
            continue
        processes = workers + crons + 1
        if processes * each > limit:
            message = (
                f"{processes} processes with up to {each} connections each are {processes * each}: "
                f"PostgreSQL accepts {limit}, which is {limit // processes} for each"
            )
            yield Hit(place(conf, "db_maxconn"), message)


def _limit(instance: Instance, conf: ConfFile) -> int:
    """Connections that the only PostgreSQL of the run, or of the conf's project, accepts; 0: not told."""
    if any("pgbouncer" in service.name for file in instance.composes for service in file.services):
        return 0
    found = postgres_servers(instance)
    own = [item for item in found if item.service is not None and item.service.where.path in conf.users]
    settings = [server.settings.get("max_connections") for server in own or found]
    limits = {setting.number or 0 for setting in settings if setting is not None}
    return limits.pop() if len(limits) == 1 else 0


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.PERFORMANCE,
    minutes=20,
    confidence=Confidence.MEDIUM,
    listeners=(OnInstance(check),),
)
