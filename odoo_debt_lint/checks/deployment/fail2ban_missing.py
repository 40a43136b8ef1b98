"""Server on which passwords can be tried without end.

## What it does
Reports an sshd_config when nothing in the run shuts out who tries passwords: no fail2ban, CrowdSec or
sshguard; and a jail of fail2ban for `sshd` that is switched off.

## Why is this bad
Passwords of SSH, of Odoo and of the proxy are tried thousands of times an hour.

## How to fix
fail2ban with the jail `sshd`, one with a filter on Odoo's log (`Login failed`), and one for the proxy.

## Not reported
A file, service, package or command that says so by its name; an sshd_config for a container; single files,
when no folder is linted. Of low severity where SSH takes keys only.
"""

from __future__ import annotations

import posixpath

from odoo_debt_lint.checks.deployment._signs import SHUTS_OUT, texts
from odoo_debt_lint.deployment.fail2ban import JailFile
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, Location, OnInstance, Rule, Severity

_OFF = frozenset({"false", "no", "0", "off"})


def check(instance: Instance) -> Hits:
    for jail in instance.jails:
        enabled = jail.sections.get("sshd", {}).get("enabled")
        if enabled is not None and (enabled.value or "").lower() in _OFF and not _again(instance, jail):
            yield Hit(Location(jail.path, enabled.span), "the jail of sshd is switched off")
    if instance.alone or any(SHUTS_OUT.search(text) for text in texts(instance)):
        return
    for file in instance.sshds:
        if file.complete and not file.contained:
            keys_only = file.value("passwordauthentication") == "no"
            message = "nothing among these files shuts out who tries passwords"
            yield Hit(Location(file.path, file.first), message, severity=Severity.LOW if keys_only else None)


def _again(instance: Instance, jail: JailFile) -> bool:
    """Whether a file that fail2ban reads later says it anew: ``.local`` behind ``.conf``."""
    later = (other for other in instance.jails if _order(other) > _order(jail))
    return any("enabled" in other.sections.get("sshd", {}) for other in later)


def _order(jail: JailFile) -> tuple[bool, bool]:
    return jail.path.endswith(".local"), posixpath.basename(jail.folder) == "jail.d"


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=30,
    confidence=Confidence.MEDIUM,
    listeners=(OnInstance(check),),
)
