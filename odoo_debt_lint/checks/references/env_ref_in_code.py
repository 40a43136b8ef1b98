"""Record looked up by its XML id in Python.

## What it does
Reports `env.ref("module.record")`, `_xmlid_to_res_id`, `check_object_reference` and their like with a literal
id, or a name that stands for one, also in the code of server actions. It is of medium severity for records of
other addons and for `noupdate` records, which a user can delete, and low for others of the addon itself
and where the code can do without the record (`raise_if_not_found=False`, `try`). An id that exists nowhere is
a second defect of the line (`env-ref-unknown`): who corrects it still ties code to data.

## Why is this bad
The code stops with an error as soon as somebody deletes the record, or another version of Odoo renames it.
Nobody who configures the system can see that code depends on it, or choose another one.

## How to fix
Make it a setting (a field of the company or a configuration parameter), search for what the record means,
or use `raise_if_not_found=False` and handle its absence.

## Not reported
Groups, rules and other records of security; records of models and fields (`model_…`); tests and
migrations.
"""

from __future__ import annotations

import re

from odoo_debt_lint.checks.references._xmlids import (
    IN_SQL,
    Mention,
    is_generated,
    is_optional,
    is_ref,
    loaded_files,
)
from odoo_debt_lint.facts import RecordFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity

_SECURITY_MODELS = frozenset(
    {"res.groups", "ir.rule", "ir.model.access", "ir.module.category", "res.groups.privilege"}
)
_SECURITY_NAME = re.compile(r"(^|_)group_|_(rule|groups?)$|^(access|module_category)_")
_PROTECTED = frozenset(
    (
        "base.user_root base.user_admin base.public_user base.public_partner base.partner_root "
        "base.main_company base.main_partner base.default_user base.template_portal_user_id"
    ).split()
)
"""Odoo itself refuses to delete these."""


def check(scope: Scope) -> Hits:
    listed = loaded_files(scope.addon)
    for result in scope.addon.files:
        if result.python is not None and result.role in ("code", "hook"):
            for call in result.python.calls:
                if is_ref(call):
                    entity = ".".join(part for part in (call.klass, call.method) if part)
                    place = Location(result.path, call.span)
                    yield from _looked_up(
                        scope, Mention(call.literal, place, "code", is_optional(call), entity)
                    )
        elif result.data is not None and result.path in listed:
            for ref in result.data.refs:
                if ref.context == "code":
                    yield from _looked_up(scope, Mention(ref.xmlid, Location(result.path, ref.span), "code"))


def _looked_up(scope: Scope, mention: Mention) -> Hits:
    xmlid = mention.xmlid
    if _is_made(xmlid) or _is_security(scope, xmlid):
        return
    severity, why = _judge(scope, xmlid)
    optional = mention.optional or xmlid in _PROTECTED
    yield Hit(
        mention.location,
        f"{xmlid} is looked up in code, {why}",
        severity=Severity.LOW if optional else severity,
        entity=mention.entity,
    )


def _is_made(xmlid: str) -> bool:
    """Whether Odoo makes the record itself, as it does for every model and field; those of one company
    (``l10n_fr.1_…``) are its user's to delete."""
    of_company = xmlid.partition(".")[2][:1].isdigit()
    return is_generated(xmlid) and xmlid not in IN_SQL and not of_company


def _record(scope: Scope, xmlid: str) -> RecordFact | None:
    owner = scope.visible(xmlid.partition(".")[0])
    found = owner.records.get(xmlid) if owner is not None else None
    return found[-1].record if found else None


def _is_security(scope: Scope, xmlid: str) -> bool:
    record = _record(scope, xmlid)
    if record is not None:
        return record.model in _SECURITY_MODELS
    return bool(_SECURITY_NAME.search(xmlid.partition(".")[2]))


def _judge(scope: Scope, xmlid: str) -> tuple[Severity, str]:
    record = _record(scope, xmlid)
    if xmlid.partition(".")[0] != scope.addon.name:
        return Severity.MEDIUM, "and it belongs to another addon, which may rename or lose it"
    if record is not None and record.noupdate:
        return Severity.MEDIUM, "and a user can delete it (noupdate)"
    return Severity.LOW, "where a setting or a search would not tie code to data"


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=15,
    listeners=(OnAddon(check, bodies="closure", data="closure"),),
    tags=("upgrade",),
)
