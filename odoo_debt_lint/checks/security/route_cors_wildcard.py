"""Route which scripts of every web site may call.

## What it does
Reports `cors="*"` on routes with `auth="user"` and on routes which create, write or delete records.

## Why is this bad
The browser lets any web site read the answer and send requests: data of the user, or changes, from a page
which the company does not control.

## How to fix
Name the one origin that needs the route, or leave `cors` out.

## Not reported
Public routes that only read. Where a handler that writes proves its caller by a signature, token or key
first, the finding has low confidence: a script of another site has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._reach import find_handler, record_writes
from odoo_debt_lint.checks.security._routes import effective_route
from odoo_debt_lint.checks.security._verify import verifies
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import (
    Block,
    Confidence,
    Hit,
    Hits,
    Location,
    Mark,
    Marks,
    OnAddon,
    OnNode,
    Rule,
    Severity,
)

if TYPE_CHECKING:
    from odoo_debt_lint.facts import ClassFact, MethodFact
    from odoo_debt_lint.python.bodies import Body


def note(function: Any, body: Body) -> Marks:
    """Handlers open to every origin, and whether they write."""
    method = body.method
    if function is not body.node or method is None or method.route is None or method.route.cors != "*":
        return
    writes = sorted(set(record_writes(body)))
    data = {
        "method": [body.unit.klass, body.unit.name],
        "writes": writes,
        "proves": bool(writes) and verifies(body),
    }
    yield Mark(method.route.span, data)


def check(scope: Scope) -> Hits:
    for path, mark in scope.marks("route-cors-wildcard"):
        handler = find_handler(scope, path, mark.data["method"])
        route = effective_route(scope, *handler) if handler is not None else None
        if route is None:
            continue
        writes = "/".join(mark.data["writes"])
        if route.auth == "user":
            yield _hit(path, mark, 'auth="user": it answers with the data of whoever is logged in')
        elif writes:
            confidence = Confidence.LOW if mark.data["proves"] else None
            yield _hit(path, mark, f"a {writes} of records in the handler", confidence)


def _hit(path: str, mark: Any, why: str, confidence: Confidence | None = None) -> Hit:
    message = f'cors="*" lets scripts of every web site call this route, with {why}'
    return Hit(Location(path, mark.span), message, confidence=confidence, entity=mark.entity)


def _is_wanted(klass: ClassFact | None, method: MethodFact | None) -> bool:
    """Whether the method is a route that is open to every origin."""
    return method is not None and method.route is not None and method.route.cors == "*"


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=15,
    listeners=(OnNode(("FunctionDef",), note), OnAddon(check)),
    triggers=(b"cors",),
    when=_is_wanted,
    tags=("controller",),
)
