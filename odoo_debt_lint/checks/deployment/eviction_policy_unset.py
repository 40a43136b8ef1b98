"""Redis whose answer to a full memory nobody has decided.

## What it does
Reports a redis.conf without `maxmemory-policy`, and a service of compose that gets `--maxmemory` without
one.

## Why is this bad
The default is `noeviction`: once the memory is full every write fails, so that nobody can log in any more.

## How to fix
`volatile-lru` where sessions and jobs live in it, `allkeys-lru` for a mere cache, and `noeviction` written
down where it is meant.

## Not reported
Any `maxmemory-policy`; files that include others which are not in the run.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.servers import redis_servers
from odoo_debt_lint.rule import Block, Hit, Hits, OnInstance, Rule, Severity


def check(instance: Instance) -> Hits:
    for server in redis_servers(instance):
        if "maxmemory-policy" in server.settings or not server.complete:
            continue
        if server.file is not None or "maxmemory" in server.settings:
            message = "no maxmemory-policy: with a full memory every write fails (noeviction)"
            yield Hit(server.start, message)


RULE = Rule(
    severity=Severity.LOW,
    block=Block.INFRASTRUCTURE,
    minutes=5,
    listeners=(OnInstance(check),),
    tags=("secret",),  # the first line of a redis.conf may be its password
)
