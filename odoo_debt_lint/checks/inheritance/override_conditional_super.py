"""Override that calls super() on some paths and leaves without it on others.

## What it does
Reports an override which calls `super()`, but returns on another path without having called it.

## Why is this bad
On that path everything that Odoo and other addons do in the method is lost, for some records and not for
others. Such differences are hard to find, and each upgrade of the parent widens them.

## How to fix
Call `super()` on every path and change its arguments, its context or its result; raise an error where the
operation must not happen.

## Not reported
Paths that raise; paths that leave because there is nothing to do (`if not self: return`) or that call the
method again, in another context or for some of the records; parents that only
pass, raise or return a constant; calls in nested functions. Methods that choose by a provider, type,
code or argument, or replace a value in a special case, are low confidence; so are searches and names, and
private steps of a mixin of the same addon.
"""

from __future__ import annotations

import re

from odoo_debt_lint.checks.inheritance._overrides import PLAIN, Override, of_own_field, overrides
from odoo_debt_lint.core.orm import REPLACED
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnAddon, Rule, Severity

_KIND = re.compile(
    r"(^|_)(provider|code|type|kind|format|mode|method|model|_name|country|usage|policy|strategy|service|name|key"
    r"|integration_level|res_model)$"
)
_TYPE = re.compile(r"(^|_)type(_code)?$")
"""What a document is: an action which is left for some types is left for them by all other addons too."""
_LOOKUPS = REPLACED | frozenset(
    (
        "search _search search_count search_read read_group _read_group filtered_domain fields_get get_view "
        "fields_view_get _get_view web_search_read formatted_read_group"
    ).split()
)
"""Methods that only look something up, and may look it up elsewhere."""


def check(scope: Scope) -> Hits:
    for item in overrides(scope):
        skips = item.method.skips
        if skips is None or not _is_defect(item):
            continue
        yield Hit(
            item.location,
            f"{item.name}() overrides {item.origin} and leaves without super() in line {skips.start_line}",
            confidence=_confidence(item),
            related=(Location(item.part.path, skips, "leaves without super()"), *item.related),
            entity=item.entity,
        )


def _is_defect(item: Override) -> bool:
    method = item.method
    if not item.calls or any(call.nested or call.method == "*" for call in method.supers):
        return False
    if method.body == "raises" or method.delegates or method.guard == "!" or of_own_field(item):
        return False
    return item.parent is None or item.parent[1].body not in PLAIN


def _confidence(item: Override) -> Confidence:
    """Whoever chooses by a provider, a type or an argument does not lose anything by it: another
    implementation takes over. The ORM's methods and actions are expected to run in any case."""
    guard = item.method.guard
    if item.fills_in:
        return Confidence.LOW
    if item.orm or item.business:
        kind = None if item.business and _TYPE.search(guard) else _KIND.search(guard)
        low = item.name in _LOOKUPS or kind is not None
        return Confidence.LOW if low else Confidence.HIGH
    replaces = item.name.startswith("_") and item.method.result != ""
    chooses = guard not in ("", "state", "context")
    return Confidence.LOW if replaces or chooses else Confidence.MEDIUM


RULE = Rule(
    severity=Severity.LOW,
    block=Block.CODE,
    minutes=20,
    listeners=(OnAddon(check),),
    tags=("upgrade",),
)
