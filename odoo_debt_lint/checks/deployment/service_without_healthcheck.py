"""Server whose state nobody asks for.

## What it does
Reports services of Odoo, PostgreSQL and Redis without `healthcheck`, or where it is turned off (`disable:
true`, `test: ["NONE"]`).

## Why is this bad
A process that hangs counts as running: nothing restarts it, nothing alerts, and others start before it is
ready.

## How to fix
`pg_isready` for PostgreSQL, `redis-cli ping` for Redis, `curl -f http://localhost:8069/web/health` for
Odoo.

## Not reported
Jobs that end; services built from a Dockerfile, which may hold a `HEALTHCHECK`, unless it is for
PostgreSQL; what another compose file of the folder supplies.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._servers import STATEFUL, servers
from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(compose: ComposeFile) -> Hits:
    for service in servers(compose, *STATEFUL):
        if _turned_off(service):
            where = service.node.place("healthcheck")
            yield Hit(where, f"the healthcheck of {service.name} is turned off", entity=service.name)
        if compose.supplied(service, "healthcheck") or compose.supplied(service, "profiles"):
            continue
        if "build" not in service.node.pairs:
            yield Hit(service.where, f"service {service.name} has no healthcheck", entity=service.name)


def _turned_off(service: Service) -> bool:
    check = service.node.get("healthcheck")
    if check is None or check.kind != "map":
        return False
    test = check.get("test")
    return check.on("disable") or (test is not None and test.texts[:1] == ["NONE"])


RULE = Rule(
    severity=Severity.LOW,
    block=Block.OBSERVABILITY,
    minutes=15,
    listeners=(OnDeployment(("compose",), check),),
)
