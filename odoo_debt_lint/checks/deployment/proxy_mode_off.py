"""Odoo behind a proxy without proxy mode.

## What it does
Reports an odoo.conf in which `proxy_mode` is not on, when the run holds a proxy: an nginx file that passes
requests to Odoo, or a proxy among the services of compose.

## Why is this bad
Odoo takes every request for one of the proxy's own over http: links in mails and payments begin with
`http://`, logs and the limits of logins know one address only, and cookies are not marked as secure.

## How to fix
`proxy_mode = True`, and the headers `X-Forwarded-Host`, `-For` and `-Proto` in the proxy.

## Not reported
`--proxy-mode` on the command line; instances without a proxy.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._proxies import is_behind_proxy
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Hit, Hits, Location, OnInstance, Rule, Severity


def check(instance: Instance) -> Hits:
    for conf in instance.confs:
        if not conf.known("proxy_mode") or conf.is_true("proxy_mode"):
            continue
        if is_behind_proxy(instance, conf):
            how = "proxy_mode is off" if conf.get("proxy_mode") else "no proxy_mode"
            place = Location(conf.path, conf.place("proxy_mode"))
            yield Hit(place, f"{how}, and a proxy stands before Odoo")


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=15,
    listeners=(OnInstance(check),),
)
