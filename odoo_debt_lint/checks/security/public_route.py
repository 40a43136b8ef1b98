"""Route that is open without login.

## What it does
Lists every route with `auth="public"` or `auth="none"`, with its paths, methods and type, and says when its
handler writes records or takes superuser rights. The auth of an overriding `@route()` without arguments is
inherited from the parent class, across addons.

## Why is this bad
This is the surface that anybody on the internet can reach. Each such route has to be known, wanted and
safe; `auth="none"` does not even have a user or, before a database is chosen, an environment.

## How to fix
Use `auth="user"` where a login can be asked for. Where it cannot, check an access token, write nothing that
the visitor names, and limit the methods.

## Not reported
Routes with `auth="user"` or `auth="bearer"`; those that are closed by a handler which does nothing but raise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._reach import record_writes
from odoo_debt_lint.checks.security._routes import REFUSALS, effective_route
from odoo_debt_lint.facts import RouteFact
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, Location, Mark, Marks, OnAddon, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.facts import ClassFact, MethodFact
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.flow.engine import Flow


def mark(function: Any, body: Body) -> Marks:
    """Notes what a handler does with records."""
    if function is not body.node or body.method is None or body.method.route is None:
        return
    elevates = _elevates(body.flow) or _elevates(body.flow.helped)
    name = [body.unit.klass, body.unit.name]
    data = {"method": name, "writes": sorted(set(record_writes(body))), "elevates": elevates}
    yield Mark(body.method.route.span, data)


def _elevates(flow: Flow) -> bool:
    """Whether anything in a body has superuser rights."""
    return any(value.elevated for value in flow.values.values())


def check(scope: Scope) -> Hits:
    """Judges every route of the addon by its effective auth."""
    acts = {(path, *item.data["method"]): item.data for path, item in scope.marks("public-route")}
    for part in scope.addon.classes():
        for method in part.klass.methods:
            if method.route is None or method.body in REFUSALS:
                continue
            route = effective_route(scope, part, method)
            if route is None or route.auth not in ("public", "none"):
                continue
            data = acts.get((part.path, part.klass.name, method.name), {})
            yield Hit(
                Location(part.path, method.route.span),
                _message(route, data),
                severity=_severity(route, data),
                entity=part.entity(method),
            )


def _severity(route: RouteFact, data: dict[str, Any]) -> Severity:
    if route.auth == "none":
        return Severity.HIGH
    return Severity.MEDIUM if data.get("writes") else Severity.LOW


def _message(route: RouteFact, data: dict[str, Any]) -> str:
    paths = ", ".join(route.paths) or "a route"
    methods = "/".join(route.methods) if route.methods else "any method"
    kind = route.type or "http"
    csrf = ", no CSRF check" if route.csrf is False and kind == "http" else ""
    calls = [name for name in data.get("writes", ()) if name.islower()]
    verbs = [name for name in data.get("writes", ()) if name.isupper()]
    notes = []
    if calls:
        notes.append(f"calls {', '.join(calls)} on records")
    if verbs:
        notes.append(f"runs {', '.join(verbs)} in SQL")
    if data.get("elevates"):
        notes.append("takes superuser rights")
    then = f"; its handler {' and '.join(notes)}" if notes else ""
    return f'{paths} is open without login (auth="{route.auth}", {kind}, {methods}{csrf}){then}'


def _is_wanted(klass: ClassFact | None, method: MethodFact | None) -> bool:
    """Whether the method is a route."""
    return method is not None and method.route is not None


RULE = Rule(
    severity=Severity.LOW,
    block=Block.SECURITY,
    minutes=15,
    listeners=(OnNode(("FunctionDef",), mark), OnAddon(check)),
    triggers=(b"route(",),
    when=_is_wanted,
    tags=("controller",),
)
