"""Override that never calls super().

## What it does
Reports a method which overrides one of a parent model (in the given addons, their dependencies, Odoo's core
or the ORM itself) and calls `super()` on no path.

## Why is this bad
Everything that Odoo and other addons do in that method no longer happens: computed fields, access checks,
mail, stock and accounting entries. At the next upgrade the copied logic stays behind.

## How to fix
Call `super()` and add what is needed before or after it, or override a smaller hook.

## Not reported
First definitions; compute, inverse, search and default methods of fields which the class itself declares;
parents that only pass, raise or return a constant; methods that always raise; calls through an alias of
`super()`, in a nested function, or as `Class.method(self)`; tests.
"""

from __future__ import annotations

import re

from odoo_debt_lint.checks.inheritance._overrides import PLAIN, Override, field_methods, overrides
from odoo_debt_lint.core.orm import REPLACED
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnAddon, Rule, Severity

_BUSINESS = re.compile(r"^(action_|button_|_action_|_post\b|post$|_button_)")
_FIELD_METHOD = re.compile(r"^(_compute_|_inverse_|_search_|_default_|_get_default_|_onchange_|onchange_)")


def check(scope: Scope) -> Hits:
    for item in overrides(scope):
        if _is_defect(item):
            yield Hit(
                item.location,
                f"{item.method.name}() overrides {item.origin} and never calls super()",
                severity=_severity(item),
                confidence=_confidence(item),
                related=item.related,
                entity=item.entity,
            )


def _is_defect(item: Override) -> bool:
    method = item.method
    if method.supers or method.delegates or method.body in ("raise", "raises"):
        return False
    if item.parent is not None and item.parent[1].body in PLAIN:
        return False
    return not (_FIELD_METHOD.match(method.name) and method.name in field_methods(item.part))


def _severity(item: Override) -> Severity:
    if item.orm or _BUSINESS.match(item.method.name):
        return Severity.HIGH
    return Severity.MEDIUM


def _confidence(item: Override) -> Confidence:
    """Two things are ordinary in a new model of one's own: to name and find its records in another way, and
    to fill in the private steps which a base model of the same addon lays out."""
    if not item.part.klass.defines:
        return Confidence.HIGH
    if item.parent is None:
        return Confidence.LOW if item.method.name in REPLACED else Confidence.HIGH
    same_addon = item.parent[0].addon == item.part.addon
    plain = not item.orm and not _BUSINESS.match(item.method.name)
    return Confidence.LOW if same_addon and plain else Confidence.HIGH


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=60,
    listeners=(OnAddon(check),),
    tags=("upgrade",),
)
