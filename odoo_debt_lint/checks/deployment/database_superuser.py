"""Odoo that works as the superuser of PostgreSQL.

## What it does
Reports `db_user = postgres` in odoo.conf.

## Why is this bad
Odoo itself refuses to start as `postgres`. With a superuser an SQL injection reads files and runs programs
on the database server, and reaches the databases of all others.

## How to fix
A role of its own: `CREATE ROLE odoo LOGIN CREATEDB`.

## Not reported
Any other role.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.conf import ConfFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(conf: ConfFile) -> Hits:
    entry = conf.get("db_user")
    if entry is not None and entry.value == "postgres" and conf.known("db_user"):
        yield Hit(entry.span, "db_user is the superuser of PostgreSQL")


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=30,
    listeners=(OnDeployment(("odoo",), check),),
)
