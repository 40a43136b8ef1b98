"""Image of software that gets no fixes any more.

## What it does
Compares the images of compose with the last versions without support, as of January 2026: PostgreSQL 13,
Redis 6.0, Odoo 16.0, Ubuntu 20.04, Debian 10, Python 3.9, Node.js 18, nginx 1.24.

## Why is this bad
Holes that become known stay open.

## How to fix
A version with support. PostgreSQL and Odoo need a migration of the data: plan it.

## Not reported
Images of other makers whose tag is no version of what they hold; variables that the files do not resolve.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._end_of_life import end_of_life
from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(compose: ComposeFile) -> Hits:
    for service in compose.services:
        what = end_of_life(service.image or "")
        if what and "build" not in service.node.pairs:
            yield Hit(service.node.place("image"), f"{what} gets no fixes any more", entity=service.name)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=240,
    listeners=(OnDeployment(("compose",), check),),
)
