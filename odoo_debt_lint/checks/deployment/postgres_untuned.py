"""PostgreSQL with the settings of its makers, which are for the smallest machine.

## What it does
Reports a service of PostgreSQL that gets neither settings on its command line nor a configuration file.

## Why is this bad
128 MB of `shared_buffers` and 4 MB of `work_mem` make each larger search and report of Odoo read from disk,
however much memory the server has.

## How to fix
`command: postgres -c shared_buffers=… -c effective_cache_size=… -c work_mem=…`: a quarter and three
quarters of its memory, and 16 to 64 MB.

## Not reported
Images built in the project; variables and mounts that are not known; what another compose file supplies.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._servers import servers
from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(compose: ComposeFile) -> Hits:
    for service in servers(compose, "postgres"):
        if "build" in service.node.pairs or service.hidden_mounts or compose.supplied(service, "command"):
            continue
        if compose.supplied(service, "configs") or compose.supplied(service, "entrypoint"):
            continue
        names = [mount.target + mount.source for mount in service.mounts]
        environment = service.environment.pairs if service.environment is not None else {}
        if any(".conf" in name or "initdb.d" in name for name in names):
            continue
        if not any("shared_buffers" in name.lower() for name in environment):
            message = f"{service.name} runs with PostgreSQL's defaults: 128 MB of shared_buffers"
            yield Hit(service.where, message, entity=service.name)


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.PERFORMANCE,
    minutes=30,
    listeners=(OnDeployment(("compose",), check),),
)
