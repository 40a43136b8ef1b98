"""Model to which nobody has been given access.

## What it does
Reports a model for which no addon of the set has a row of `ir.model.access` (from 20.0: `ir.access`), neither
in csv nor in XML; those in files which no manifest lists do not count. From 14.0 transient models
need one too.

## Why is this bad
Only the superuser can use the model. Users get an access error, or the code around it grows `sudo()` until
nobody knows who may see what.

## How to fix
A row in `security/ir.model.access.csv` for each group that works with the model, with the rights it needs.

## Not reported
Abstract models; extensions of a model, also with its name in `_name` and in `_inherit`; models of tests;
transient models before 14.0 (without a series: in a set with decorators that went with 13.0); files which
no `__init__.py` imports.
"""

from __future__ import annotations

from odoo_debt_lint.checks.access._rows import (
    ACCESS_MODELS,
    is_new_model,
    loaded,
    target,
    target_of,
)
from odoo_debt_lint.checks.structure._imports import dead
from odoo_debt_lint.index import Index, Part, Scope
from odoo_debt_lint.rule import Block, Hit, Hits, Location, OnAddon, Rule, Severity, series_number

_KEY = "access: models with rows"
_KEY_OLD = "access: code before 13.0 among addons without a series"
_ASKED_SINCE = 14
_GONE = ("multi", "one")
"""``@api.multi`` and ``@api.one``."""


def check(scope: Scope) -> Hits:
    seen: set[str] = set()
    covered = scope.index.once(_KEY, lambda: _covered(scope.index))
    for part in scope.addon.classes():
        model = part.klass.model
        if model in seen or not _needs_access(scope, part) or target_of(model) in covered:
            continue
        if part.path in dead(scope):
            continue
        seen.add(model)
        kind = "transient model" if part.klass.kind == "transient" else "model"
        yield Hit(
            Location(part.path, part.klass.span),
            f"no access row for the {kind} {model}: only the superuser can use it",
            entity=part.klass.name,
        )


def _needs_access(scope: Scope, part: Part) -> bool:
    klass = part.klass
    if klass.kind not in ("model", "transient") or klass.attrs.get("_register") is False:
        return False
    if klass.kind == "transient" and _asks_no_rows(scope):
        return False
    return is_new_model(scope, part)


def _asks_no_rows(scope: Scope) -> bool:
    """Whether transient models need no rows: the series is before 14.0, or is told by no addon and methods of
    the set have decorators that went with 13.0."""
    series = series_number(scope.addon.series)
    if series:
        return series < _ASKED_SINCE
    return scope.index.once(_KEY_OLD, lambda: _holds_old(scope.index))


def _holds_old(index: Index) -> bool:
    unknown = (addon for addon in index.all if not addon.core and not addon.series)
    return any(_is_old(part) for addon in unknown for part in addon.classes())


def _is_old(part: Part) -> bool:
    return any(method.decorated(*_GONE) for method in part.klass.methods)


def _covered(index: Index) -> frozenset[str]:
    """Models with a row in any addon of the set."""
    return frozenset(
        target(placed.record, addon.name) for addon in index.all for placed in loaded(addon, *ACCESS_MODELS)
    )


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=30,
    listeners=(OnAddon(check, bodies="closure"),),
)
