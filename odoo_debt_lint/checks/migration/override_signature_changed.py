"""Override of a method whose parameters are others in the target series.

## What it does
With `--to`, compares the parameters of a method that overrides one of Odoo's with those which this has in the
target series. Reports an override that fits now and will lack a parameter, have one under another name, or
require one that callers will not give; and one that gives `super()` an argument which it no longer takes.

## Why is this bad
After the upgrade Odoo calls the method with its new parameters: a `TypeError`, or worse, the value of another
parameter.

## How to fix
Take the parameters which the message names, and pass them on to `super()`.

## Not reported
Anything without `--to`. `*args, **kwargs`; further optional parameters; overrides that do not fit their
parent today (`override-signature-mismatch`); methods that are gone (`override-of-removed-method`), and those
of which a rule of its own tells more. A required parameter of a private method under another name is low
confidence.
"""

from __future__ import annotations

import msgspec

from odoo_debt_lint.checks.inheritance._signatures import Mismatch, beyond, compare
from odoo_debt_lint.checks.migration._ahead import Ahead, ahead
from odoo_debt_lint.checks.migration._overridden import Overridden, is_told, overridden
from odoo_debt_lint.facts import MethodFact
from odoo_debt_lint.index import Scope
from odoo_debt_lint.migration.world import World
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    way = ahead(scope)
    if way is None:
        return
    for item in overridden(scope, way):
        if item.method.body in ("raise", "raises") or is_told(way, item):
            continue
        found = _changed(way, item, way.target)
        if found:
            text = ", ".join(dict.fromkeys(mismatch.text for mismatch in found[:3]))
            yield Hit(
                item.location,
                f"{item.method.name}() has other parameters from {_since(way, item)}: the override {text}",
                confidence=max(_confidence(way, item, mismatch) for mismatch in found),
                entity=item.entity,
            )
        elif refused := _refused(way, item):
            text = f"{item.method.name}() no longer takes what the override gives to super(): {refused}"
            yield Hit(item.location, text, entity=item.entity)


def _changed(way: Ahead, item: Overridden, odoo: World) -> list[Mismatch]:
    """What does not fit in a series, and fits in the source."""
    before, after = contract(way.source, item), contract(odoo, item)
    if before is None or after is None or _shape(before) == _shape(after):
        return []
    today = {mismatch.kind for mismatch in compare(item.method, before)}
    found = [mismatch for mismatch in compare(item.method, after) if mismatch.kind not in today]
    if item.orm is not None:
        found = [mismatch for mismatch in found if mismatch.kind not in ("name", "open")]
    return found


def contract(odoo: World, item: Overridden) -> MethodFact | None:
    """The method whose parameters count: the ORM's where there is one, else that of its first definition."""
    name = item.method.name
    known = odoo.core.orm_method(name)
    if known is not None:
        return known
    addons = [part.addon for part, _ in item.parents]
    for model in item.lineage:
        entry = odoo.model(model)
        found = entry.methods.get(name, ()) if entry is not None else ()
        for part, method in found:
            if part.addon in addons:
                return method
        if found:
            return found[0][1]
    return None


def _refused(way: Ahead, item: Overridden) -> str:
    """What the override gives to ``super()`` which some parent takes today, and none in the target."""
    before, after = _parents(way.source, item), _parents(way.target, item)
    for call in item.method.supers if before and after else ():
        if call.method != item.method.name or call.count < 0:
            continue
        told = way.told.of("argument")
        names = tuple(name for name in call.names if f"{call.method}.{name}" not in told)
        call = msgspec.structs.replace(call, names=names)
        fits = any(not beyond(method, call) for method in before)
        refused = [beyond(method, call) for method in after]
        if fits and all(refused):
            return refused[0]
    return ""


def _parents(odoo: World, item: Overridden) -> list[MethodFact]:
    """All methods of a series that ``super()`` may lead to."""
    known = odoo.core.orm_method(item.method.name)
    entries = [entry for model in item.lineage if (entry := odoo.model(model)) is not None]
    found = [method for entry in entries for _, method in entry.methods.get(item.method.name, ())]
    return [*found, known] if known is not None else found


def _shape(method: MethodFact) -> list[tuple[str, str, bool]]:
    return [(param.name, param.kind, param.default) for param in method.params[1:]]


def _since(way: Ahead, item: Overridden) -> str:
    """The first series on the way in which the override does not fit."""
    return way.went(lambda odoo: not _changed(way, item, odoo))


def _confidence(way: Ahead, item: Overridden, mismatch: Mismatch) -> Confidence:
    """How surely some caller breaks: as for parameters that do not fit today. What is new and may be left out
    is not given by every caller."""
    after = contract(way.target, item)
    optional = {param.name for param in after.params if param.default} if after is not None else set()
    if mismatch.kind == "missing" and mismatch.text.rpartition(" ")[2] in optional:
        return Confidence.MEDIUM
    public = not item.method.name.startswith("_")
    if mismatch.kind in ("missing", "required", "moved"):
        return Confidence.HIGH
    if mismatch.kind == "renamed":
        return Confidence.HIGH if public or item.orm is not None else Confidence.MEDIUM
    if mismatch.kind == "open" or (mismatch.kind == "default" and not public):
        return Confidence.MEDIUM
    return Confidence.MEDIUM if public else Confidence.LOW


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.MIGRATION,
    minutes=20,
    listeners=(OnAddon(check),),
    tags=("upgrade",),
)
