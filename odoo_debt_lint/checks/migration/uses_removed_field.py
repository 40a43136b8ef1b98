"""Use of a field of Odoo's that the target series does not have any more.

## What it does
With `--to`, follows the records of the addon from step to step (`self.partner_id.x`, domains, keys of
`create` and `write`, paths of `depends`, `related` and `mapped`, views, data files, mails) and reports a
field which Odoo's addons have in the series from which the addon comes, and none of them has in the target
series. A field of Odoo's which the addon declares again to change it is reported there, too.

## Why is this bad
After the upgrade the code raises `AttributeError` or `KeyError`, the view is refused, the data file does not
load.

## How to fix
Find what the field became: the message names a new field of the same model with a similar name, if there is
one. The commit that removed it tells how Odoo's own addons were changed.

## Not reported
Anything without `--to`. Fields which the addons of the set declare themselves. Uses of a field of Odoo's
which the addon or one that it needs declares as a whole: in the target that makes the field, so only the
declaration is told, at medium. One that Odoo computed or took from elsewhere must be so there, too. Fields
which another addon of Odoo has in the target. Fields of addons that are not in the index of the target
(Enterprise). Fields of which a rule of its own tells more (see `odoo-debt-lint rules`). Names for which the
code asks first (`hasattr`, `in _fields`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from odoo_debt_lint.checks.migration._ahead import Ahead, ahead, like
from odoo_debt_lint.facts import FieldFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.migration.resolve import is_whole, steps
from odoo_debt_lint.migration.world import Declared, World
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity

_FROM_ELSEWHERE = frozenset({"compute", "related"})


def check(scope: Scope) -> Hits:
    way = ahead(scope)
    if way is None:
        return
    met: set[Location] = set()
    for step in steps(scope, way.source.series):
        if not step.name or step.own or not step.odoo or step.use.kind == "call":
            continue
        location = Location(step.path, step.use.span)
        given = step.path.endswith(".xml") and step.use.kind == "values"
        if location in met or (given and way.told.record_field(step.lineage, step.name)):
            continue
        if _is_lost(way, step.model, step.name, step.odoo) and not _stands(
            way, step.model, step.name, step.odoo
        ):
            met.add(location)
            message = f"uses {_where(way, step.model, step.name)}"
            yield Hit(location, message, entity=step.use.entity)
    yield from _declared(scope, way)


def _declared(scope: Scope, way: Ahead) -> Iterator[Hit]:
    """Fields of Odoo's which the addon changes."""
    for parts in scope.addon.parts.values():
        for part in parts:
            for field in part.klass.fields:
                model, odoo = part.klass.model, way.known.odoo(part.klass.model, field.name)
                if not odoo or way.known.is_own(scope, model, field.name):
                    continue
                if _is_lost(way, model, field.name, odoo):
                    stands = _stands(way, model, field.name, odoo)
                    more = ": there it is the addon's alone" if stands else ""
                    yield Hit(
                        Location(part.path, field.span),
                        f"changes {_where(way, model, field.name)}{more}",
                        Severity.MEDIUM if stands else None,
                        entity=part.entity(field),
                    )


def _is_lost(way: Ahead, model: str, name: str, odoo: Sequence[Declared]) -> bool:
    """Whether no model of which it is made there has the field in the target."""
    if way.lacks(way.known.own(model).parents) or _has(way.target, way, model, name):
        return False
    lineage = way.known.lineage(model)
    holders = [parent for parent in lineage if way.source.has_field(parent, name)]
    # where the model itself is gone, that is what has to be told
    if not all(way.target.has_model(parent) and not way.told.model(parent) for parent in holders):
        return False
    owners = [owner for owner, _ in odoo]
    return way.gone(owners) and not way.told.field(lineage, name)


def _has(world: World, way: Ahead, model: str, name: str) -> bool:
    return any(world.has_field(parent, name) for parent in (*way.known.own(model).parents, "base"))


def _stands(way: Ahead, model: str, name: str, odoo: Sequence[Declared]) -> bool:
    """Whether what the addon or one that it needs declares makes the field without Odoo's."""
    own = way.known.own(model)
    declared = (
        field
        for parent in own.parents
        for addon in way.scope.addons
        for part in (addon.parts.get(parent, ()) if not addon.core else ())
        for field in part.klass.fields
    )
    made = [field for field in declared if field.name == name and is_whole(field)]
    if any(_worked_out(field) for _, field in odoo):
        return any(
            _worked_out(field) and field.kwargs.get("compute", "") in ("", *own.methods) for field in made
        )
    return bool(made)


def _worked_out(field: FieldFact) -> bool:
    """Whether a field is computed or taken from another one."""
    return not _FROM_ELSEWHERE.isdisjoint((*field.kwargs, *field.dynamic))


def _where(way: Ahead, model: str, name: str) -> str:
    """Which field it is, since when it is gone, and what is there that looks like it."""
    lineage = way.known.lineage(model)
    series = way.went(lambda world: _has(world, way, model, name))
    fresh: set[str] = set()
    for parent in lineage[:1]:
        old, new = way.source.model(parent), way.target.model(parent)
        if old is not None and new is not None:
            fresh |= set(new.fields) - set(old.fields)
    return f"{model}.{name}, which Odoo has no more from {series}{like(name, fresh)}"


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.MIGRATION,
    minutes=30,
    listeners=(OnAddon(check),),
    tags=("upgrade",),
)
