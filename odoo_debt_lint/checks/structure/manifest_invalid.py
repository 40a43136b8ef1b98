"""Manifest that Odoo cannot read.

## What it does
Reports a `__manifest__.py` which is no plain literal dictionary: code or a docstring beside the dictionary,
concatenated strings, calls and variables, f-strings, a `depends` or `data` that is no list, an `auto_install`
that names what is not in `depends`, or a file that does not parse. A key that is given twice counts too: all
but the last value are lost.

## Why is this bad
Odoo reads manifests with `ast.literal_eval`. When that fails, the addon is skipped with a line in the log:
it cannot be installed, and what depends on it neither.

## How to fix
Write one dictionary of strings, lists, numbers and booleans, and nothing else but comments.
"""

from __future__ import annotations

from odoo_debt_lint.checks.structure._places import in_manifest
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity, Span


def check(scope: Scope) -> Hits:
    manifest = scope.addon.manifest
    if manifest.problem:
        place = Span(manifest.problem_line, 0, manifest.problem_line, 1)
        yield Hit(in_manifest(scope, place), f"Odoo cannot read the manifest: it {_verb(manifest.problem)}")
    for key, span in manifest.repeated:
        yield Hit(
            in_manifest(scope, span),
            f"{key!r} is given twice, only the last value counts",
            severity=Severity.MEDIUM,
        )


def _verb(problem: str) -> str:
    """The problem as the end of a sentence that begins with ``it``."""
    return problem if problem.startswith(("does", "holds", "has")) else f"says that {problem}"


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=15,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
    tags=("manifest",),
)
