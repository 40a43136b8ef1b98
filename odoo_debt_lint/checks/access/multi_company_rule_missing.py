"""Model with a company, and no record rule that keeps companies apart.

## What it does
Reports a model of the addon that has a field `company_id` to `res.company`, its own or that of a mixin or
model of the set from which it inherits, while no addon of the set has an `ir.rule` for it whose domain
mentions the company (from 20.0: a row of `ir.access`).

## Why is this bad
In a database with several companies everybody sees and may change the records of all of them. Lists, totals
and searches mix what belongs apart.

## How to fix
A global rule: `['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]`.

## Not reported
Abstract and transient models; extensions; companies that are computed and not stored; files which no
`__init__.py` imports. Companies that are only taken from a related record have low confidence, because their
records are reached through that record; so have models which only administrators may read.
"""

from __future__ import annotations

from odoo_debt_lint.checks.access._rows import is_new_model, loaded, target, target_of
from odoo_debt_lint.checks.security._rights import administrators_read
from odoo_debt_lint.checks.structure._imports import dead
from odoo_debt_lint.facts import FieldFact
from odoo_debt_lint.index import Index, Part, Scope
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, Location, OnAddon, Rule, Severity

_KEY = "access: models with a company rule"


def check(scope: Scope) -> Hits:
    ruled = scope.index.once(_KEY, lambda: _ruled(scope.index))
    for parts in scope.addon.parts.values():
        part = next(
            (item for item in parts if item.klass.kind == "model" and is_new_model(scope, item)), None
        )
        if part is None or target_of(part.klass.model) in ruled:
            continue
        field = _company([*parts, *_inherited(scope, part)])
        if field is not None and part.path not in dead(scope):
            unsure = _follows(field) or administrators_read(scope, part.klass.model)
            yield Hit(
                Location(part.path, part.klass.span),
                f"{part.klass.model} has a company and no record rule that keeps companies apart",
                confidence=Confidence.LOW if unsure else None,
                entity=part.klass.name,
            )


def _inherited(scope: Scope, part: Part) -> list[Part]:
    """The mixins of this and other addons of the set, and the models of which this is a copy; those of Odoo
    itself have rules of their own."""
    return [
        other
        for other in scope.ancestors(part)
        if other.klass.kind in ("abstract", "model") and other.path and other.klass.model != "base"
    ]


def _company(parts: list[Part]) -> FieldFact | None:
    for part in parts:
        for field in part.klass.fields:
            if field.name == "company_id" and field.type == "Many2one":
                if field.comodel in ("res.company", "") and _is_stored(field):
                    return field
    return None


def _is_stored(field: FieldFact) -> bool:
    """Whether a rule can search for the company: what is computed is only stored where it says so."""
    computed = "compute" in field.kwargs or "compute" in field.dynamic
    return field.kwargs.get("store", not computed) is not False or "search" in field.kwargs


def _follows(field: FieldFact) -> bool:
    """Whether the company is that of another record."""
    return "related" in field.kwargs or "related" in field.dynamic


def _ruled(index: Index) -> frozenset[str]:
    """Models with a rule about companies in any addon of the set."""
    return frozenset(
        target(placed.record, addon.name)
        for addon in index.all
        for placed in loaded(addon, "ir.rule", "ir.access")
        for name in ("domain_force", "domain")
        for domain in (placed.record.value(name),)
        if domain is not None and "compan" in domain.value
    )


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=30,
    listeners=(OnAddon(check, bodies="closure"),),
)
