"""Redis that forgets everything when it restarts.

## What it does
Reports `save ""` in redis.conf, or on the command line of its service in compose, without `appendonly yes`.

## Why is this bad
Sessions, jobs and locks which live in Redis are gone after each restart: everybody is logged out, and work
that was queued is never done.

## How to fix
`appendonly yes`, and a volume for `/data`.

## Not reported
No `save` at all, with which the snapshots of Redis' defaults are made; `appendonly yes`; replicas, whose
master keeps the data.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.servers import redis_servers
from odoo_debt_lint.rule import Block, Hit, Hits, OnInstance, Rule, Severity


def check(instance: Instance) -> Hits:
    for server in redis_servers(instance):
        appended = server.settings.get("appendonly")
        if server.value("save") != "" or {"replicaof", "slaveof"} & server.settings.keys():
            continue
        if appended is None or appended.on is False:
            yield Hit(
                server.place("save"), "neither snapshots nor a log: a restart of Redis loses everything"
            )


RULE = Rule(
    severity=Severity.LOW,
    block=Block.BACKUPS,
    minutes=10,
    listeners=(OnInstance(check),),
    tags=("secret",),  # the command line of a service may hold its password
)
