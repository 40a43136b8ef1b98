"""PostgreSQL that does not log its slow queries.

## What it does
Reports a postgresql.conf in which `log_min_duration_statement` is missing or negative.

## Why is this bad
When users say that Odoo is slow, nothing tells which search, report or module it is: the time has to be
reproduced first.

## How to fix
`log_min_duration_statement = 1000` logs what takes longer than a second; `auto_explain` adds the plans.

## Not reported
`log_min_duration_sample`, `log_duration` or `auto_explain`, which log durations as well; files that include
others which are not in the run; parts of a `conf.d`.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.servers import Server, postgres_servers
from odoo_debt_lint.rule import Block, Hit, Hits, OnInstance, Rule, Severity

_NAME = "log_min_duration_statement"
_OTHERS = ("log_min_duration_sample", "auto_explain.log_min_duration")


def check(instance: Instance) -> Hits:
    for server in postgres_servers(instance):
        value = server.value(_NAME)
        if server.unknown(_NAME, *_OTHERS) or _otherwise(server):
            continue
        if value is not None and value.startswith("-"):
            yield Hit(server.place(_NAME), f"{_NAME} = {value}: no query is logged for being slow")
        elif value is None and server.file is not None and server.complete:
            yield Hit(server.start, f"no {_NAME}: no query is logged for being slow, 1000 (ms) is usual")


def _otherwise(server: Server) -> bool:
    """Whether durations are logged in another way."""
    logged = server.settings.get("log_duration")
    values = (server.value(name) for name in _OTHERS)
    return (logged is not None and logged.on is True) or any(value and value[0] != "-" for value in values)


RULE = Rule(
    severity=Severity.LOW,
    block=Block.OBSERVABILITY,
    minutes=5,
    listeners=(OnInstance(check),),
)
