"""Instance that runs no scheduled actions.

## What it does
Reports `max_cron_threads = 0` where no other odoo.conf of the instance runs them.

## Why is this bad
Mails stay in the queue, subscriptions are not invoiced and nothing is cleaned up, without an error anywhere.

## How to fix
`max_cron_threads = 1` or `2`, in one of the processes.

## Not reported
An instance with another odoo.conf, or a service with `--max-cron-threads`, that runs them; single files, when
no folder is linted.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Hit, Hits, Location, OnInstance, Rule, Severity


def check(instance: Instance) -> Hits:
    numbers = [conf.number("max_cron_threads", 2) for conf in instance.confs]
    if instance.alone or any(number is None or number > 0 for number in numbers):
        return
    for conf in instance.confs:
        message = "max_cron_threads = 0: no scheduled action ever runs"
        yield Hit(Location(conf.path, conf.place("max_cron_threads")), message)


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.INFRASTRUCTURE,
    minutes=15,
    listeners=(OnInstance(check),),
)
