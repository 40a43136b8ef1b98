"""Secrets in an ``.env`` that is in the repository.

## What it does
Reports an `.env` with passwords or keys which git tracks, also where a `.gitignore` names it by now.

## Why is this bad
Who can read the repository has them, for ever: they stay in the history after the file is gone.

## How to fix
Change the secrets first. Then `git rm --cached .env`, the name into `.gitignore`, and an `.env.example`
without values.

## Not reported
Files without secrets; examples and templates; files that git does not track.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._env import is_pattern, secrets
from odoo_debt_lint.deployment.dotenv import EnvFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(file: EnvFile) -> Hits:
    found = [] if is_pattern(file) or not file.tracked else secrets(file)
    if found:
        names = ", ".join(entry.name for entry, _ in found[:3]) + (" …" if len(found) > 3 else "")
        yield Hit(file.first, f"git tracks this file with the secrets {names}")


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=60,
    listeners=(OnDeployment(("env",), check),),
    tags=("secret",),
)
