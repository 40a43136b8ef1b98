"""PostgreSQL that lets people in without a password.

## What it does
Reports records of pg_hba.conf with the method `trust`, and `POSTGRES_HOST_AUTH_METHOD: trust` in compose. Of
medium severity where only processes of the same machine are meant.

## Why is this bad
Whoever reaches the port, or gets a shell of any user, is the superuser of the database: reads and changes
everything, and runs programs with `COPY … TO PROGRAM`.

## How to fix
`scram-sha-256` for connections, `peer` for local ones.

## Not reported
`local` and loopback records in a container, where only PostgreSQL itself is; records that ask for a
certificate (`clientcert`); repeated local records for `replication`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.pg_hba import Access
from odoo_debt_lint.deployment.servers import maybe_contained
from odoo_debt_lint.rule import Block, Hit, Hits, Location, OnInstance, Rule, Severity

_VARIABLE = "POSTGRES_HOST_AUTH_METHOD"


def check(instance: Instance) -> Hits:
    for file in instance.hbas:
        inside = maybe_contained(instance, "postgres", file)
        for access in _trusting(file.reached):
            if access.from_here and (inside or access.database == "replication"):
                continue
            who = "every process of the machine" if access.from_here else access.address
            message = f"{who} gets in without a password (user: {access.user}, database: {access.database})"
            severity = Severity.MEDIUM if access.from_here else None
            yield Hit(Location(file.path, access.span), message, severity=severity)
    for service in instance.services("postgres"):
        environment = service.environment
        if environment is not None and environment.value(_VARIABLE) == "trust":
            message = f"everything that reaches {service.name} gets in without a password"
            yield Hit(environment.place(_VARIABLE), message, entity=service.name)


def _trusting(accesses: Iterable[Access]) -> Iterator[Access]:
    for access in accesses:
        certified = any(
            option.startswith("clientcert=") and "no-verify" not in option for option in access.options
        )
        if access.method == "trust" and not certified:
            yield access


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=20,
    listeners=(OnInstance(check),),
)
