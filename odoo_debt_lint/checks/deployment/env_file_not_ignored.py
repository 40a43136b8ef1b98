"""Secrets in an ``.env`` that the next commit takes along.

## What it does
Reports an `.env` with passwords or keys which is not tracked by git and which no `.gitignore` names.

## Why is this bad
One `git add .` puts the secrets into the history of everybody.

## How to fix
`.env` into `.gitignore`, and into `.dockerignore` where images are built.

## Not reported
Files that are ignored or already tracked (`env-file-committed`); files without secrets; examples.
"""

from __future__ import annotations

from odoo_debt_lint.checks.deployment._env import is_pattern, secrets
from odoo_debt_lint.deployment.dotenv import EnvFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnDeployment, Rule, Severity


def check(file: EnvFile) -> Hits:
    if not file.tracked and not file.ignored and not is_pattern(file) and secrets(file):
        yield Hit(file.first, "no .gitignore names this file, which holds secrets")


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=5,
    listeners=(OnDeployment(("env",), check),),
    tags=("secret",),
)
