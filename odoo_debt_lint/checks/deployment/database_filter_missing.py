"""Instance without a filter of its databases.

## What it does
Reports an odoo.conf that names neither its database (`db_name`) nor a `dbfilter` which excludes any.

## Why is this bad
Every host name serves every database of the server: a copy for tests, restored beside the real one, is open
to all, and the scheduled actions of the copy run too.

## How to fix
`dbfilter = ^%d$` (the database is called like the subdomain), or a fixed `db_name`.

## Not reported
A `db_name`; options given on the command line of the service.
"""

from __future__ import annotations

import re

from odoo_debt_lint.deployment.conf import FALSE, ConfFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity

_ALL = re.compile(r"\*|\^|\^?\.|\^?\(?\.[*+]\)?\$?")
"""Odoo looks for the pattern at the beginning of the name: a dot alone lets every name through too."""


def check(conf: ConfFile) -> Hits:
    if not conf.known("dbfilter") or not conf.known("db_name"):
        return
    name, pattern = conf.get("db_name"), conf.get("dbfilter")
    if name is not None and (name.value or "").lower() not in FALSE:
        return
    value = (pattern.value or "") if pattern is not None else ""
    if value.lower() not in FALSE and not _ALL.fullmatch(value):
        return
    how = "dbfilter lets every database through" if _ALL.fullmatch(value) else "neither dbfilter nor db_name"
    yield Hit(conf.place("dbfilter"), f"{how}: each host name serves all databases of the server")


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=15,
    listeners=(OnDeployment(("odoo",), check),),
)
