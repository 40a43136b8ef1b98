"""Container with the rights of the host.

## What it does
Reports `privileged: true`, `pid: host`, and `cap_add` of `ALL`, `SYS_ADMIN`, `SYS_PTRACE` or `SYS_MODULE`.

## Why is this bad
Who gets into the container has the host: all containers, all data, all backups that are mounted.

## How to fix
Remove it; add the one capability or device which the service really needs.

## Not reported
Services that watch the host (monitoring), for `pid: host` and read-only looks; smaller capabilities. With
`privileged` they are of medium severity: some of their guides ask for it.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity

_CAPABILITIES = frozenset({"ALL", "SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE"})


def check(compose: ComposeFile) -> Hits:
    for service in compose.services:
        node = service.node
        if node.on("privileged"):
            severity = Severity.MEDIUM if service.role == "monitoring" else None
            message = f"{service.name} has all rights of the host"
            yield Hit(node.place("privileged"), message, severity=severity, entity=service.name)
        if service.role == "monitoring":
            continue
        if node.value("pid") == "host":
            message = f"{service.name} sees and can end all processes of the host"
            yield Hit(node.place("pid"), message, entity=service.name)
        added = node.get("cap_add")
        for item in added.items if added is not None else ():
            if (item.text or "").upper().removeprefix("CAP_") in _CAPABILITIES:
                message = f"capability {item.text} is as good as the host's root"
                yield Hit(item.location, message, entity=service.name)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=60,
    listeners=(OnDeployment(("compose",), check),),
)
