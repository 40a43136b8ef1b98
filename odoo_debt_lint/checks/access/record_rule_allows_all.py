"""Record rule that lets an ordinary group see every record.

## What it does
Reports an `ir.rule` of a group whose domain is always true (`[(1, '=', 1)]`, `[]`, none at all), unless the
group is one of administrators or managers.

## Why is this bad
Rules of groups are joined by OR: one that is always true switches off all others for everybody in the group,
those of other addons included.

## How to fix
Say which records the group may see: `[('user_id', '=', user.id)]`, `[('company_id', 'in', company_ids)]`. If
all are meant, leave the rule out, or give it to the managers' group alone.

## Not reported
Groups of managers and administrators (`*_manager`, `group_manager_*`, `*_admin`, `group_admin_*`,
`base.group_system`, approvers; by XML id or by their name); groups made to see all records (`*_all`,
`*_all_leads`); rules without a group, which only narrow; rules of transient models; domains that name a
field. Rules by which people of the house only read, and those for a group above one which the same addon
gives only some records, have low confidence: there the addon has levels on purpose.
"""

from __future__ import annotations

import re

from odoo_debt_lint.checks.access._domains import always_true
from odoo_debt_lint.checks.access._rows import (
    column,
    is_true,
    loaded,
    model_named,
    refs,
    target,
    transients,
)
from odoo_debt_lint.facts import RecordFact
from odoo_debt_lint.index import PlacedRecord, Scope
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, Location, OnAddon, Rule, Severity

_TRUSTED = re.compile(
    r"(manager|(?<![a-z])(managers?|admins?|administrators?)_\w+|admin|administrator|administration|system|director|supervisor|superuser|responsible|"
    r"auditor|dpo|head|approver|ceo|cfo|coo|cto|owner|all|all_\w+|see_all\w*|view_all\w*|full\w*|no_one|multi_company|debug)$"
)
_TRUSTED_NAME = re.compile(
    r"(^|_)(manager|administrator|admin|director|supervisor|approver|responsible|auditor|owner)s?$"
)
_OUTSIDERS = frozenset({"base.group_portal", "base.group_public"})
"""Groups of people who do not work here: to read everything is too much for them too."""


def check(scope: Scope) -> Hits:
    transient = transients(scope)
    for placed in loaded(scope.addon, "ir.rule"):
        record = placed.record
        whole = _whole(scope, placed)
        model = target(whole.record, whole.addon)
        groups = _ordinary_groups(scope, whole.record, whole.addon)
        if not groups or model in transient or not _is_rule(record, placed.addon):
            continue
        if always_true(record.value("domain_force")):
            inside = _OUTSIDERS.isdisjoint(groups)
            unsure = (_only_reads(record) and inside) or _tops_narrow_group(scope, model, groups)
            yield Hit(
                Location(placed.path, record.span),
                f"the rule opens every record of {model_named(scope, model)} to {groups[0]}",
                confidence=Confidence.LOW if unsure else None,
                entity=record.xmlid,
            )


def _whole(scope: Scope, placed: PlacedRecord) -> PlacedRecord:
    """The rule of another addon that a record opens by a new domain alone; else the record itself."""
    record = placed.record
    if record.value("domain_force") is None or column(record, "model_id") or _groups(record, placed.addon):
        return placed
    others = (other for other in scope.records(record.xmlid) if other.addon != placed.addon)
    return next((other for other in others if column(other.record, "model_id")), placed)


def _only_reads(record: RecordFact) -> bool:
    values = [record.value(f"perm_{name}") for name in ("write", "create", "unlink")]
    return all(value is not None and not is_true(value) for value in values)


def _tops_narrow_group(scope: Scope, model: str, groups: list[str]) -> bool:
    """Whether all the groups stand above one that a rule of the addon gives only some of the records:
    the addon has levels, and this one was made to see everything."""
    narrow: set[str] = set()
    for placed in loaded(scope.addon, "ir.rule"):
        if target(placed.record, placed.addon) == model and not always_true(
            placed.record.value("domain_force")
        ):
            narrow.update(_groups(placed.record, placed.addon))
    return bool(narrow) and all(_implied(scope, name, set()) & narrow for name in groups)


def _implied(scope: Scope, group: str, seen: set[str]) -> set[str]:
    """Groups below a group, any level deep."""
    for placed in scope.records(group):
        value = column(placed.record, "implied_ids")
        for name in refs(value, placed.addon) if value is not None else ():
            if name not in seen:
                seen.add(name)
                _implied(scope, name, seen)
    return seen


def _groups(record: RecordFact, addon: str) -> tuple[str, ...]:
    value = column(record, "groups") or column(record, "group_ids")
    return refs(value, addon) if value is not None else ()


def _ordinary_groups(scope: Scope, record: RecordFact, addon: str) -> list[str]:
    return [name for name in _groups(record, addon) if not _trusted(scope, name)]


def _trusted(scope: Scope, group: str) -> bool:
    """Whether a group is one of managers, by its XML id or by the name which users see."""
    if _TRUSTED.search(group):
        return True
    names = (placed.record.value("name") for placed in scope.records(group))
    return any(
        name is not None and _TRUSTED_NAME.search(name.value.strip().lower().replace(" ", "_"))
        for name in names
    )


def _is_rule(record: RecordFact, addon: str) -> bool:
    """A whole rule and no update of another addon's, which keeps the domain it does not name."""
    active = record.value("active")
    if active is not None and not is_true(active):
        return False
    own = record.xmlid.partition(".")[0] in ("", addon)
    return record.value("domain_force") is not None or (own and column(record, "model_id") is not None)


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=30,
    confidence=Confidence.MEDIUM,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
)
