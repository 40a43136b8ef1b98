"""Container whose log grows without limit.

## What it does
Reports services of Odoo, PostgreSQL, Redis and proxies without `logging` in compose.

## Why is this bad
The default driver of Docker, `json-file`, keeps everything in one file for ever, until the disk is full.

## How to fix
`logging: {driver: json-file, options: {max-size: 10m, max-file: "5"}}`, for all services with an anchor, or
the driver `local`, which rotates.

## Not reported
Other drivers; services for jobs; what another compose file of the folder supplies.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._servers import STATEFUL, servers
from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(compose: ComposeFile) -> Hits:
    for service in servers(compose, *STATEFUL, "proxy"):
        if "logging" in service.node.pairs:
            if _unbounded(service):
                message = f"json-file without max-size: the log of {service.name} grows for ever"
                yield Hit(service.node.place("logging"), message, entity=service.name)
        elif not compose.supplied(service, "logging"):
            message = f"the log of {service.name} grows for ever: no logging with max-size"
            yield Hit(service.where, message, entity=service.name)


def _unbounded(service: Service) -> bool:
    node = service.node.get("logging")
    driver = node.value("driver") if node is not None else None
    known = node is not None and (driver is not None or "driver" not in node.pairs)
    return (
        known
        and (driver or "json-file") == "json-file"
        and service.node.get("logging", "options", "max-size") is None
    )


RULE = Rule(
    severity=Severity.LOW,
    block=Block.OBSERVABILITY,
    minutes=5,
    listeners=(OnDeployment(("compose",), check),),
)
