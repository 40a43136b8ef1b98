"""Configuration that a container may overwrite.

## What it does
Reports bind mounts of configuration files (`*.conf`, `/etc/odoo`, `/etc/nginx`, `pg_hba.conf` …) without
`:ro`.

## Why is this bad
Whoever gets into the container changes the configuration of the host for good: `addons_path`, passwords,
where requests go. Odoo itself writes its file when somebody sets the master password in the browser.

## How to fix
`./odoo.conf:/etc/odoo/odoo.conf:ro`.

## Not reported
Volumes with a name; data folders.
"""

from __future__ import annotations

import re

from odoo_debt_lint.deployment.compose import ComposeFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity

_CONFIG = re.compile(
    r"^/etc/(odoo|nginx|postgresql|redis|haproxy|caddy|traefik)(/|$)|^/usr/local/etc/|\.(conf|cfg|cnf)$|/Caddyfile$"
)
_DATA = re.compile(r"/(ssl|certs?|letsencrypt|acme|log|logs|html)(/|$)|\.(pem|crt|key)$")


def check(compose: ComposeFile) -> Hits:
    for service in compose.services:
        for mount in service.mounts:
            if mount.read_only or mount.named or not mount.source or _DATA.search(mount.target):
                continue
            if _CONFIG.search(mount.target):
                message = f"{mount.target} is mounted writable: add :ro"
                yield Hit(mount.where, message, entity=service.name)


RULE = Rule(
    severity=Severity.LOW,
    block=Block.SECURITY,
    minutes=5,
    listeners=(OnDeployment(("compose",), check),),
)
