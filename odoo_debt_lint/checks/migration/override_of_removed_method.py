"""Override of a method of Odoo's that the target series does not have any more.

## What it does
With `--to`, reports a method that overrides one of Odoo's addons in the series from which the addon comes,
where no addon of Odoo gives that method to the model, its mixins or the ORM in the target series.

## Why is this bad
Nobody calls the override any more, so what it adds is lost without any message; and its call of `super()`
raises `AttributeError`.

## How to fix
Find what became of the method in the target, and override that. The message names a method of the model that
is new there and has largely the same body or a similar name, if there is one.

## Not reported
Anything without `--to`. Methods which an addon of the set defines first. Methods which another addon of Odoo
has in the target. Methods of addons that are not in the index of the target (Enterprise), of models that are
gone as a whole (`extends-removed-model`), and those of which a rule of its own tells more.
"""

from __future__ import annotations

from odoo_debt_lint.checks.migration._ahead import Ahead, ahead, like
from odoo_debt_lint.checks.migration._overridden import Overridden, is_told, overridden, there
from odoo_debt_lint.core.shingles import likeness
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity

_SAME = 0.5
"""From which likeness on two bodies are taken for the same method under two names."""


def check(scope: Scope) -> Hits:
    way = ahead(scope)
    if way is None:
        return
    for item in overridden(scope, way):
        if not _is_lost(way, item):
            continue
        owner = item.parents[0][0].addon if item.parents else "the ORM"
        series = way.went(lambda world, item=item: there(world, item))  # type: ignore[misc]
        lost = "its super() call fails" if item.calls_parent else "Odoo calls it no more"
        yield Hit(
            item.location,
            f"{item.method.name}() of {owner} is gone from {series}: {lost}{_successor(way, item)}",
            entity=item.entity,
        )


def _is_lost(way: Ahead, item: Overridden) -> bool:
    if not item.parents and not item.calls_parent:
        # one of the ORM alone, defined anew: whoever calls it finds it
        return False
    if way.lacks(item.stated) or there(way.target, item) or is_told(way, item):
        return False
    holders = {part.klass.model for part, _ in item.parents}
    if not all(way.target.has_model(model) for model in holders):
        return False
    return way.gone(part.addon for part, _ in item.parents)


def _successor(way: Ahead, item: Overridden) -> str:
    """A new method of the same model with the same body, else with a similar name."""
    fresh = {}
    for model in {part.klass.model for part, _ in item.parents}:
        old, new = way.source.model(model), way.target.model(model)
        if old is not None and new is not None:
            fresh.update({name: found for name, found in new.methods.items() if name not in old.methods})
    best = max(
        (
            (likeness(parent.sketch, method.sketch), name)
            for name, found in fresh.items()
            for _, method in found
            for _, parent in item.parents
        ),
        default=(0.0, ""),
    )
    if best[0] >= _SAME:
        return f"; {best[1]}() has largely its body there"
    return like(item.method.name, fresh)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.MIGRATION,
    minutes=60,
    listeners=(OnAddon(check),),
    tags=("upgrade",),
)
