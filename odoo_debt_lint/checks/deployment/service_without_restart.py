"""Service that stays down after a crash or a restart of the host.

## What it does
Reports a service of compose without `restart` or a `deploy.restart_policy`, and a server (Odoo, a database, a
proxy) with `restart: "no"`.

## Why is this bad
The default is `no`: after a crash, an out-of-memory kill or a reboot somebody has to start it by hand.

## How to fix
`restart: unless-stopped`.

## Not reported
Jobs that end (by name, by `restart: "no"` with a command of their own, or because another service waits for
their end); services with a profile; services that get it from `extends`, an anchor or another compose file
of the folder.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._servers import servers
from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(compose: ComposeFile) -> Hits:
    for service in servers(compose):
        elsewhere = {"restart", "profiles"} & compose.elsewhere.get(service.name, set())
        if service.node.value("restart") == "no" and not service.profiles and not elsewhere:
            where = service.node.place("restart")
            yield Hit(where, f"service {service.name} is never started again", entity=service.name)
            continue
        if any(compose.supplied(service, key) for key in ("restart", "profiles")):
            continue
        deploy = service.node.get("deploy")
        if deploy is None or not {"restart_policy", "mode", "replicas"} & deploy.pairs.keys():
            yield Hit(service.where, f"service {service.name} has no restart policy", entity=service.name)


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.INFRASTRUCTURE,
    minutes=5,
    listeners=(OnDeployment(("compose",), check),),
)
