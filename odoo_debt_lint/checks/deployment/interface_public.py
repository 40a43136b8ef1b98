"""Odoo that listens on all interfaces beside its proxy.

## What it does
Reports `http_interface` set to `0.0.0.0` or `::`, or left at that default where nginx of the same run
reaches Odoo on the loopback interface.

## Why is this bad
Port 8069 can be reached past the proxy: without TLS, without its limits, and with forged `X-Forwarded-*`
headers which Odoo believes in proxy mode.

## How to fix
`http_interface = 127.0.0.1`.

## Not reported
Odoo in a container, which must listen on all interfaces to be reached: there the published ports decide.
Single files, when no folder is linted, since nothing tells whether they are for a container.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._proxies import sites
from odoo_debt_lint.deployment.conf import FALSE
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Hit, Hits, Location, OnInstance, Rule, Severity

_ALL = frozenset({"0.0.0.0", "::", "[::]", "*"})
_NAMES = ("http_interface", "xmlrpc_interface")


def check(instance: Instance) -> Hits:
    if instance.alone or instance.dockerfiles or any(True for _ in instance.services("odoo")):
        return
    targets = [site.target(item) for site in sites(instance) for item in site.passes]
    behind = any("127.0.0.1" in target or "localhost" in target for target in targets)
    for conf in instance.confs:
        entry = conf.get(*_NAMES)
        if not conf.known(*_NAMES) or conf.is_false("http_enable"):
            continue
        unset = entry is None or (entry.value or "").lower() in FALSE
        if (entry is not None and entry.value in _ALL) or (unset and behind):
            message = "Odoo listens on all interfaces: its port is reachable past the proxy"
            yield Hit(Location(conf.path, conf.place(*_NAMES)), message)


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=10,
    listeners=(OnInstance(check),),
)
