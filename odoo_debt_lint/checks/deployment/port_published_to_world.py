"""Port of Odoo, PostgreSQL or Redis that is published on all interfaces.

## What it does
Reports published ports 8069, 8072, 5432 and 6379 of the containers without an address of the host.
Databases are of high severity.

## Why is this bad
Docker opens a published port past the firewall of the host (ufw, firewalld). The database can be attacked
from anywhere; Odoo answers without TLS and past the limits of the proxy.

## How to fix
Publish nothing that only other services need, they reach each other by name; else `127.0.0.1:8069:8069`.

## Not reported
Ports bound to an address that is not all of them; other ports; `expose`.
"""

from __future__ import annotations

import ipaddress

from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.service import Port
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity

_PORTS = {"8069": "Odoo", "8072": "Odoo's websocket", "5432": "PostgreSQL", "6379": "Redis"}
_ALL = frozenset({"", "0.0.0.0", "::", "*"})
_INSIDE = tuple(
    map(
        ipaddress.ip_network,
        "127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 100.64.0.0/10 "
        "::1/128 fc00::/7 fe80::/10".split(),
    )
)
"""Addresses that the world does not reach."""


def check(compose: ComposeFile) -> Hits:
    for service in compose.services:
        for port in service.ports:
            target = _known(port) if _is_open(port.host) else ""
            if target:
                where = "all interfaces of the host" if port.host in _ALL else f"the address {port.host}"
                yield Hit(
                    port.where,
                    f"port {target} ({_PORTS[target]}) is published on {where}",
                    severity=Severity.HIGH if target in ("5432", "6379") else None,
                    entity=service.name,
                )


def _is_open(host: str) -> bool:
    """Whether a port is published on all interfaces, or on an address of the internet."""
    if host in _ALL:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return not any(address in network for network in _INSIDE if network.version == address.version)


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
