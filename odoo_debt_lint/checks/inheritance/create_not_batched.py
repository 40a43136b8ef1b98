"""create() that takes one record's values at a time.

## What it does
Reports an override of `create()` without `@api.model_create_multi`.

## Why is this bad
Since 12.0 the ORM creates records in batches. One model whose `create()` takes a single dictionary breaks the
batch up: imports, one2many lines and other addons pay one `INSERT`, one recomputation and one flush for each
record. From 17.0 on the ORM calls `create()` with lists everywhere, and warns or fails.

## How to fix
Decorate it with `@api.model_create_multi`, take `vals_list`, and loop over it:

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("code", "/")
        return super().create(vals_list)

## Not reported
Methods called `create` of classes that are no models; static methods; methods that always raise;
`create(self, *args, **kwargs)`, which hands on what it is given; one that requires more than the values,
which is no override at all (`override-signature-mismatch`); addons for 11.0 and before.
"""

from __future__ import annotations

from odoo_debt_lint.facts import MethodFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity, series_number


def check(scope: Scope) -> Hits:
    severity = Severity.HIGH if series_number(scope.addon.series) >= 17 else Severity.MEDIUM
    for parts in scope.addon.parts.values():
        for part in parts:
            method = part.methods.get("create")
            if method is None or method.decorated("model_create_multi", "staticmethod", "classmethod"):
                continue
            if method.body in ("raise", "raises") or not _takes_values(method):
                continue
            yield Hit(
                Location(part.path, method.span),
                f"create() of {part.klass.model} lacks @api.model_create_multi: it breaks batches up",
                severity=severity,
                entity=f"{part.klass.name}.create",
            )


def _takes_values(method: MethodFact) -> bool:
    """Whether it can be called as the ORM calls it, and names what it is given."""
    required = [param for param in method.params[1:] if param.kind in ("p", "k") and not param.default]
    return len(required) <= 1 and [param.kind for param in method.params[1:2]] != ["*"]


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.PERFORMANCE,
    minutes=20,
    listeners=(OnAddon(check, bodies="closure", data="closure"),),
    since="12.0",
)
