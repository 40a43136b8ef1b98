"""Server that may take all memory of the host.

## What it does
Reports services of Odoo, PostgreSQL and Redis without a limit of memory.

## Why is this bad
One service that grows lets the kernel kill whatever it likes, which is as often PostgreSQL as the culprit.

## How to fix
`deploy.resources.limits` with `memory` and `cpus`, or `mem_limit`.

## Not reported
Jobs that end; what another compose file of the folder supplies.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._servers import STATEFUL, servers
from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(compose: ComposeFile) -> Hits:
    for service in servers(compose, *STATEFUL):
        if not service.limited and not _elsewhere(compose, service):
            yield Hit(service.where, f"service {service.name} has no limit of memory", entity=service.name)


def _elsewhere(compose: ComposeFile, service: Service) -> bool:
    others = compose.elsewhere.get(service.name, set())
    return "extends" in service.node.pairs or bool({"deploy", "mem_limit"} & others)


RULE = Rule(
    severity=Severity.LOW,
    block=Block.INFRASTRUCTURE,
    minutes=10,
    listeners=(OnDeployment(("compose",), check),),
)
