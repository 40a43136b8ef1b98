"""All services in one network.

## What it does
Reports a compose file with a proxy and a database that declares no networks.

## Why is this bad
Every service reaches every other one: who takes over the proxy, which the world can talk to, is next to the
database.

## How to fix
Two networks: the proxy and Odoo in the one, Odoo and the database in the other, that one `internal: true`.

## Not reported
Projects without a proxy; networks declared or used by any service or in another file of the folder.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(compose: ComposeFile) -> Hits:
    if compose.project is None or compose.project.get("networks") is not None:
        return
    keys = {key for service in compose.services for key in service.node.pairs}
    keys |= {key for names in compose.elsewhere.values() for key in names}
    roles = {service.role for service in compose.services}
    if {"proxy", "postgres"} <= roles and not keys & {"networks", "network_mode"}:
        yield Hit(compose.first, "no networks: the proxy and the database share the default one")


RULE = Rule(
    severity=Severity.LOW,
    block=Block.SECURITY,
    minutes=20,
    listeners=(OnDeployment(("compose",), check),),
)
