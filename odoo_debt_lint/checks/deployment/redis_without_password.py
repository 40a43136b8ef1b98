"""Redis that asks nobody for a password.

## What it does
Reports a redis.conf without `requirepass` and without users (`user`, `aclfile`), and a service of compose
without them whose port is published. Of low severity where only the same machine, or other containers of
the project, reach it.

## Why is this bad
Whoever reaches the port reads the sessions of all users and takes them over, changes jobs, and writes files
with `CONFIG SET dir`.

## How to fix
`requirepass` with a long random value, or users with an ACL.

## Not reported
Redis on a Unix socket alone (`port 0`); clients that need a certificate (`tls-auth-clients yes`);
files that include others which are not in the run.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.servers import Server, redis_servers
from odoo_debt_lint.rule import Block, Hit, Hits, OnInstance, Rule, Severity

_LOCAL = frozenset({"127.0.0.1", "::1", "-::1", "localhost"})
_NAMES = ("requirepass", "aclfile", "user", "user default")


def check(instance: Instance) -> Hits:
    for server in redis_servers(instance):
        if not server.complete or _guarded(server) or (server.file is None and not server.published):
            continue
        mild = _is_local(server) or (server.contained and not server.published)
        where = server.place("requirepass")
        message = "no requirepass and no users: whoever reaches the port has all sessions"
        yield Hit(where, message, severity=Severity.LOW if mild else None)


def _guarded(server: Server) -> bool:
    """Whether something stands before the data."""
    if server.value("port") == "0" and "tls-port" not in server.settings:
        return True
    certificates = server.settings.get("tls-auth-clients")
    if certificates is not None and certificates.on is not False and "tls-port" in server.settings:
        return True
    return server.unknown(*_NAMES) or any(
        server.value(name) and "nopass" not in (server.value(name) or "").split() for name in _NAMES
    )


def _is_local(server: Server) -> bool:
    addresses = set((server.value("bind") or "").lower().split())
    return bool(addresses) and addresses <= _LOCAL


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=15,
    listeners=(OnInstance(check),),
    tags=("secret",),
)
