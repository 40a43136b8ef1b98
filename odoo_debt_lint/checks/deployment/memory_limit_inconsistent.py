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

from collections.abc import Iterator

from odoo_debt_lint.deployment.conf import ConfFile
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Hit, Hits, Location, OnInstance, Rule, Severity

_DEFAULT_HARD, _DEFAULT_SOFT = 2560 << 20, 2048 << 20
_MIB = 1 << 20


def check(instance: Instance) -> Hits:
    for conf in instance.confs:
        hard = conf.number("limit_memory_hard", _DEFAULT_HARD)
        soft = conf.number("limit_memory_soft", _DEFAULT_SOFT)
        if not hard:
            continue
        if soft and soft >= hard and (conf.get("limit_memory_soft") or conf.get("limit_memory_hard")):
            place = conf.place("limit_memory_soft", "limit_memory_hard")
            message = f"soft limit of {soft // _MIB} MiB is not below the hard one of {hard // _MIB} MiB"
            yield Hit(Location(conf.path, place), message)
        yield from _above_memory(conf, hard, instance.memory)


def _above_memory(conf: ConfFile, hard: int, memory: float | None) -> Iterator[Hit]:
    workers = conf.number("workers", 0)
    if not workers or not memory:
        return
    share = int(memory / (workers + 2))
    if hard > share:
        place = Location(conf.path, conf.place("limit_memory_hard"))
        yield Hit(
            place,
            f"hard limit of {hard // _MIB} MiB for each of {workers} workers: "
            f"{memory / (1 << 30):.1f} GiB of memory leave {share // _MIB} MiB",
        )


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.PERFORMANCE,
    minutes=20,
    listeners=(OnInstance(check),),
)
