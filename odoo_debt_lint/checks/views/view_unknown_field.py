"""View that shows a field which its model does not have.

## What it does
Reports `<field name="x">` in a view where the model (with its mixins, its `_inherits` parents and all addons
of the dependency closure) has no such field. In sub-views the comodel of the field around counts. So do the
fields of `<groupby>` and `<progressbar>`, the dates and the colour of a calendar, the dates of a Gantt chart
and by what a Kanban view groups; those of domains, of `group_by` in filters, of orders, of decorations and of
`attrs`, and from 17.0 on of `invisible`, `readonly`, `required` and `column_invisible`; the values of the
record in domains and contexts of fields and buttons, and with `parent.x` those of the record around. Of what
only such expressions name is told once in a view.

## Why is this bad
Odoo refuses the view when the addon is installed or updated: "Field x does not exist in model".

## How to fix
Rename or remove it. If another addon defines the field, the finding names it: add that addon to `depends`.

## Not reported
Models of which anything is not known: a dependency that is neither in the set nor in the index of Odoo's own
addons, a file that could not be read, a Python mixin, a model made at run time; fields that Odoo makes itself
(`x_…`, groups of users). Fields of an addon of Odoo that installs itself have low confidence.
"""

from __future__ import annotations

from odoo_debt_lint.checks._bringers import whose
from odoo_debt_lint.checks.orm._fields import model_fields
from odoo_debt_lint.checks.views._uses import Use, uses
from odoo_debt_lint.companions import with_companions
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnAddon, Rule, Severity

_MADE = ("x_", "in_group_", "sel_groups_")
"""Fields that users or groups bring; ``global`` of rules is no name in Python and set in another way."""


def check(scope: Scope) -> Hits:
    missing = [use for use in uses(scope) if _is_missing(use, scope)]
    told = {_key(use) for use in missing if not use.aside}
    for use in missing:
        if use.aside and _key(use) in told:
            continue  # of what many expressions of a view speak is told once
        told.add(_key(use))
        text = f"{use.model} has no field {use.name}{whose(scope, use.model, use.name)}"
        beside = with_companions(scope)
        unsure = beside is not None and not _is_missing(use, beside)
        yield Hit(use.location, text, confidence=Confidence.LOW if unsure else None, entity=use.view.xmlid)


def _is_missing(use: Use, scope: Scope) -> bool:
    fields = model_fields(scope).of(use.model)
    if use.is_method or fields is None or use.name in fields:
        return False
    return not use.name.startswith(_MADE) and (use.model, use.name) != ("ir.rule", "global")


def _key(use: Use) -> tuple[str, str, str, str]:
    return use.location.path, use.view.xmlid, use.model, use.name


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=30,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
)
