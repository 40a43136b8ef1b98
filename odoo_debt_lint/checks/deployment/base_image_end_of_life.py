"""Base image that gets no fixes any more.

## What it does
Compares the `FROM` of a Dockerfile with the last versions without support, as of January 2026: Odoo 16.0,
PostgreSQL 13, Ubuntu 20.04, Debian 10, Python 3.9, Node.js 18.

## Why is this bad
Holes that become known stay open, and soon packages cannot be installed at all.

## How to fix
A version with support. Odoo and PostgreSQL need a migration of the data: plan it.

## Not reported
Arguments without a default; stages of the same file; images of other makers.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._end_of_life import end_of_life
from odoo_debt_lint.deployment.dockerfile import Dockerfile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(file: Dockerfile) -> Hits:
    for stage in file.stages:
        what = end_of_life(stage.image)
        if what:
            yield Hit(stage.start.span, f"{what} gets no fixes any more")


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=240,
    listeners=(OnDeployment(("dockerfile",), check),),
)
