"""Database manager that anybody can open.

## What it does
Reports an odoo.conf in which `list_db` is not `False`.

## Why is this bad
`/web/database/manager` and `/web/database/selector` show the names of all databases and let everybody try the
master password, which is enough to download or delete them.

## How to fix
`list_db = False`, and a `dbfilter` or `db_name` that says which database a host serves.

## Not reported
`--no-database-list` on the command line of the service.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.conf import FALSE, ConfFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(conf: ConfFile) -> Hits:
    if conf.known("list_db") and not conf.is_false("list_db"):
        entry = conf.get("list_db")
        how = "list_db is not set and on by default" if entry is None else _how(entry.value or "")
        yield Hit(conf.place("list_db"), f"{how}: everybody can open the database manager")


def _how(value: str) -> str:
    """A value that means no switch to Odoo is a text, and each text is on."""
    return (
        f"list_db = {value} counts as on (only False is off)" if value.lower() in FALSE else "list_db is on"
    )


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=15,
    listeners=(OnDeployment(("odoo",), check),),
)
