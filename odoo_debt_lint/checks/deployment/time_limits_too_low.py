"""Time limits below which ordinary requests die.

## What it does
Reports `limit_time_cpu` below 60, `limit_time_real` below 120, and a real limit that is not above the one of
processor time.

## Why is this bad
Reports, imports and the update of modules take longer than that. The worker is killed within the request: the
user sees an error, the transaction is lost, and it happens again at the next try.

## How to fix
At least Odoo's defaults, `limit_time_cpu = 60` and `limit_time_real = 120`; many instances need 600 and 1200.

## Not reported
Limits of 0 (none), defaults, and values that are not in the file.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.conf import ConfFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity

_LEAST = {"limit_time_cpu": 60, "limit_time_real": 120}


def check(conf: ConfFile) -> Hits:
    low = set()
    for name, least in _LEAST.items():
        number = conf.number(name, 0)
        if number and 0 < number < least:
            low.add(name)
            yield Hit(conf.place(name), f"{name} = {number}: requests longer than that die (default {least})")
    cpu, real = conf.number("limit_time_cpu", 60), conf.number("limit_time_real", 120)
    if not low and conf.get("limit_time_real", "limit_time_cpu") and cpu and real and 0 < real < cpu:
        place = conf.place("limit_time_real", "limit_time_cpu")
        yield Hit(place, f"{real} s of real time end a request before {cpu} s of processor time can")


RULE = Rule(
    severity=Severity.LOW,
    block=Block.PERFORMANCE,
    minutes=10,
    listeners=(OnDeployment(("odoo",), check),),
)
