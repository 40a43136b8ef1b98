"""SSH that takes passwords.

## What it does
Reports an sshd_config in which `PasswordAuthentication` is `yes`, or missing, which means the same.

## Why is this bad
Every machine in the internet is tried with passwords day and night; one weak one of any user is enough.

## How to fix
`PasswordAuthentication no` and `KbdInteractiveAuthentication no`, once everybody has a key.

## Not reported
`AuthenticationMethods` that ask for a key; `Match` blocks; a missing value in a file that includes others,
or is one of `sshd_config.d`.
"""

from __future__ import annotations

from odoo_debt_lint.deployment.sshd import SshdFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(file: SshdFile) -> Hits:
    entry = file.entry("passwordauthentication")
    if "publickey" in (file.value("authenticationmethods") or ""):
        return
    if entry is not None and (entry.value or "").lower() == "yes":
        yield Hit(entry.span, "passwords are accepted: PasswordAuthentication yes")
    elif entry is None and file.complete:
        yield Hit(file.first, "no PasswordAuthentication, and its default is yes")


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=20,
    listeners=(OnDeployment(("sshd",), check),),
)
