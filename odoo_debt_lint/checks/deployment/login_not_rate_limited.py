"""Login that may be tried without end.

## What it does
Reports a server block of nginx that passes requests to Odoo when neither it nor `http` nor the location of
the login has a `limit_req`; at that location, if there is one.

## Why is this bad
Passwords can be guessed thousands of times a minute; each try also costs a worker the time of a hash.

## How to fix
`limit_req_zone $binary_remote_addr zone=login:10m rate=10r/m;` and `limit_req zone=login burst=5;` in
`location /web/login`; or fail2ban on Odoo's log.

## Not reported
A `limit_req` in the location of the login, or in one with a name; fail2ban, CrowdSec or the like among the
files of the run, unless all its jails are for SSH; servers that include a file which is not in the run, or
that ask for a password themselves.
"""

from __future__ import annotations

import re

from odoo_debt_lint.checks.deployment._proxies import Site, matches, place, shuts, sites
from odoo_debt_lint.checks.deployment._signs import SHUTS_OUT, texts
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.deployment.nginx import Directive
from odoo_debt_lint.rule import Block, Hit, Hits, OnInstance, Rule, Severity

_NO_JAILS = frozenset({"default", "includes", "definition", "init"})
_SSH = re.compile(r"ssh|dropbear|recidive")
_FAIL2BAN = re.compile(r"fail2ban|jail", re.I)
_LOGINS = ("/web/login", "/web/session/authenticate")


def check(instance: Instance) -> Hits:
    if _watched(instance):
        return
    for site in sites(instance):
        path = next((path for path in _LOGINS if site.reaches(path)), None)
        if path and not site.unknown_parts and not _is_limited(site, path):
            where = place(instance, site.own_place(path, path.rsplit("/", 1)[1]))
            yield Hit(where, f"nothing limits how often {path} can be tried")


def _is_limited(site: Site, path: str) -> bool:
    if any(shuts(item) for item in site.server.everywhere("auth_basic")):
        return True
    if any(item.name == "limit_req" for item in site.everything):
        return True
    chosen = site.location(path)
    limited = [item for item in site.locations if any(True for _ in item.everywhere("limit_req"))]
    return any(item is chosen or _may_serve(item, path) for item in limited)


def _may_serve(location: Directive, path: str) -> bool:
    """Whether a path may come to a location that is not the one nginx takes by its words."""
    kind = location.args[0][:1] if location.args else ""
    return kind == "@" or (kind == "~" and matches(location, path))


def _watched(instance: Instance) -> bool:
    """Whether something may shut out who guesses: no fail2ban whose jails all watch SSH alone."""
    jails = {name.lower() for file in instance.jails for name in file.sections} - _NO_JAILS
    only_ssh = bool(jails) and all(_SSH.search(name) for name in jails)
    signs = (text for text in texts(instance) if SHUTS_OUT.search(text))
    return any(not (only_ssh and _FAIL2BAN.search(text)) for text in signs)


RULE = Rule(
    severity=Severity.LOW,
    block=Block.SECURITY,
    minutes=20,
    listeners=(OnInstance(check),),
)
