"""Proxy that lets the database manager through.

## What it does
Reports a server block of nginx that passes requests to Odoo without a location that closes `/web/database`,
or at least the manager in it: `location ~ ^/web/database/(selector|create)` leaves it open.

## Why is this bad
The pages of the database manager are open to the world, and with them the master password to guesses.

## How to fix
`location ~ ^/web/database { return 404; }`, or `allow` with the addresses of those who need it and `deny
all`; and `list_db = False` in odoo.conf.

## Not reported
`list_db = False` in every odoo.conf of the run; servers that include a file which is not in the run, or
pass only other paths to Odoo; servers that ask for a password or let in some addresses only.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._proxies import Site, matches, place, shuts, sites
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Hit, Hits, OnInstance, Rule, Severity

_MANAGER = "/web/database/manager"
_CLOSING = ("return", "internal", "rewrite")


def check(instance: Instance) -> Hits:
    if instance.confs and all(conf.is_false("list_db") for conf in instance.confs):
        return
    for site in sites(instance):
        if not site.unknown_parts and not _closed(site) and site.reaches(_MANAGER):
            where = place(instance, site.own_place(_MANAGER, "database"))
            yield Hit(where, "nothing keeps /web/database from the world")


def _closed(site: Site) -> bool:
    if any(map(shuts, site.everything)):
        return True
    return any(
        any(
            item.name in _CLOSING or shuts(item) for item in block.everywhere(*_CLOSING, "deny", "auth_basic")
        )
        for block in site.server.everywhere("location", "if")
        if "database" in " ".join(block.args) and (block.name == "if" or matches(block, _MANAGER))
    )


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=10,
    listeners=(OnInstance(check),),
)
