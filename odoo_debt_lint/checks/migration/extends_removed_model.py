"""Class that extends a model of Odoo's which the target series does not have any more.

## What it does
With `--to`, reports a class whose `_inherit` names a model that Odoo's addons bring into being in the series
from which the addon comes, and none of them in the target series. Other uses of such a model
(`env["..."]`, a comodel, records and actions of data files) are reported where they stand.

## Why is this bad
Odoo refuses to load the registry: "Model ... does not exist in registry".

## How to fix
Find which model took over its task, and move what the class adds to it; the message names a new model with a
similar name, if there is one.

## Not reported
Anything without `--to`. Models which the set brings into being itself. Models of addons that are not in the
index of the target (Enterprise). Models of which a rule of its own tells more (renamed and merged ones).
"""

from __future__ import annotations

from odoo_debt_lint.checks.migration._ahead import Ahead, ahead, like
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.migration.resolve import steps
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    way = ahead(scope)
    if way is None:
        return
    for parts in scope.addon.parts.values():
        for part in parts:
            for parent in part.klass.inherit:
                if way.lost_model(parent):
                    location = Location(part.path, part.klass.span)
                    yield Hit(location, f"extends {_what(way, parent)}", entity=part.klass.name)
    for step in steps(scope, way.source.series):
        if step.use.kind == "model" and way.lost_model(step.model):
            location = Location(step.path, step.use.span)
            yield Hit(location, f"uses {_what(way, step.model)}", entity=step.use.entity)


def _what(way: Ahead, model: str) -> str:
    series = way.went(lambda world: world.has_model(model))
    fresh = {name for name in way.target.parts if name not in way.source.parts}
    return f"{model}, a model that Odoo has no more from {series}{like(model, fresh)}"


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.MIGRATION,
    minutes=120,
    listeners=(OnAddon(check),),
    tags=("upgrade",),
)
