"""PostgreSQL that lets people in without a password.

## What it does
Reports records of pg_hba.conf with the method `trust`, and in compose `POSTGRES_HOST_AUTH_METHOD: trust`, or
`ALLOW_EMPTY_PASSWORD: yes` of Bitnami's image where no password is given. Of medium severity where only
processes of the same machine are meant.

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

import re
from collections.abc import Iterable, Iterator

from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.pg_hba import Access
from odoo_debt_lint.deployment.servers import maybe_contained
from odoo_debt_lint.deployment.service import Service
from odoo_debt_lint.rule import Block, Hit, Hits, Location, OnInstance, Rule, Severity

_VARIABLE = "POSTGRES_HOST_AUTH_METHOD"
_EMPTY = "ALLOW_EMPTY_PASSWORD"
_PASSWORD = re.compile(r"POSTGRES(QL)?_PASSWORD(_FILE)?")


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
        variable = _opens(service)
        if variable and service.environment is not None:
            message = f"everything that reaches {service.name} gets in without a password"
            yield Hit(service.environment.place(variable), message, entity=service.name)


def _opens(service: Service) -> str:
    """The variable that lets people in, if there is one. Bitnami's image writes ``trust`` for all when it has
    no password."""
    environment = service.environment
    if environment is None:
        return ""
    if environment.value(_VARIABLE) == "trust":
        return _VARIABLE
    given = any(_PASSWORD.fullmatch(name) for name in environment.pairs) or "env_file" in service.node.pairs
    bitnami = "bitnami" in (service.image or "") and not given
    return _EMPTY if bitnami and (environment.value(_EMPTY) or "").lower() in ("yes", "true", "1") else ""


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
