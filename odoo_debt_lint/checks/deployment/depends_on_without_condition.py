"""Service that starts before what it needs is ready.

## What it does
Reports a `depends_on` on PostgreSQL or Redis, or on a service with a healthcheck, without a condition.

## Why is this bad
Compose waits only until the container has been started. Odoo then tries to connect to a database that is
still recovering, and ends or installs modules half.

## How to fix
`depends_on: {db: {condition: service_healthy}}`, with a healthcheck on `db`.

## Not reported
Services that need no database ready (proxies, tools); conditions of any kind.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._servers import servers
from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(compose: ComposeFile) -> Hits:
    for service in servers(compose, "odoo"):
        bare = [name for name in _bare(service) if _matters(compose, name)]
        if bare and "depends_on" not in compose.elsewhere.get(service.name, ()):
            message = f"{service.name} does not wait until {', '.join(bare)} can be used"
            yield Hit(service.node.place("depends_on"), message, entity=service.name)


def _bare(service: Service) -> list[str]:
    node = service.depends_on
    if node is None:
        return []
    return [
        name
        for name, pair in node.pairs.items()
        if (
            (pair.value.value("condition") or "service_started") == "service_started"
            and pair.value.get("condition") is None
        )
        or pair.value.value("condition") == "service_started"
    ]


def _matters(compose: ComposeFile, name: str) -> bool:
    other = compose.joined.get(name)
    return other is not None and (other.role in ("postgres", "redis") or "healthcheck" in other.node.pairs)


RULE = Rule(
    severity=Severity.LOW,
    block=Block.INFRASTRUCTURE,
    minutes=10,
    listeners=(OnDeployment(("compose",), check),),
)
