"""Manifest that lists a file which does not exist.

## What it does
Compares `data`, `demo`, `qweb` and the older lists of the manifest with the files of the addon. A missing
file of the addon's own in `assets` is of medium severity: the page loads, but without the script or style.

## Why is this bad
The installation or update of the addon stops with an error, and with it that of everything which depends on
it. Where the missing file is one of `demo`, Odoo installs the addon without any of its demonstration data,
and what builds on that (other addons' demonstration data, tests) fails.

## How to fix
Correct the path (upper and lower case matter on a server) or take the line out.

## Not reported
Patterns with `*` in assets, paths that lead to other addons, lists that the series ignores (`qweb` from 15.0,
`update_xml` and `demo_xml` from 19.0), addons that are not installable.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from math import inf

from odoo_debt_lint.checks.structure._places import in_manifest
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity, Span, series_number

_LISTS = ("data", "demo", "demo_xml", "init_xml", "update_xml", "qweb")
_IGNORED = {"qweb": 15.0, "update_xml": 19.0, "demo_xml": 19.0}
"""From these series on Odoo ignores these lists."""
_DEMO = ("demo", "demo_xml")


def check(scope: Scope) -> Hits:
    addon = scope.addon
    if not addon.names or not addon.manifest.installable:
        return
    linked = tuple(name for name in addon.names if name.endswith("/"))
    lower = {name.lower(): name for name in addon.names}
    for key in _LISTS:
        if series_number(addon.series) >= _IGNORED.get(key, inf):
            continue
        for path, span in addon.manifest.lists.get(key, ()):
            inside = posixpath.normpath(path)
            if (
                inside in addon.names
                or inside.startswith(("..", "/", *linked))
                or (key == "qweb" and "*" in path)
            ):
                continue
            near = lower.get(inside.lower())
            hint = f", there is {near}" if near else ""
            lost = ": no demonstration data of the addon is loaded" if key in _DEMO else ""
            message = f"{path} is listed in {key!r} and does not exist{hint}{lost}"
            yield Hit(in_manifest(scope, span), message)
    for path, span in _own_assets(scope):
        yield Hit(in_manifest(scope, span), f"the asset {path} does not exist in the addon", Severity.MEDIUM)


def _own_assets(scope: Scope) -> Iterator[tuple[str, Span]]:
    """Assets named without a pattern, under the addon's own name, that are not there."""
    name = scope.addon.name
    for _, path, span in scope.addon.manifest.assets:
        owner, _, inside = path.lstrip("/").partition("/")
        if owner == name and not any(sign in path for sign in "*?[") and inside not in scope.addon.names:
            if posixpath.splitext(inside)[1]:
                yield path, span


RULE = Rule(
    severity=Severity.CRITICAL,
    block=Block.CODE,
    minutes=15,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
    tags=("manifest",),
)
