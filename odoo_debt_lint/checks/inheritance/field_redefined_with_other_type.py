"""Extension that gives an existing field another type.

## What it does
Reports a field of an extending class which a parent declares with another type.

## Why is this bad
The column changes under code that was written for the old type: values are converted or lost at the update,
views, domains and other addons fail, and the next upgrade of the parent meets a column it does not know.

## How to fix
Add a field with a name of its own, and compute or relate it to the old one.

## Not reported
New models which declare a field of a mixin again; the same type with other arguments; `Image`
and `Binary`, which are stored alike.
"""

from __future__ import annotations

from odoo_debt_lint.facts import FieldFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Part, Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    for parts in scope.addon.parts.values():
        for part in parts:
            if part.klass.defines or not part.klass.inherit:
                continue
            for field in part.klass.fields:
                before = _declared(scope, part, field.name)
                if before is not None and _column(before[1]) != _column(field):
                    yield _hit(part, field, *before)


def _declared(scope: Scope, part: Part, name: str) -> tuple[Part, FieldFact] | None:
    """The nearest declaration of the field which the class's own replaces."""
    table: dict[int, dict[str, FieldFact]] = scope.once("fields", dict)
    for other in scope.ancestors(part):
        fields = table.get(id(other.klass))
        if fields is None:
            fields = table[id(other.klass)] = {field.name: field for field in other.klass.fields}
        if name in fields:
            return other, fields[name]
    return None


def _column(field: FieldFact) -> str:
    """What is stored: an image is a binary field that scales what it gets."""
    return "Binary" if field.type == "Image" else field.type


def _hit(part: Part, field: FieldFact, other: Part, before: FieldFact) -> Hit:
    return Hit(
        Location(part.path, field.span),
        f"{part.klass.model}.{field.name} is {before.type} in {other.addon} and becomes {field.type} here",
        related=(Location(other.path, before.span, "declared here"),) if other.path else (),
        entity=part.entity(field),
    )


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=60,
    listeners=(OnAddon(check, bodies="closure", data="closure"),),
    tags=("upgrade",),
)
