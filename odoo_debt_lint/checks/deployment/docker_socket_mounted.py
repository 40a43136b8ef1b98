"""Container that holds the socket of Docker.

## What it does
Reports mounts of `/var/run/docker.sock`. Where it is read-only for a proxy or monitoring, the severity is
medium.

## Why is this bad
The socket is root on the host: whoever gets into the container starts another one with the whole disk
mounted. A read-only mount does not change that, the file is only a door.

## How to fix
A proxy of the socket that lets through what the service needs, such as `tecnativa/docker-socket-proxy`.

## Not reported
Such a proxy itself.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(compose: ComposeFile) -> Hits:
    for service in compose.services:
        if "socket-proxy" in f"{service.image} {service.name}":
            continue
        for mount in service.mounts:
            if mount.source.endswith("docker.sock") or mount.target.endswith("docker.sock"):
                mild = mount.read_only and service.role in ("proxy", "monitoring")
                yield Hit(
                    mount.where,
                    f"{service.name} can take over the host through the socket of Docker",
                    severity=Severity.MEDIUM if mild else None,
                    entity=service.name,
                )


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=60,
    listeners=(OnDeployment(("compose",), check),),
)
