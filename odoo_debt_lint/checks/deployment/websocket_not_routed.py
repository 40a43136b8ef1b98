"""Proxy that sends the websocket to the wrong process, or nowhere.

## What it does
Reports a server block of nginx that passes requests to Odoo without a location for `/websocket` (until
15.0: `/longpolling`), and such a location that leads to port 8069.

## Why is this bad
With workers only the process at port 8072 answers the websocket: no messages in the chat, no notifications,
and a worker is blocked by each try.

## How to fix
`location /websocket` with `proxy_pass` to port 8072 and the headers `Upgrade` and `Connection`.

## Not reported
Instances without workers in every odoo.conf, or with Odoo's image and no odoo.conf, where one process answers
everything; servers that include a file which is not in the run, or do not pass the web client to Odoo.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._proxies import Site, place, sites
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.nginx import Directive
from odoo_debt_lint.rule import Block, Hit, Hits, OnInstance, Rule, Severity, series_number


def check(instance: Instance) -> Hits:
    if _without_workers(instance):
        return
    paths = _paths(series_number(instance.series))
    for site in sites(instance):
        found = [item for item in site.locations if any(path in " ".join(item.args) for path in paths)]
        wrong = [item for item in found if _is_wrong(site, item)]
        if wrong:
            yield Hit(place(instance, wrong[0]), "port 8069 does not answer the websocket: it is port 8072")
        elif not found and not site.unknown_parts and site.reaches("/web"):
            message = f"nothing passes /{paths[0]} to port 8072"
            yield Hit(place(instance, site.server), message)


def _without_workers(instance: Instance) -> bool:
    """Whether one process answers everything: by every odoo.conf, or by the defaults of Odoo's image."""
    if instance.confs:
        return all(conf.number("workers", 0) == 0 for conf in instance.confs)
    services = list(instance.services("odoo"))
    return bool(services) and not any(
        "build" in service.node.pairs
        or service.hidden_mounts
        or "workers" in service.command
        or any(mount.target.startswith("/etc") for mount in service.mounts)
        for service in services
    )


def _paths(series: float) -> tuple[str, ...]:
    if not series:
        return ("websocket", "longpolling")
    return ("websocket",) if series >= 16 else ("longpolling",)


def _is_wrong(site: Site, location: Directive) -> bool:
    targets = [site.target(item) for item in location.everywhere("proxy_pass")]
    return bool(targets) and all(":8069" in target and ":8072" not in target for target in targets)


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.INFRASTRUCTURE,
    minutes=20,
    listeners=(OnInstance(check),),
)
