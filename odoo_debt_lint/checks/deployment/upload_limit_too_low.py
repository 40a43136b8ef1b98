"""Proxy that refuses ordinary attachments.

## What it does
Reports a server block of nginx that passes requests to Odoo without `client_max_body_size` (1 MB by
default), and one below 20 MB.

## Why is this bad
Scans, imports and backups fail with "413 Request Entity Too Large", which Odoo shows as a meaningless
error.

## How to fix
`client_max_body_size 200m;`

## Not reported
A size in `http`, the server or one of its locations; 0 (no limit); servers that include a file which is not
in the run.
"""

from __future__ import annotations

import re

from odoo_debt_lint.checks.deployment._proxies import place, sites
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.nginx import Directive
from odoo_debt_lint.rule import Block, Hit, Hits, OnInstance, Rule, Severity

_LEAST = 20 << 20
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def check(instance: Instance) -> Hits:
    for site in sites(instance):
        found = list(site.server.everywhere("client_max_body_size"))
        if not any(True for _ in site.server.named("client_max_body_size")):
            found += [item for item in site.outer if item.name == "client_max_body_size"]
        if not found and not site.unknown_parts and site.reaches("/web"):
            yield Hit(place(instance, site.server), "uploads above 1 MB are refused: no client_max_body_size")
        sizes = [_bytes(item) for item in found]
        if found and all(size is not None and 0 < size < _LEAST for size in sizes):
            yield Hit(place(instance, found[0]), f"uploads above {found[0].args[0]} are refused")


def _bytes(item: Directive) -> int | None:
    match = re.fullmatch(r"(\d+)([kmg]?)", item.args[0].lower()) if item.args else None
    return int(match[1]) * _UNITS[match[2]] if match else None


RULE = Rule(
    severity=Severity.LOW,
    block=Block.INFRASTRUCTURE,
    minutes=5,
    listeners=(OnInstance(check),),
)
