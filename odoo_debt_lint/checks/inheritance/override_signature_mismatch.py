"""Override whose parameters do not fit those of its parent.

## What it does
Reports an override that lacks a parameter of the overridden method, gives an optional one another name,
swaps them, or requires one that callers do not give. The parameters of the ORM's own methods are those of
the addon's series.

## Why is this bad
Odoo and other addons call the method as its parent declares it. They get a `TypeError`, or worse, the
value of another parameter. Most such overrides were written for an older series.

## How to fix
Take the parameters of the parent in this series, or pass on what is not needed with `*args, **kwargs`.

## Not reported
`*args, **kwargs`; further optional parameters; leading underscores; methods that always raise; a required
parameter of the ORM's methods under another name (their callers give it by position). A required parameter
of a private method under another name is low confidence; so are models on a base of the same addon, and in
addons of Odoo itself, which wrote the callers too, private methods and namesakes of methods of the ORM.
"""

from __future__ import annotations

from odoo_debt_lint.checks.inheritance._overrides import Override, orm_method, overrides
from odoo_debt_lint.checks.inheritance._signatures import Mismatch, compare, shared
from odoo_debt_lint.core.base_model import known
from odoo_debt_lint.facts import MethodFact
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnAddon, Rule, Severity, series_number

_ALL_GIVEN = frozenset({"view_header_get", "name_search"})
"""Methods of the ORM whose only callers give every argument in its place."""

_OPTIONS_GIVEN = frozenset({"get_view", "_get_view"})
"""Methods of the ORM which the web client calls with options of every kind."""

_SEVERAL = 2
"""Parameters up to which other names are a matter of taste, ``self`` among them."""


def check(scope: Scope) -> Hits:
    for item in overrides(scope):
        parent = contract(item)
        if parent is None or item.method.body in ("raise", "raises"):
            continue
        found = compare(item.method, parent)
        if item.orm:
            spared = ("name",) if item.name in _OPTIONS_GIVEN else ("name", "open")
            found = [mismatch for mismatch in found if mismatch.kind not in spared]
        if found:
            yield Hit(
                item.location,
                f"{item.name}() overrides {item.origin}, but {_text(found)}",
                confidence=max(_confidence(item, mismatch) for mismatch in found),
                related=item.related,
                entity=item.entity,
            )


def contract(item: Override) -> MethodFact | None:
    """The method whose parameters count: the ORM's where there is one, else that of the first definition."""
    scope = item.scope
    base = orm_method(scope, item.name)
    if base is not None:
        sure = scope.core is not None or known(int(series_number(scope.addon.series)))
        return base if sure else None
    return item.parent[1] if item.parent is not None else None


def is_namesake(item: Override) -> bool:
    """Whether a method has no more than the name in common with the ORM's: it requires what nobody gives, or
    several things of which none has the name of what the ORM gives."""
    parent = contract(item) if item.parent is None else None
    if parent is None:
        return False
    kinds = {found.kind for found in compare(item.method, parent)}
    several = len(item.method.params) > _SEVERAL
    return "required" in kinds or ("default" in kinds and several and not shared(item.method, parent))


def _text(found: list[Mismatch]) -> str:
    return ", ".join(dict.fromkeys(mismatch.text for mismatch in found[:3]))


def _confidence(item: Override, mismatch: Mismatch) -> Confidence:
    """How surely some caller breaks. Those of private methods are few, and mostly give every argument in its
    place; a public method is called from views, from other addons and over RPC."""
    public = not item.name.startswith("_")
    if _is_own_family(item) or (item.scope.upstream and not (public and _is_meant(item))):
        return Confidence.LOW
    if mismatch.kind in ("missing", "required", "moved"):
        return Confidence.HIGH
    if mismatch.kind == "renamed":
        return Confidence.HIGH if item.orm or public else Confidence.MEDIUM
    if mismatch.kind == "open" or (mismatch.kind == "default" and not public and not item.orm):
        return Confidence.MEDIUM
    if not public or item.name in _ALL_GIVEN:
        return Confidence.LOW
    if mismatch.kind == "default":
        return Confidence.HIGH
    # the steps of a mixin are called by the mixin itself
    mixin = item.parent is not None and item.parent[0].klass.kind == "abstract"
    return Confidence.LOW if mixin else Confidence.MEDIUM


def _is_meant(item: Override) -> bool:
    """Whether the method is made to override, and not a mere namesake of one of the ORM's."""
    return item.parent is not None or bool(item.calls)


def _is_own_family(item: Override) -> bool:
    """A new model on a base of the same addon, or a private step of its mixin: who wrote both knows how they
    are called."""
    new = item.part.klass.defines and item.parent is not None and item.parent[0].addon == item.part.addon
    return new or item.fills_in


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=20,
    listeners=(OnAddon(check, bodies="closure", data="closure"),),
    tags=("upgrade",),
)
