"""Password of the database that is usual, short or the user's name.

## What it does
Looks at `db_password` of odoo.conf.

## Why is this bad
Everything that reaches the port of PostgreSQL, such as another container or a neighbour in the network, tries
these first and then has all data.

## How to fix
A long random password, and not in the file: from a secret of the orchestrator or `PGPASSFILE`.

## Not reported
No password (peer authentication), variables of a template.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._passwords import weakness
from odoo_debt_lint.deployment.conf import FALSE, ConfFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(conf: ConfFile) -> Hits:
    entry = conf.get("db_password")
    if entry is None or entry.value is None or entry.value.lower() in FALSE or not conf.known("db_password"):
        return
    others = [item.value or "" for name in ("db_user", "db_name") if (item := conf.get(name))]
    why = weakness(entry.value, *others)
    if why:
        yield Hit(entry.span, f"the password of the database {why}")


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=20,
    listeners=(OnDeployment(("odoo",), check),),
    tags=("secret",),
)
