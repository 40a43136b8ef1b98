"""Too few workers: none, or far from what the cores carry.

## What it does
Reports `workers = 0` or no `workers` in odoo.conf, and a number below half of `cores × 2 + 1` where the
cores are known (`--cores`, or the limit of the service in compose).

## Why is this bad
Without workers one Python process serves everybody, so that one long report makes all others wait; limits
of memory and time do not hold, and no websocket process is started.

## How to fix
`workers = cores × 2 + 1`, as far as the memory lasts (about one worker for six users at a time).

## Not reported
`--workers` on the command line of the service; numbers where the cores are not known.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Hit, Hits, Location, OnInstance, Rule, Severity


def check(instance: Instance) -> Hits:
    cores = instance.cores
    wanted = int(cores * 2 + 1) if cores else 0
    advice = f"; {cores:g} cores carry {wanted}" if cores else ""
    for conf in instance.confs:
        workers = conf.number("workers", 0)
        if workers is None or conf.is_false("http_enable"):
            continue
        place = Location(conf.path, conf.place("workers"))
        if workers == 0:
            how = "workers = 0" if conf.get("workers") else "no workers"
            yield Hit(place, f"{how}: one process serves everybody, no limit of memory or time holds{advice}")
        elif workers * 2 < wanted:
            yield Hit(place, f"{workers} workers{advice}")


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.PERFORMANCE,
    minutes=30,
    listeners=(OnInstance(check),),
)
