"""Class that takes the name of an existing model without inheriting it.

## What it does
Reports a class whose `_name` is that of a model which the addon or its dependencies already define, and whose
`_inherit` does not name it.

## Why is this bad
Odoo replaces the model: its fields, methods and every extension made so far are gone from the registry,
while tables, views and access rights still expect them.

## How to fix
Extend the model with `_inherit = "the.model"`, or give the new model a name of its own.

## Not reported
Models that addons outside the dependencies define; files which nothing imports; `_name` together with
`_inherit` of the same name.
"""

from __future__ import annotations

from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Part, Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    for model, parts in scope.addon.parts.items():
        for part in parts:
            if not part.klass.defines or part.path in scope.addon.unreached:
                continue
            first = _definition_before(scope, model, part)
            if first is None:
                continue
            related = (Location(first.path, first.klass.span, "defined here"),) if first.path else ()
            yield Hit(
                Location(part.path, part.klass.span),
                f"_name = {model!r} replaces the model of {first.addon}; extend it with _inherit",
                related=related,
                entity=part.klass.name,
            )


def _definition_before(scope: Scope, model: str, part: Part) -> Part | None:
    """The class that brought the model into being before this one."""
    for other in scope.parts(model):
        if other.klass is part.klass:
            return None
        if other.klass.defines:
            return other
    return None


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=60,
    listeners=(OnAddon(check, bodies="closure", data="closure"),),
    tags=("upgrade",),
)
