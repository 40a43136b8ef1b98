"""Redis that may take all memory of the machine.

## What it does
Reports a redis.conf without `maxmemory`, or with 0, and such options on the command line of a service of
compose. The message tells a value where the limit of the service or `--memory` tells the memory.

## Why is this bad
Keys without an end (sessions of robots, cached reports) add up until the kernel kills a process, which is as
often PostgreSQL as Redis.

## How to fix
`maxmemory` at about three quarters of what the container may have, and a `maxmemory-policy`.

## Not reported
Services of compose without any option for Redis, which `service-without-resource-limits` judges; files that
include others which are not in the run.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.servers import Server, redis_servers
from odoo_debt_lint.deployment.setting import shown
from odoo_debt_lint.rule import Block, Hit, Hits, OnInstance, Rule, Severity


def check(instance: Instance) -> Hits:
    for server in redis_servers(instance):
        setting = server.settings.get("maxmemory")
        if setting is not None and setting.size() == 0:
            yield Hit(setting.where, f"maxmemory 0 is no limit{_advice(server)}")
        elif setting is None and server.complete and (server.file is not None or server.settings):
            yield Hit(server.start, f"no maxmemory: Redis takes what there is{_advice(server)}")


def _advice(server: Server) -> str:
    own = server.service is not None and server.service.memory
    return f"; {shown(server.memory * 3 / 4)} leave room for its copies" if own and server.memory else ""


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.INFRASTRUCTURE,
    minutes=10,
    listeners=(OnInstance(check),),
    tags=("secret",),  # the command line of a service may hold its password
)
