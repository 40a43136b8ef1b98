"""HTTP route that takes POST requests without CSRF protection.

## What it does
Reports `csrf=False` on routes of type http which a browser can reach with the visitor's session: auth user,
public or none, and POST not excluded by `methods`.

## Why is this bad
Any web page can make the visitor's browser send the request, with the visitor's session and rights.

## How to fix
Leave CSRF protection on and send the token along with the form. A webhook cannot: let it verify a signature
or a token before it acts.

## Not reported
JSON routes, where Odoo checks no token anyway; routes without POST (`methods=["GET"]`, `["PUT"]`: other pages
can send those only where CORS lets them); handlers which compare a signature, HMAC
or token, call something that does, or find their record by a token, before their first write; other
authentication than by session (`bearer`, `api_key`, …); handlers that raise whatever comes.
`auth="none"` alone excuses nothing, nor does a look at what the user may do: a forged request comes with the
rights of the user whose browser sends it.
Return pages of payment providers, which hand their data to Odoo's payment framework, have low confidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._marks import hit_at
from odoo_debt_lint.checks.security._reach import find_handler
from odoo_debt_lint.checks.security._routes import JSON, REFUSALS, accepts, effective_route
from odoo_debt_lint.checks.security._verify import hands_over_payment, proves_origin
from odoo_debt_lint.facts import RouteFact
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import (
    Block,
    Confidence,
    Hits,
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

_SESSION = ("user", "public", "none")


def note(function: Any, body: Body) -> Marks:
    """Handlers that switch CSRF off and do not prove who calls them."""
    method = body.method
    if function is not body.node or method is None or method.route is None or method.route.csrf is not False:
        return
    if method.route.type not in JSON and method.body not in REFUSALS and not proves_origin(body):
        data = {"method": [body.unit.klass, body.unit.name], "payment": hands_over_payment(body)}
        yield Mark(method.route.span, data)


def check(scope: Scope) -> Hits:
    for path, mark in scope.marks("route-csrf-disabled"):
        handler = find_handler(scope, path, mark.data["method"])
        route = effective_route(scope, *handler) if handler is not None else None
        if route is None or route.type in JSON or not accepts(route, "POST"):
            continue
        if route.auth is not None and route.auth not in _SESSION:
            continue
        confidence = _confidence(route, mark.data["payment"])
        yield hit_at(path, mark, _message(route), confidence=confidence)


def _confidence(route: RouteFact, payment: bool) -> Confidence:
    if payment:
        return Confidence.LOW
    return Confidence.HIGH if route.auth and route.type else Confidence.MEDIUM


def _message(route: RouteFact) -> str:
    who = f' of auth="{route.auth}"' if route.auth else ""
    return f"csrf=False: any web page can post to this route{who} with the visitor's session"


def _is_wanted(klass: ClassFact | None, method: MethodFact | None) -> bool:
    """Whether the method is a route that switches CSRF off."""
    return method is not None and method.route is not None and method.route.csrf is False


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=30,
    listeners=(OnNode(("FunctionDef",), note), OnAddon(check)),
    triggers=(b"csrf",),
    when=_is_wanted,
    tags=("controller",),
)
