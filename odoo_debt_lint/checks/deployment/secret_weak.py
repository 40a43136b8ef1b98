"""Secret in an ``.env`` that anybody would try first.

## What it does
Reports passwords and keys of an `.env` that are usual words, placeholders of a template, or passwords
shorter than eight characters.

## Why is this bad
They are the first that are tried, and a placeholder that still stands there is on every installation.

## How to fix
A long random value for each: `openssl rand -base64 32`.

## Not reported
Examples and templates, files for development; empty values; values that come from another variable.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._env import is_pattern, secrets
from odoo_debt_lint.checks.deployment._passwords import weakness
from odoo_debt_lint.checks.security._secrets import PASSWORD
from odoo_debt_lint.deployment.dotenv import EnvFile
from odoo_debt_lint.deployment.lines import for_development
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(file: EnvFile) -> Hits:
    if is_pattern(file) or for_development(file.path):
        return
    users = [
        entry.value or "" for name, entry in file.entries.items() if name.upper().endswith(("_USER", "_DB"))
    ]
    for entry, kind in secrets(file):
        why = weakness(entry.value or "", *users)
        if why and (kind == PASSWORD or "shorter" not in why):
            yield Hit(entry.span, f"the secret {entry.name} {why}", entity=entry.name)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=15,
    listeners=(OnDeployment(("env",), check),),
    tags=("secret",),
)
