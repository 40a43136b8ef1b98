"""Button that calls a method which the model does not have.

## What it does
Reports `<button type="object" name="x">`, or a link (`<a>`) of that kind, in a view where no class of the
model, of its mixins or of the ORM defines the method, also where `<attribute name="name">` puts another
method in. In sub-views the comodel of the field around counts.

## Why is this bad
Since 14.0 Odoo refuses the view when the addon is installed; before, the user gets the error.

## How to fix
Correct the name, write the method, or add the addon that has it to `depends`.

## Not reported
Models of which anything is not known; buttons of other types; names of actions (`%(action)d`). Methods of an
addon of Odoo that installs itself have low confidence.
"""

from __future__ import annotations

from odoo_debt_lint.checks._bringers import whose
from odoo_debt_lint.checks.views._uses import uses
from odoo_debt_lint.companions import with_companions
from odoo_debt_lint.core.orm import ORM_METHODS
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    for use in uses(scope):
        if use.is_method and not _has(scope, use.model, use.name, set()):
            text = f"{use.model} has no method {use.name}(){whose(scope, use.model, use.name)}"
            beside = with_companions(scope)
            sure = beside is None or not _has(beside, use.model, use.name, set())
            yield Hit(use.location, text, confidence=None if sure else Confidence.LOW, entity=use.view.xmlid)


def _has(scope: Scope, model: str, name: str, seen: set[str]) -> bool:
    """Whether a class of the model, of what it inherits, or of the ORM has the method."""
    seen.add(model)
    if name in ORM_METHODS or scope.orm_method(name) is not None:
        return True
    for part in (*scope.parts(model), *scope.parts("base")):
        if name in part.methods or name in part.klass.attr_spans:
            return True
        for parent in part.klass.inherit:
            if parent not in seen and _has(scope, parent, name, seen):
                return True
    return False


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=30,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
)
