"""Memory limits that contradict each other or the memory there is.

## What it does
Reports a `limit_memory_soft` that is not below `limit_memory_hard`, and a hard limit above `memory /
(workers + 2)` where the memory is known (`--memory`, or the limit of the service in compose).

## Why is this bad
A worker above the soft limit ends after its request; one above the hard limit dies within it. A hard limit
that the server does not have lets the kernel choose what to kill, which is as often PostgreSQL.

## How to fix
Hard limit at most `memory / (workers + 2)`, soft limit about 80 % of it.

## Not reported
Limits of 0 (none); a hard limit where neither option nor compose tells the memory.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._capacity import place, with_workers
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Hit, Hits, OnInstance, Rule, Severity

_DEFAULT_HARD, _DEFAULT_SOFT = 2560 << 20, 2048 << 20
_MIB = 1 << 20


def check(instance: Instance) -> Hits:
    yield from _soft_above_hard(instance)
    yield from _above_memory(instance)


def _soft_above_hard(instance: Instance) -> Hits:
    for conf in instance.confs:
        hard = conf.number("limit_memory_hard", _DEFAULT_HARD)
        soft = conf.number("limit_memory_soft", _DEFAULT_SOFT)
        named = conf.get("limit_memory_soft") or conf.get("limit_memory_hard")
        if named and hard and soft and soft >= hard:
            message = f"soft limit of {soft // _MIB} MiB is not below the hard one of {hard // _MIB} MiB"
            yield Hit(place(conf, "limit_memory_soft", "limit_memory_hard"), message)


def _above_memory(instance: Instance) -> Hits:
    memory = instance.memory
    for conf, workers in with_workers(instance) if memory else ():
        hard = conf.number("limit_memory_hard", _DEFAULT_HARD)
        share = int((memory or 0) / (workers + 2))
        if hard and hard > share:
            message = (
                f"hard limit of {hard // _MIB} MiB for each of {workers} workers: "
                f"{(memory or 0) / (1 << 30):.1f} GiB of memory leave {share // _MIB} MiB"
            )
            yield Hit(place(conf, "limit_memory_hard"), message)


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.PERFORMANCE,
    minutes=20,
    listeners=(OnInstance(check),),
)
