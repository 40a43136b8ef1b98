"""Override that calls super() and loses its result.

## What it does
Reports a call of `super()` in an override whose result neither is returned nor reaches what is returned,
where the parent returns one.

## Why is this bad
Callers get `None` or something else instead of the new record, the action or the values which the parent
made: `create()` without its record breaks every import, form and test that uses the model.

## How to fix
`return super().method(...)`, or keep the result in a variable and return that.

## Not reported
Parents that return nothing; `write()` and `unlink()`, or a parent that always returns a constant, where the
override returns a value of its own; results which decide what happens or go into what is returned.
"""

from __future__ import annotations

from odoo_debt_lint.checks.inheritance._overrides import Override, overrides
from odoo_debt_lint.core.orm import RESULT_MATTERS
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnAddon, Rule, Severity

_LOST = frozenset({"dropped", "read"})


def check(scope: Scope) -> Hits:
    for item in overrides(scope):
        lost = [call for call in item.calls if call.use in _LOST and not call.nested]
        if not lost or not _result_matters(item):
            continue
        for call in lost:
            yield Hit(
                Location(item.part.path, call.span),
                f"the result of super().{item.name}() is lost: {item.origin} returns one",
                severity=Severity.HIGH if item.orm and item.name in RESULT_MATTERS else Severity.MEDIUM,
                confidence=_confidence(item, len(lost)),
                related=item.related,
                entity=item.entity,
            )


def _result_matters(item: Override) -> bool:
    if item.method.body == "raises":
        return False
    result = item.parent_result
    return result == "value" or (result == "constant" and not item.method.result)


def _confidence(item: Override, lost: int) -> Confidence:
    """A method that returns a value of its own may mean to replace the parent's; one that returns the result
    of another call runs this one on the side."""
    if lost < len(item.calls) and item.name not in RESULT_MATTERS:
        return Confidence.LOW
    return Confidence.HIGH if item.orm or not item.method.result else Confidence.MEDIUM


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=10,
    listeners=(OnAddon(check),),
    tags=("upgrade",),
)
