"""PostgreSQL without statistics of its statements.

## What it does
Reports a postgresql.conf whose `shared_preload_libraries` does not name `pg_stat_statements`.

## Why is this bad
It is the one place that shows which statements take the time of the server: how often each runs, how long,
how much it reads. Without it only single slow queries show, not the fast ones that run a million times.

## How to fix
`shared_preload_libraries = 'pg_stat_statements'`, a restart, and `CREATE EXTENSION pg_stat_statements`.

## Not reported
`pg_stat_monitor`, which does the same; files that include others which are not in the run; parts of a
`conf.d`.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.servers import postgres_servers
from odoo_debt_lint.rule import Block, Hit, Hits, OnInstance, Rule, Severity

_NAME = "shared_preload_libraries"
_LIBRARIES = ("pg_stat_statements", "pg_stat_monitor")


def check(instance: Instance) -> Hits:
    for server in postgres_servers(instance):
        value = server.value(_NAME) or ""
        if server.unknown(_NAME) or any(library in value for library in _LIBRARIES):
            continue
        if _NAME in server.settings or (server.file is not None and server.complete):
            how = f"{_NAME} is without" if value else f"no {_NAME} with"
            yield Hit(server.place(_NAME), f"{how} pg_stat_statements: nothing counts what queries cost")


RULE = Rule(
    severity=Severity.LOW,
    block=Block.OBSERVABILITY,
    minutes=15,
    listeners=(OnInstance(check),),
)
