"""SSH that lets root in with a password.

## What it does
Reports `PermitRootLogin yes` in sshd_config.

## Why is this bad
The name is known, so that only the password is left to guess, and nobody can tell later who it was.

## How to fix
`PermitRootLogin no`, or `prohibit-password`, and `sudo` for those who administrate.

## Not reported
`prohibit-password`, `without-password` and `forced-commands-only`; no value, which is `prohibit-password`;
`Match` blocks.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.sshd import SshdFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(file: SshdFile) -> Hits:
    entry = file.entry("permitrootlogin")
    if entry is not None and (entry.value or "").lower() == "yes":
        no_passwords = file.value("passwordauthentication") == "no"
        how = "with a key" if no_passwords else "with a password"
        severity = Severity.MEDIUM if no_passwords else None
        yield Hit(entry.span, f"root may log in {how}: PermitRootLogin yes", severity=severity)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=15,
    listeners=(OnDeployment(("sshd",), check),),
)
