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

from odoo_debt_lint.deployment.conf import ConfFile
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Hit, Hits, Location, OnInstance, Rule, Severity


def check(instance: Instance) -> Hits:
    for conf in () if instance.alone else instance.confs:
        numbers = [other.number("max_cron_threads", 2) for other in instance.confs if not _apart(conf, other)]
        if all(number is not None and number <= 0 for number in numbers):
            message = "max_cron_threads = 0: no scheduled action ever runs"
            yield Hit(Location(conf.path, conf.place("max_cron_threads")), message)


def _apart(conf: ConfFile, other: ConfFile) -> bool:
    """Whether two odoo.conf are those of different instances: each has compose files of its own."""
    return bool(conf.users and other.users) and not conf.users & other.users


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.INFRASTRUCTURE,
    minutes=15,
    listeners=(OnInstance(check),),
)
