"""Port of Odoo, PostgreSQL or Redis that is published to the world.

## What it does
Reports published ports 8069, 8072, 5432 and 6379 of the containers without an address of the host, or
with one of the internet.
Databases are of high severity.

## Why is this bad
Docker opens a published port past the firewall of the host (ufw, firewalld). The database can be attacked
from anywhere; Odoo answers without TLS and past the limits of the proxy.

## How to fix
Publish nothing that only other services need, they reach each other by name; else `127.0.0.1:8069:8069`.

## Not reported
Ports bound to the loopback or an address of an inner network; other ports; UDP; `expose`.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.service import Port
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity

_PORTS = {"8069": "Odoo", "8072": "Odoo's websocket", "5432": "PostgreSQL", "6379": "Redis"}


def check(compose: ComposeFile) -> Hits:
    for service in compose.services:
        for port in service.ports:
            target = _known(port) if port.open else ""
            if target:
                where = "all interfaces of the host" if port.everywhere else f"the address {port.host}"
                yield Hit(
                    port.where,
                    f"port {target} ({_PORTS[target]}) is published on {where}",
                    severity=Severity.HIGH if target in ("5432", "6379") else None,
                    entity=service.name,
                )


def _known(port: Port) -> str:
    """The known port that is published, also in a range (``8069-8072``)."""
    if not port.last:
        return port.target if port.target in _PORTS else ""
    return next((name for name in _PORTS if int(port.target) <= int(name) <= int(port.last)), "")


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=10,
    listeners=(OnDeployment(("compose",), check),),
)
