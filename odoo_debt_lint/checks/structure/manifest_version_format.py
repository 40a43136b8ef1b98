"""Version that is not digits and dots, or that belongs to another series than the set.

## What it does
Reports a manifest version which Odoo refuses (anything but `x.y`, `x.y.z`, `<series>.x.y` and
`<series>.x.y.z` in digits), and one whose series differs from `--series` or from that of nearly all other
addons of the set. A short version such as `1.0` or `17.0`, which is all series or says none, is of low
severity.

## Why is this bad
From 17.0 on Odoo does not load an addon with a malformed version, and migration scripts are chosen by
comparing versions. A wrong series means that the addon was copied and never ported, or that its version was
forgotten.

## How to fix
Write `<series>.x.y.z`, as in `17.0.1.0.0`, and raise it with every change that needs a migration script.

## Not reported
Sets that mix series about evenly; addons that are not installable.
"""

from __future__ import annotations

import re
from collections import Counter

from odoo_debt_lint.addons.manifest import series_of
from odoo_debt_lint.checks.structure._places import in_manifest
from odoo_debt_lint.index import Index, Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity

_VALID = re.compile(r"(\d{1,2}\.0\.)?\d+\.\d+(\.\d+)?")
_SERIES_ONLY = re.compile(r"(?:[89]|[12]\d)\.0(\.\d+)?")
_EXCEPTIONS = 10
"""At most one addon in so many is of another series, else the set is mixed on purpose."""


def check(scope: Scope) -> Hits:
    manifest = scope.addon.manifest
    span = manifest.keys.get("version")
    if span is None or manifest.problem or not manifest.installable:
        return
    version, place = manifest.version, in_manifest(scope, span)
    series = series_of(version)
    if not version:
        yield Hit(place, "the version is no text, write it as in '17.0.1.0.0'")
    elif not re.fullmatch(r"[\d.]+", version) or not _VALID.fullmatch(version):
        yield Hit(place, f"{version!r} is no version of the form <series>.x.y.z")
    elif _SERIES_ONLY.fullmatch(version):
        message = f"{version!r} is a series without the addon's own version, write <series>.x.y.z"
        # Odoo takes 18.0 for the addon's own version, but refuses 18.0.1
        yield Hit(place, message, Severity.LOW if version.count(".") == 1 else None)
    elif not series:
        yield Hit(
            place, f"{version!r} does not say for which series it is, write <series>.x.y.z", Severity.LOW
        )
    else:
        expected, why = _expected(scope)
        if expected and series != expected:
            yield Hit(place, f"the version is for {series}, but {why} {expected}")


def _expected(scope: Scope) -> tuple[str, str]:
    if scope.settings.series:
        return scope.settings.series, "the series asked for is"
    usual = scope.index.once("manifest-version-format", lambda: _usual(scope.index))
    return usual, "the other addons are for"


def _usual(index: Index) -> str:
    """The series of nearly all addons that can be installed; empty when there is none."""
    counts = Counter(
        series
        for addon in index.addons.values()
        if addon.manifest.installable and (series := series_of(addon.manifest.version))
    )
    if not counts:
        return ""
    series, count = counts.most_common(1)[0]
    total = sum(counts.values())
    return series if count >= 2 and total - count <= max(1, total // _EXCEPTIONS) else ""


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=5,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
    tags=("manifest",),
)
