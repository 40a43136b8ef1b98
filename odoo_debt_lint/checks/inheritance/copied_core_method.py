"""Override whose body is largely a copy of the method it replaces.

## What it does
Reports a method which overrides one of Odoo or of another addon, never calls `super()`, and whose body is for
the most part the overridden body: code was copied to change a few lines of it. Bodies are compared by
fingerprints of their tokens, so that formatting, quotes, comments and docstrings make no difference; Odoo's
own come from the core index of the addon's series.

## Why is this bad
The copy keeps the state of the day on which it was made. Corrections and new features of the original no
longer arrive, what other addons do in the same method is lost, and at every upgrade somebody has to find out
by hand which lines of the copy were meant to differ.

## How to fix
Call `super()` and change its result or the values before it, override a smaller hook which the original
calls, or propose such a hook upstream.

## Not reported
Short bodies (under eight lines), overrides which call `super()` in any form, methods of the same name which
do something else, methods of one addon among themselves, and addons whose series has no core index where the
original is Odoo's.
"""

from __future__ import annotations

from dataclasses import replace

from odoo_debt_lint.checks.inheritance._overrides import Override, orm_method, overrides
from odoo_debt_lint.core.shingles import likeness
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnAddon, Rule, Severity

LARGELY = 0.5
_SURE = 0.65


def check(scope: Scope) -> Hits:
    for item in overrides(scope):
        alike, origin, related = copied(item)
        if alike >= LARGELY:
            yield Hit(
                item.location,
                f"{item.name}() is largely a copy of {origin} and never calls super()",
                confidence=Confidence.HIGH if alike >= _SURE else Confidence.MEDIUM,
                related=related,
                entity=item.entity,
            )


def copied(item: Override) -> tuple[float, str, tuple[Location, ...]]:
    """How much of the override's body is that of a method which it replaces (0 to 1), and which one it is."""
    method = item.method
    best: tuple[float, str, tuple[Location, ...]] = (0.0, "", ())
    if not method.sketch or method.supers or method.delegates:
        return best
    for part in item.scope.ancestors(item.part):
        found = part.methods.get(item.name)
        if found is not None and found.sketch and part.addon != item.part.addon:
            parent = replace(item, parent=(part, found))
            best = max(best, (likeness(method.sketch, found.sketch), parent.origin, parent.related))
    base = orm_method(item.scope, item.name)
    if base is not None and item.orm:
        best = max(best, (likeness(method.sketch, base.sketch), f"the ORM's {item.name}()", ()))
    return best


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=120,
    listeners=(OnAddon(check, bodies="closure", data="closure"),),
    tags=("upgrade",),
)
