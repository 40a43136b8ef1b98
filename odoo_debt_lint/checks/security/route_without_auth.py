"""Route that does not say who may call it.

## What it does
Reports `@route("/path")` without `auth=`. Odoo takes `auth="user"` then: any logged-in user, portal users
included, may call it.

## Why is this bad
Nobody can tell whether the default was meant, and the reader of a pull request does not see it.

## How to fix
Write it down: `auth="user"`, `auth="public"` or `auth="none"`.

## Not reported
Routes that override one of a parent controller: they inherit its auth.
"""

from __future__ import annotations

from odoo_debt_lint.checks.security._routes import overrides_route
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, Location, OnAddon, Rule, Severity


def check(scope: Scope) -> Hits:
    for part in scope.addon.classes():
        for method in part.klass.methods:
            route = method.route
            if route is None or route.auth is not None or not (route.paths or route.dynamic):
                continue
            if "auth" in route.unknown or overrides_route(scope, part, method):
                continue
            paths = ", ".join(route.paths) or "a computed path"
            yield Hit(
                Location(part.path, route.span),
                f'route {paths} has no auth: it means auth="user", any logged-in user; say so',
                entity=part.entity(method),
            )


RULE = Rule(
    severity=Severity.LOW,
    block=Block.SECURITY,
    minutes=5,
    listeners=(OnAddon(check),),
    tags=("controller",),
)
