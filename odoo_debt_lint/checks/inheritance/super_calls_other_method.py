"""Override that calls another method of its parent instead of the one it overrides.

## What it does
Reports `super().other()` inside `def this`, where `this` overrides a method of a parent and is never
called through `super()`.

## Why is this bad
The parent's `this` no longer runs, and the `other` of this class and of every later addon is passed over.
Most often the method was copied or renamed and the call forgotten.

## How to fix
Call `super().this()`; call `self.other()` where the other method is meant.

## Not reported
Methods that override nothing (the parent lacks `this`); parents that only pass, raise or return a constant;
methods that call the overridden method too, or hand it on in any other form.
"""

from __future__ import annotations

from odoo_debt_lint.checks.inheritance._overrides import PLAIN, Override, overrides
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    for item in overrides(scope):
        if not calls_another(item):
            continue
        call = item.method.supers[0]
        yield Hit(
            Location(item.part.path, call.span),
            f"{item.name}() overrides {item.origin}, but calls super().{call.method}()",
            related=item.related,
            entity=item.entity,
        )


def calls_another(item: Override) -> bool:
    """Whether the override calls something else of its parent, and nothing of what it overrides."""
    if not item.method.supers or item.calls or item.method.delegates:
        return False
    if all(call.method.startswith("__") for call in item.method.supers):
        return False
    return item.parent is None or item.parent[1].body not in PLAIN


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=20,
    listeners=(OnAddon(check, bodies="closure", data="closure"),),
    tags=("upgrade",),
)
