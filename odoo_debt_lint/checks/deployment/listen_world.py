"""PostgreSQL that answers everybody who reaches the machine.

## What it does
Reports `listen_addresses` with `*`, `0.0.0.0` or `::`, and records of pg_hba.conf that let in every address
(`0.0.0.0/0`, `::/0`, `all`).

## Why is this bad
One rule of a firewall that is missing or lost in an update, and the whole world tries passwords of the
database that holds everything.

## How to fix
`listen_addresses = 'localhost'`, or the address of the inner network, and in pg_hba.conf the network from
which Odoo comes.

## Not reported
PostgreSQL in a container, which must listen on all interfaces to be reached: there the published ports
decide. Files beside a service of compose which nothing mounts and nothing copies to a machine. Records that
refuse (`reject`) or that trust (`trust-authentication`), and all of them where `listen_addresses` names local
addresses only.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.servers import Server, maybe_contained, postgres_servers
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, Location, OnInstance, Rule, Severity

_ALL = frozenset({"*", "0.0.0.0", "::"})
_NO_PASSWORD = frozenset({"cert", "gss", "sspi", "ident"})
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1", ""})


def check(instance: Instance) -> Hits:
    servers = [server for server in postgres_servers(instance) if server.file is not None]
    for server in servers:
        setting = server.settings.get("listen_addresses")
        if setting is not None and _ALL & _addresses(server) and not _contained(instance, server):
            yield Hit(
                setting.where, f"listen_addresses = '{setting.value}': PostgreSQL answers every network"
            )
    if not servers or any(not _addresses(server) <= _LOCAL for server in servers):
        yield from _records(instance)


def _addresses(server: Server) -> set[str]:
    return {part.strip().lower() for part in (server.value("listen_addresses") or "").split(",")}


def _contained(instance: Instance, server: Server) -> bool:
    assert server.file is not None
    return maybe_contained(instance, "postgres", server.file)


def _records(instance: Instance) -> Hits:
    for file in instance.hbas:
        if maybe_contained(instance, "postgres", file):
            continue
        for access in file.reached:
            if access.type != "local" and access.from_anywhere and access.method not in ("reject", "trust"):
                what = "log in as" if access.method in _NO_PASSWORD else "try the password of"
                message = f"every address may {what} {access.user} (database: {access.database})"
                yield Hit(Location(file.path, access.span), message)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=20,
    confidence=Confidence.MEDIUM,
    listeners=(OnInstance(check),),
)
