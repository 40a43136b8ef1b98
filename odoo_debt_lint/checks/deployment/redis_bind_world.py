"""Redis that answers everybody who reaches the machine.

## What it does
Reports `bind` with `*`, `0.0.0.0` or `::` in redis.conf, and `protected-mode no` without any `bind`.

## Why is this bad
Redis is made for trusted networks: it has been taken over by the thousands wherever its port was open, to
read what is in it and to run programs on the machine.

## How to fix
`bind 127.0.0.1 -::1`, or the address of the inner network, and a password.

## Not reported
Redis in a container, which must listen on all interfaces to be reached: there the published ports decide.
Files beside a service of compose which nothing mounts and nothing copies to a machine.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.servers import maybe_contained, redis_servers
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnInstance, Rule, Severity

_ALL = frozenset({"*", "0.0.0.0", "::", "-::*", "-::"})


def check(instance: Instance) -> Hits:
    for server in redis_servers(instance):
        if server.file is None or maybe_contained(instance, "redis", server.file):
            continue
        bound, guard = server.settings.get("bind"), server.settings.get("protected-mode")
        if bound is not None:
            if _ALL & set((bound.value or "").lower().split()):
                yield Hit(bound.where, f"bind {bound.value}: Redis answers every network")
        elif guard is not None and guard.on is False and server.complete:
            yield Hit(guard.where, "protected-mode is off and no bind: Redis answers every network")


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=15,
    confidence=Confidence.MEDIUM,
    listeners=(OnInstance(check),),
)
