"""Answers of Odoo without the headers that protect browsers.

## What it does
Reports a server block of nginx that passes requests to Odoo and sets none of: `X-Frame-Options` (or a
`Content-Security-Policy` with `frame-ancestors`), `X-Content-Type-Options`, with TLS also
`Strict-Transport-Security`. Where only the `Content-Security-Policy` is missing, the severity is low. And an
`add_header` of `location /`, which takes those of the server away.

## Why is this bad
Without them Odoo can be put into a frame of another site and clicked through, a first request goes over
http where it can be changed, and files that users upload are run as what they are not.

## How to fix
`add_header Strict-Transport-Security "max-age=31536000" always;`, `add_header X-Frame-Options SAMEORIGIN
always;`, `add_header X-Content-Type-Options nosniff always;`, and a policy with at least `frame-ancestors
'self'`.

## Not reported
Headers set in `http`, a location or an included file; servers that include a file which is not in the run;
servers that only redirect.
"""

from __future__ import annotations

from collections.abc import Iterable

from odoo_debt_lint.checks.deployment._proxies import Site, place, sites
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.nginx import Directive
from odoo_debt_lint.rule import Block, Hit, Hits, OnInstance, Rule, Severity

_NAMES = {
    "x-frame-options": "X-Frame-Options",
    "x-content-type-options": "X-Content-Type-Options",
    "strict-transport-security": "Strict-Transport-Security",
    "content-security-policy": "Content-Security-Policy",
}


def check(instance: Instance) -> Hits:
    for site in sites(instance):
        missing = [] if site.unknown_parts else _missing(site)
        if missing:
            mild = missing == ["content-security-policy"]
            names = ", ".join(_NAMES[name] for name in missing)
            where = place(instance, site.server)
            yield Hit(where, f"headers are missing: {names}", severity=Severity.LOW if mild else None)
        elif not site.unknown_parts:
            yield from _dropped(instance, site)


def _dropped(instance: Instance, site: Site) -> Hits:
    """A ``location /`` with headers of its own: those of the server do not hold there any more."""
    for location in site.server.named("location"):
        own = [item for item in location.inner if item.name == "add_header"]
        to_odoo = any(site.leads_to_odoo(item) for item in location.named("proxy_pass"))
        if own and to_odoo and location.args[-1:] == ("/",) and not _merges(site):
            missing = _wanted(site, own)
            if missing:
                names = ", ".join(_NAMES[name] for name in missing)
                yield Hit(place(instance, own[0]), f"this add_header takes the server's away: {names}")


def _merges(site: Site) -> bool:
    """Whether headers of a block are added to those around it, which nginx drops by itself."""
    around = (item.name in ("add_header_inherit", "more_set_headers") for item in site.outer)
    return any(True for _ in site.server.everywhere("add_header_inherit", "more_set_headers")) or any(around)


def _missing(site: Site) -> list[str]:
    own = any(True for _ in site.server.named("add_header")) and not _merges(site)
    outer = (item for item in site.outer if item.name != "add_header" or not own)
    return _wanted(site, (*outer, *site.server.everywhere("add_header", "more_set_headers")))


def _wanted(site: Site, items: Iterable[Directive]) -> list[str]:
    headers: dict[str, str] = {}
    for item in items:
        if item.name in ("add_header", "more_set_headers") and item.args:
            name, _, rest = " ".join(item.args).replace(":", " ").partition(" ")
            headers[name.strip().lower()] = rest
    wanted = [name for name in _NAMES if name not in headers]
    if "frame-ancestors" in headers.get("content-security-policy", ""):
        wanted = [name for name in wanted if name != "x-frame-options"]
    return [name for name in wanted if name != "strict-transport-security" or site.tls]


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=15,
    listeners=(OnInstance(check),),
)
