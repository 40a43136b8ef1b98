"""PostgreSQL with the settings of its makers, which are for the smallest machine.

## What it does
Reports a service of PostgreSQL that gets neither settings of memory on its command line nor a configuration
file. The message tells values where the limit of the service or `--memory` tells the memory.

## Why is this bad
128 MB of `shared_buffers` and 4 MB of `work_mem` make each larger search and report of Odoo read from disk,
however much memory the server has.

## How to fix
`command: postgres -c shared_buffers=… -c effective_cache_size=… -c work_mem=…`: a quarter and three
quarters of its memory, and 16 to 64 MB.

## Not reported
Images built in the project; variables and mounts that are not known; what another compose file supplies.
What a postgresql.conf of the run says is `memory-settings-default`.
"""

from __future__ import annotations

import re

from odoo_debt_lint.checks.deployment._postgres import advice
from odoo_debt_lint.checks.deployment._servers import servers
from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.servers import Server, postgres_servers
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.rule import Block, Hit, Hits, OnInstance, Rule, Severity

_MEMORY = frozenset({"shared_buffers", "effective_cache_size", "work_mem", "config_file"})


def check(instance: Instance) -> Hits:
    bare = {server.service: server for server in postgres_servers(instance) if server.file is None}
    for compose in instance.composes:
        for service in servers(compose, "postgres"):
            server = bare.get(service)
            if server is not None and not _hidden(compose, service) and not _tuned(server, service):
                how = "runs with PostgreSQL's defaults, 128 MB of shared_buffers"
                yield Hit(service.where, f"{service.name} {how}: {advice(server)}", entity=service.name)


def _hidden(compose: ComposeFile, service: Service) -> bool:
    """Whether settings may come from where the file does not show them."""
    if service.hidden_mounts or "build" in service.node.pairs:
        return True
    if any(compose.supplied(service, key) for key in ("configs", "entrypoint")):
        return True
    return "command" not in service.node.pairs and compose.supplied(service, "command")


def _tuned(server: Server, service: Service) -> bool:
    """Whether something sets its memory, or may."""
    if _MEMORY & server.settings.keys() or any(setting.value is None for setting in server.settings.values()):
        return True
    names = [f"{mount.source}:{mount.target}" for mount in service.mounts]
    if any(re.search(r"\.conf|conf\.d|initdb\.d|:/etc/postgresql", name) for name in names):
        return True
    environment = service.environment.pairs if service.environment is not None else {}
    texts = [f"{name} {pair.value.text or ''}" for name, pair in environment.items()]
    return any("shared_buffers" in text.lower() for text in texts)


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.PERFORMANCE,
    minutes=30,
    listeners=(OnInstance(check),),
)
