"""Column that SQL names and that the target series keeps in another form, or no more.

## What it does
With `--to`, reports columns in SQL whose field Odoo has in both series, but which become `jsonb` on the way
(translated fields from 16.0 on), or which are no longer stored.

## Why is this bad
A translated column then gives `{"en_US": "Chair"}` where the code, a report or the field of an SQL view
expects a text, and comparisons with a text fail. A field that is only computed has no column: the query
fails.

## How to fix
`name->>'en_US'`, with the language and a fallback to `en_US`, or the ORM, which knows the language. What is
computed is read through the ORM, too.

## Not reported
Anything without `--to`. Columns without the name or the alias of their table before them, but for those
which an UPDATE sets. `name->>'en_US'`. Fields that the addons of the set declare themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from odoo_debt_lint.checks.migration._ahead import Ahead, ahead
from odoo_debt_lint.facts import FieldFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.migration.resolve import Step, steps
from odoo_debt_lint.migration.world import Declared, World
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity, series_number

_JSON = 16.0
"""The series from which translations stand in the column itself."""
_WITHOUT = frozenset({"One2many", "Many2many"})


def check(scope: Scope) -> Hits:
    way = ahead(scope)
    if way is None:
        return
    for step in steps(scope, way.source.series):
        if step.use.kind == "table" and step.name and not step.own and step.odoo:
            message = _changed(way, step)
            if message:
                name = f"{step.model}.{step.name}"
                yield Hit(Location(step.path, step.use.span), f"{name} {message}", entity=step.use.entity)


def _changed(way: Ahead, step: Step) -> str:
    """What becomes of a column on the way."""
    for world in way.steps():
        new = tuple(_declared(way, world, step))
        if not new:
            return ""
        if not _is_stored(new) and _is_stored(step.odoo):
            return f"is not stored any more from {world.series}: the table has no such column"
        if _is_json(way, new, world.series) and not _is_json(way, step.odoo, way.source.series):
            if step.use.value != "json":
                return f"is jsonb from {world.series}, a text for each language: {step.name}->>'en_US'"
    return ""


def _declared(way: Ahead, world: World, step: Step) -> Iterator[Declared]:
    for parent in way.known.own(step.model).parents:
        known = world.model(parent)
        if known is not None:
            yield from known.fields.get(step.name, ())


def _is_json(way: Ahead, declared: Iterable[Declared], series: str) -> bool:
    """Whether the addon or what it needs has the field translated, and the series keeps that in the table."""
    if series_number(series) < _JSON:
        return False
    known = (field for addon, field in declared if way.scope.visible(addon) is not None)
    return any(_given(field, "translate") for field in known)


def _is_stored(declared: Iterable[Declared]) -> bool:
    """Whether a field has a column; one that is stored somewhere is so for whoever installs that."""
    fields = [field for _, field in declared]
    if any(_given(field, "store") for field in fields):
        return True
    made = any(_given(field, "compute") or _given(field, "related") for field in fields)
    return not made and not any(field.type in _WITHOUT for field in fields)


def _given(field: FieldFact, name: str) -> bool:
    return bool(field.kwargs.get(name)) or name in field.dynamic


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.MIGRATION,
    minutes=20,
    listeners=(OnAddon(check),),
    tags=("upgrade",),
)
