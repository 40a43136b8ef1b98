"""Manifest whose version still names the series from which the addon is migrated.

## What it does
With `--to`, reports addons whose version begins with an earlier series (`16.0.1.2.0`, `16.0.1.0`).

## Why is this bad
Odoo does not install an addon whose version names another series.

## How to fix
Write the version of the target: `18.0.1.0.0`. The fix does so (`--unsafe-fixes`) once nothing in the addon is
known to break any more, because from then on the addon counts as migrated.

## Not reported
Versions without a series in front, and addons of the target's series or a later one.
"""

from __future__ import annotations

import re

from odoo_debt_lint.finding import Edit, Fix, Location, Span
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity, series_number

_SERIES = re.compile(r"(\d{1,2}\.0)(?:\.\d+){2,3}")


def check(scope: Scope) -> Hits:
    manifest, to = scope.addon.manifest, scope.settings.to
    match = _SERIES.fullmatch(manifest.version)
    span = manifest.keys.get("version")
    if not to or match is None or span is None or series_number(match[1]) >= series_number(to):
        return
    where = Location(manifest.path, span)
    message = f"version {manifest.version} names {match[1]}: it becomes {to}.1.0.0"
    yield Hit(where, message, fix=_fix(span, manifest.version, to))


def _fix(span: Span, version: str, to: str) -> Fix | None:
    """Replaces the text between the quotes; ``span`` ends with the value where that is on the key's line."""
    end = span.end_column - 1
    start = end - len(version)
    if span.start_line != span.end_line or start <= span.start_column + len("version"):
        return None
    where = Span(span.end_line, start, span.end_line, end)
    return Fix(f"Write {to}.1.0.0", (Edit(where, f"{to}.1.0.0"),), safe=False)


RULE = Rule(
    severity=Severity.LOW,
    block=Block.MIGRATION,
    minutes=5,
    listeners=(OnAddon(check),),
)
