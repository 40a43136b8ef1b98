"""Superuser rights taken while a request is handled.

## What it does
Reports every elevation of rights inside an HTTP route handler, a helper that is reached from one, or an
override of such a helper of another controller (`_prepare_home_portal_values`): `.sudo()`,
`with_user(SUPERUSER_ID)`, `env(user=SUPERUSER_ID)`, `env(su=True)`, `api.Environment(cr, SUPERUSER_ID, ...)`,
`request.update_env(su=True)`, also for a user whom the request names, which the superuser can be. Helpers
are methods of controllers and functions, also of other files of the set; methods of models are not. It is
high when the route is open without login, or when a record is then written or selected by a request value,
and critical when both hold.

## Why is this bad
Access rights and record rules no longer protect anything behind this call: what the visitor may see or
change is decided by these lines alone.

## How to fix
Work with the rights of the user. Where that is not possible, check an access token or `check_access()` first,
restrict the domain, and elevate only the one call that needs it.

## Not reported
`.sudo(False)` and methods called `sudo` on something that is no recordset. Reading a configuration parameter
with a literal key is low; code that compares an access token, proves its caller by a signature or finds the
record by a token is one level lower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._across import across
from odoo_debt_lint.checks.security._glance import ELEVATORS, has_controller
from odoo_debt_lint.checks.security._marks import hit_at
from odoo_debt_lint.checks.security._reach import (
    GET_PARAMETER,
    called_from_elsewhere,
    checks_access,
    find_handler,
    handler_names,
    handlers,
    may_be_helper,
    selecting,
    selects_by_request,
    writes_through,
)
from odoo_debt_lint.checks.security._routes import effective_route, helper_auth
from odoo_debt_lint.checks.security._verify import verifies
from odoo_debt_lint.index import Scope
from odoo_debt_lint.python.across.exits import carried
from odoo_debt_lint.python.flow.values import Level, Value
from odoo_debt_lint.rule import Block, Hits, Mark, Marks, OnAddon, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit


def mark(call: Any, body: Body) -> Marks:
    """Notes an elevating call with what is done through it."""
    called = body.flow.call(call)
    if called is None or id(call) not in body.flow.value(call).elevated:
        return
    reached = handlers(body)
    away = [] if reached else called_from_elsewhere(body)
    if not reached and not away:
        return
    yield Mark(
        call,
        {
            "handlers": handler_names(reached),
            "functions": away,
            "writes": writes_through(body, id(call)),
            "selects": selects_by_request(body, id(call)),
            "chosen": carried(body, Value(chosen=selecting(body, id(call)).roots), steps=False).chosen
            if away
            else (),
            "checked": _is_checked(body, reached),
            "parameter": _reads_parameter(call, body),
        },
    )


def _is_checked(body: Body, reached: list[Body]) -> bool:
    """Whether access is checked on the way, or all that leads here proves the caller."""
    if any(checks_access(item) for item in (body, *reached)) or verifies(body):
        return True
    return bool(reached) and all(verifies(item) for item in reached)


def _reads_parameter(call: Any, body: Body) -> bool:
    """Whether the elevated value is used for nothing but reading configuration parameters by literal keys.
    What is done with the text of a parameter afterwards is no use of the rights; to hand them on for more
    than parameters is one."""
    used = [
        called
        for called in body.flow.calls()
        if called.receiver is not None and _lends(called.receiver, call) and called.name not in _AGAIN
    ]
    handed = any(
        _lends(value, call)
        and value.symbol.endswith(("env", "env()", "sudo()"))
        and value.model != "ir.config_parameter"
        for called in body.flow.calls()
        for value in (*called.args, *called.kwargs.values())
    )
    return (
        bool(used)
        and not handed
        and all(
            called.name in GET_PARAMETER and called.args and called.args[0].level is Level.CONST
            for called in used
        )
    )


def _lends(value: Value, call: Any) -> bool:
    """Whether a value has the rights that a call gave, and is no text of a parameter."""
    return id(call) in value.elevated and not any(f".{name}()" in value.symbol for name in GET_PARAMETER)


_AGAIN = ("sudo", "with_context")
"""Calls on what has the rights which give it the same once more."""


def check(scope: Scope) -> Hits:
    """Grades the marks by the auth of the routes that lead to them."""
    for path, item in scope.marks("sudo-in-controller"):
        auths = [_auth(scope, path, names) for names in item.data["handlers"]]
        away, guarded = _away(scope, path, item.data["functions"])
        known = [auth for auth in (*auths, *away) if auth]
        if not known:
            continue
        is_open = any(auth in ("public", "none") for auth in known)
        data = {
            **item.data,
            "selects": item.data["selects"] or _is_chosen(scope, path, item.data["chosen"]),
            "checked": item.data["checked"] or (guarded and not auths),
        }
        yield hit_at(path, item, _message(data, is_open), _severity(data, is_open))


def _away(scope: Scope, path: str, functions: list[Any]) -> tuple[list[str], bool]:
    """The auth of handlers in other files that lead to some functions, and whether all look at who asks."""
    graph = across(scope.index)
    auths: list[str] = []
    guarded = True
    for klass, name in functions:
        found = [(place, _auth_at(scope, *place)) for place in graph.callers(path, klass, name)]
        auths += [auth for _, auth in found]
        bare = set(graph.callers(path, klass, name, unchecked=True))
        guarded = guarded and all(place not in bare for place, auth in found if auth)
    return auths, guarded and any(auths)


def _is_chosen(scope: Scope, path: str, roots: list[Any]) -> bool:
    """Whether a handler of another file hands on the request value that selects the records."""
    if not roots:
        return False
    data = {"level": 0, "origin": 0, "built": False, "via": (), "chosen": roots}
    return across(scope.index).arrival(path, data).origin is Level.USER


def _auth(scope: Scope, path: str, names: list[str]) -> str:
    """The auth of a handler, or nothing when it is no route after all."""
    found = find_handler(scope, path, names)
    if found is None:
        return ""
    route = effective_route(scope, *found)
    if route is not None:
        return route.auth or "user"
    return helper_auth(scope, *found)


def _auth_at(scope: Scope, path: str, klass: str, name: str) -> str:
    """The auth of a handler in some file of the set."""
    index = scope.index
    owner = next((addon for addon in index.all if any(item.path == path for item in addon.files)), None)
    return _auth(index.scope(owner), path, [klass, name]) if owner is not None else ""


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether the file has a controller, or controllers of other files may call the function."""
    return has_controller(unit, file) or may_be_helper(unit, file)


def _severity(data: dict[str, Any], is_open: bool) -> Severity:
    if data["parameter"]:
        return Severity.LOW
    acts = data["writes"] or data["selects"]
    severity = Severity.MEDIUM + is_open + bool(acts)
    return Severity(max(severity - bool(data["checked"]), Severity.LOW))


_ACTS = (("selects", "selects records by a request value"), ("writes", "writes"))


def _message(data: dict[str, Any], is_open: bool) -> str:
    route = "a route that is open without login" if is_open else "a route"
    if data["parameter"]:
        return f"superuser rights in {route}, only to read a configuration parameter"
    acts = [text for key, text in _ACTS if data[key]]
    then = f", then {' and '.join(acts)} with them" if acts else ""
    check = "" if data["checked"] else " without checking access"
    return f"superuser rights in {route}{then}{check}"


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=45,
    listeners=(OnNode(("Call",), mark), OnAddon(check)),
    triggers=(*ELEVATORS, b"update_env("),
    glance=glance,
    tags=("controller", "data-flow"),
)
