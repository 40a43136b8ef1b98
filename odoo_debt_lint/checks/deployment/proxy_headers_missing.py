"""Proxy that does not tell Odoo who asked, and for which host.

## What it does
Reports a `proxy_pass` to Odoo in `location /` (or where its `try_files` leads) without `X-Forwarded-Host`,
`X-Forwarded-For` or `X-Forwarded-Proto`, after the rules of nginx: a location with a `proxy_set_header` of
its own inherits none. From 16.0 on also one in the location for `/websocket` without `Upgrade` or
`Connection`.

## Why is this bad
Proxy mode of Odoo needs `X-Forwarded-Host`, without it the other headers are not read either. Links in
mails then have the wrong host or `http://`, and all users have one address. nginx hands on `Upgrade` only
where it is told to: without it the websocket is never opened.

## How to fix
`proxy_set_header X-Forwarded-Host $host;`, `X-Forwarded-For $proxy_add_x_forwarded_for;`,
`X-Forwarded-Proto $scheme;`. For the websocket `Upgrade $http_upgrade;` and `Connection
$connection_upgrade;`, too.

## Not reported
Other locations of single paths; servers that include a file which is not in the run.
"""

from __future__ import annotations

from collections.abc import Iterator

from odoo_debt_lint.checks.deployment._proxies import Site, place, sites
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.nginx import Directive
from odoo_debt_lint.rule import Block, Hit, Hits, OnInstance, Rule, Severity, series_number

_WANTED = ("X-Forwarded-Host", "X-Forwarded-For", "X-Forwarded-Proto")
_UPGRADE = ("Upgrade", "Connection")
_SERIES = 16.0
_ROOTS = frozenset({"/", "^/", ".*", "^/(.*)$"})


def check(instance: Instance) -> Hits:
    for site in sites(instance):
        if site.unknown_parts:
            continue
        for item, headers in _passes(site, _roots(site)):
            missing = [name for name in _WANTED if name.lower() not in headers]
            if missing:
                yield Hit(place(instance, item), f"Odoo does not get {', '.join(missing)}")
        for item, headers in _passes(site, _sockets(site, instance.series)):
            missing = [name for name in _UPGRADE if name.lower() not in headers]
            if missing:
                yield Hit(place(instance, item), f"the websocket does not get {', '.join(missing)}")


def _passes(site: Site, locations: list[Directive]) -> Iterator[tuple[Directive, set[str]]]:
    """Each ``proxy_pass`` of some locations with the headers that hold there."""
    for location in locations:
        for item in location.named("proxy_pass"):
            if site.leads_to_odoo(item):
                levels = (location.inner, site.server.inner, site.outer)
                yield item, next(filter(None, (_headers(level) for level in levels)), set())


def _sockets(site: Site, series: str) -> list[Directive]:
    """The locations for the websocket, which is not there before 16.0."""
    if 0 < series_number(series) < _SERIES:
        return []
    return [item for item in site.server.named("location") if "websocket" in " ".join(item.args)]


def _roots(site: Site) -> list[Directive]:
    """The locations for everything, and those with a name to which they hand over."""
    known = [item for item in site.server.named("location") if item.args]
    found = [item for item in known if item.args[-1] in _ROOTS and item.args[0] != "="]
    tried = (word for item in found for files in item.named("try_files") for word in files.args[-1:])
    named = {word for word in tried if word.startswith("@")}
    return found + [item for item in known if item.args[0] in named]


def _headers(items: tuple[Directive, ...]) -> set[str]:
    return {item.args[0].lower() for item in items if item.name == "proxy_set_header" and item.args}


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.INFRASTRUCTURE,
    minutes=10,
    listeners=(OnInstance(check),),
)
