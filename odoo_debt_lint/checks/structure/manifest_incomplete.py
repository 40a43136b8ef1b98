"""Manifest without name, license, version or depends.

## What it does
Reports a manifest in which one of `name`, `license`, `version` and `depends` is missing or empty (an empty
`depends` list is a statement and counts as given).

## Why is this bad
Without a license nobody may use or change the code, and Odoo assumes LGPL-3 with a warning. Without a
version no migration script ever runs. Without `depends` the addon works only by the accident of what else
is installed.

## How to fix
Add the keys. Versions are `<series>.x.y.z`, as in `17.0.1.0.0`.

## Not reported
Addons that are not installable, and manifests that Odoo cannot read at all (`manifest-invalid`).
"""

from __future__ import annotations

from odoo_debt_lint.checks.structure._places import first_line
from odoo_debt_lint.facts import ManifestFact
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    manifest = scope.addon.manifest
    if manifest.problem or not manifest.installable:
        return
    missing = [key for key in ("name", "license", "version", "depends") if _lacks(manifest, key)]
    if missing:
        yield Hit(first_line(scope), f"the manifest lacks {' and '.join(missing)}", minutes=3 * len(missing))


def _lacks(manifest: ManifestFact, key: str) -> bool:
    if key not in manifest.keys:
        return True
    if key == "depends":
        return False
    if key == "version":
        # one that is no text is for manifest-version-format
        return False
    return not getattr(manifest, key).strip()


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=5,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
    tags=("manifest",),
)
