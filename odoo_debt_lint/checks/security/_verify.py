"""Whether code proves who calls it, by a signature or token, before it acts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._web import resolved
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.knowledge import ACCESS_CHECKS
from odoo_debt_lint.python.flow.places import local_name
from odoo_debt_lint.python.flow.values import Level
from odoo_debt_lint.python.walk import walk

if TYPE_CHECKING:
    from odoo_debt_lint.facts import MethodFact
    from odoo_debt_lint.finding import Span
    from odoo_debt_lint.python.bodies import Body

SECRET = re.compile(
    r"token|secret|passw|passwd|pwd|passphrase|api_?key|apikey|signature|hmac|access_?key|auth_?key|"
    r"authorization|webhook_?key|private_?key|secure_?hash|(^|_)sign(ed)?($|_)|(^|_)(otp|pin_?code|auth_?code)($|_)",
    re.I,
)
"""Names of what only the right caller knows."""
NO_SECRET = re.compile(
    r"token_type|csrf_token|tokenize|token_count|next_token|page_token|sync_token|_field$", re.I
)

_PROOF = re.compile(
    r"(verify|validate|validation|check|authenticate|is_valid|assert|ensure|compare|construct)_?\w*?"
    r"(signature|sign|hmac|token|webhook|api_?key|auth|secret|hash|digest|credential|access|owner|permission)|"
    r"verify_?\w*(request|event|notification|payload|sender|origin)|can_(access|read|view|edit|write|manage)|"
    r"authenticate|_login$|check_credentials|validate_csrf|construct_event",
    re.I,
)
_GUARDING = re.compile(
    r"auth|token|signature|signed|secure|api_?key|verif|webhook|hmac|jwt|login_required|"
    r"(check|require|valid)\w*_key",
    re.I,
)
_LOOK_UP = re.compile(
    r"resolve|retrieve|find|get|load|fetch|look_?up|access|exchange|consume|redeem|by_\w*(token|key|secret)",
    re.I,
)
"""Names of calls that find something by a secret which they are given."""
_BY_SECRET = re.compile(r"exchange|consume|redeem|by_\w*(state|nonce|otp|code|uuid)$", re.I)
_CODE = re.compile(r"\b(code|token|otp|nonce|state|uuid)\b|_(code|token|otp|nonce|state|uuid)\b", re.I)
"""Calls that take a secret for one use, and what it is called."""
_OWN_HEADER = re.compile(r"headers(\.get\(|\[)\s*['\"]X-(?!Forwarded|Real)", re.I)
_ORM_RIGHTS = frozenset("check_access check_access_rights check_access_rule has_access".split())
_RIGHTS = re.compile(
    r"^has_access$|^_?(check|ensure|verify|validate|assert)_?\w*(access(_rights?|_rule)?|owner|permissions?)$|"
    r"^_?can_(access|read|view|edit|write|manage)\w*$"
)
"""Names of what asks whether the user may do something."""
_SENT_SECRET = re.compile(rf"{SECRET.pattern}|headers|httprequest", re.I)
_PAYMENT = frozenset(
    "_handle_notification_data _handle_feedback_data form_feedback _process_notification_data".split()
)
_BY_TOKEN = re.compile(r"['\"]\w*(token|secret|(api|access|auth)_?key|uuid)\w*['\"]\s*,\s*['\"]=")
"""A term of a domain by which only who knows a secret finds a record."""
_TAKEN = re.compile(
    r"(headers|get_param|config|environ|getenv)\W.*['\"][\w.-]*(token|secret|passw|(api|access|auth|webhook)[_-]?key|"
    r"signature|authorization)[\w.-]*['\"]",
    re.I | re.S,
)
"""A secret that is taken from a header, a parameter of the system or the configuration."""
_ACTS = frozenset({"create", "write", "unlink", "message_post"})
_MAX_DEPTH = 3
_SHORT = 10
"""Literals below this length, quotes included, are states and types rather than secrets."""


def waived(body: Body, call: Any) -> frozenset[int]:
    """The nodes of ``if token:`` in a handler whose token may be left out: what stands there proves nothing
    to a call outside, for who sends no token gets past it. ``if token and not known(token):`` likewise."""
    method = body.method
    if method is None or method.route is None or not isinstance(body.node, cst.FunctionDef):
        return frozenset()
    params = (*body.node.params.params, *body.node.params.kwonly_params)
    names = {item.name.value for item in params if _is_empty(item.default) and secret(item.name.value)}
    found: set[int] = set()
    for node in body.by_kind[cst.If] if names else ():
        if isinstance(node.test, cst.Name) and node.test.value in names and node.orelse is None:
            inside = {id(item) for item in walk(node.body)}
            found |= inside if id(call) not in inside else set()
        elif (late := _asked_last(node.test, names)) is not None:
            inside = {id(item) for item in walk(node.body)}
            found |= {id(item) for item in walk(late)} if id(call) not in inside else set()
    return frozenset(found)


def _asked_last(test: Any, names: set[str]) -> Any:
    """The check in ``if token and not known(token): raise``, which who sends none gets past."""
    if not isinstance(test, cst.BooleanOperation) or not isinstance(test.operator, cst.And):
        return None
    refused = isinstance(test.right, cst.UnaryOperation) or (
        isinstance(test.right, cst.Comparison)
        and isinstance(test.right.comparisons[0].operator, cst.NotEqual | cst.NotIn)
    )
    return test.right if refused and isinstance(test.left, cst.Name) and test.left.value in names else None


def _is_empty(node: Any) -> bool:
    """Whether a default stands for nothing."""
    if isinstance(node, cst.SimpleString):
        return len(node.value) == len("''")
    return isinstance(node, cst.Name) and node.value in ("None", "False")


def proves_origin(body: Body) -> bool:
    """Whether only who knows a secret gets a handler to act: that a browser has a session proves nothing, nor
    does a token that may be left out."""
    acts = [node for node in body.by_kind[cst.Call] if body.callee(node).rpartition(".")[2] in _ACTS]
    return verifies(body, 0, waived(body, acts[0]) if acts else frozenset(), rights=False)


def verifies(body: Body, depth: int = 0, skipped: frozenset[int] = frozenset(), rights: bool = True) -> bool:
    """Whether the body, or a helper of its file, proves the caller before its first write; without ``rights``
    it is not enough that the user has some."""
    hashed = False
    method = body.method
    if method is not None and not depth:
        route = _route_span(method)
        if any(item.span != route and _guards(item.name, body, rights) for item in method.decorators):
            return True
    for node in body.nodes:
        kind = node.__class__
        if id(node) in skipped:
            continue
        if kind is cst.Call:
            name = body.callee(node)
            last = name.rpartition(".")[2]
            hashed = hashed or name.startswith(("hmac.", "hashlib."))
            if ACCESS_CHECKS.search(name) or _PROOF.search(last):
                if rights or not _asks_for_rights(node, last, body):
                    return True
            if _looks_up_secret(node, body):
                return True
            if name.endswith("jwt.decode") and "verify" not in body.code(node):
                return True
            if _LOOK_UP.search(last) and _given_secret(node):
                return True
            if _BY_SECRET.search(last) and _given_code(node, body):
                return True
            if depth < _MAX_DEPTH and _helper_verifies(body, name, depth, rights):
                return True
            if last in _ACTS and "." in name:
                return False
        elif kind is cst.Comparison and (
            _compares(node, body, hashed) or (not rights and _of_script(node, body))
        ):
            return True
    return False


def _guards(decorator: str, body: Body, rights: bool) -> bool:
    """Whether a decorator proves the caller, by its name or by what it does when it is of this file."""
    wrapper = body.file.function("", decorator)
    if _GUARDING.search(decorator) and (rights or wrapper is None or "login" not in decorator):
        return True
    return wrapper is not None and verifies(wrapper, 1, rights=rights)


def hands_over_payment(body: Body) -> bool:
    """Whether the payment framework gets the data: its providers verify them there, or should."""
    return any(node.attr.value in _PAYMENT for node in body.by_kind[cst.Attribute])


def _route_span(method: MethodFact) -> Span | None:
    return method.route.span if method.route is not None else None


def _compares(node: Any, body: Body, hashed: bool) -> bool:
    """A comparison of something secret with something that is not written in the source."""
    if len(node.comparisons) != 1:
        return False
    target = node.comparisons[0]
    if not isinstance(target.operator, cst.Equal | cst.NotEqual | cst.In | cst.NotIn):
        return False
    sides = (node.left, target.comparator)
    if any(isinstance(side, cst.Name) and side.value in ("None", "True", "False") for side in sides):
        return False
    if any(isinstance(side, cst.SimpleString | cst.Integer) and len(side.value) < _SHORT for side in sides):
        return False
    if any(isinstance(side, cst.SimpleString) for side in sides):
        return any(secret(body.code(side)) for side in sides if not isinstance(side, cst.SimpleString))
    return hashed or any(_called_secret(side, body) for side in sides)


def _of_script(node: Any, body: Body) -> bool:
    """``headers.get("X-Requested-With") != "XMLHttpRequest"``: no form of another page sends it."""
    return bool(_OWN_HEADER.search(body.code(node)))


def _called_secret(side: Any, body: Body) -> bool:
    """Whether a side of a comparison is called a secret, or where it was taken from is."""
    if secret(body.code(side)):
        return True
    return isinstance(side, cst.Name) and bool(_TAKEN.search(body.code(resolved(body, side))))


def secret(text: str) -> bool:
    """Whether source text names something secret."""
    return bool(SECRET.search(text)) and not NO_SECRET.search(text)


def _looks_up_secret(call: Any, body: Body) -> bool:
    """``search([("access_token", "=", token)])``: who knows the token is let in."""
    if not (isinstance(call.func, cst.Attribute) and call.func.attr.value in ("search", "search_count")):
        return False
    return any(
        _BY_TOKEN.search(body.code(resolved(body, arg.value) if isinstance(arg.value, cst.Name) else arg))
        for arg in call.args
    )


def _given_secret(call: Any) -> bool:
    """``self._get_access_data(survey_token, answer_token)``: what it finds, only who knows the token gets."""
    names = [arg.value.value for arg in call.args if isinstance(arg.value, cst.Name)]
    return any(secret(name) for name in names)


def _given_code(call: Any, body: Body) -> bool:
    """``Device._exchange(data.get("code"))``: a code for one use or an OAuth state, that was sent."""
    return any(
        _CODE.search(body.code(arg.value)) and body.flow.value(arg.value).source >= Level.USER
        for arg in call.args
    )


def _helper_verifies(body: Body, name: str, depth: int, rights: bool) -> bool:
    helper = own_helper(body, name)
    return helper is not None and verifies(helper, depth + 1, rights=rights)


def own_helper(body: Body, name: str) -> Body | None:
    """Another function of the file, of the same class when it is called on ``self``."""
    owner, _, last = name.rpartition(".")
    if owner not in ("self", "cls", "") or body.unit.name == last:
        return None
    helper = body.file.function(body.unit.klass if owner else "", last)
    return helper if helper is not body else None


def _asks_for_rights(call: Any, last: str, body: Body) -> bool:
    """Whether a check is one of what the user may do, as far as its name and a look at it tell, and is given
    no secret: ``record.check_access("write")``. What stands in another file may look at the request."""
    if not _RIGHTS.search(last) or any(_SENT_SECRET.search(body.code(arg)) for arg in call.args):
        return False
    if last in _ORM_RIGHTS or own_helper(body, body.callee(call)) is not None:
        return True
    return isinstance(call.func, cst.Attribute) and local_name(call.func.value) not in ("self", "cls")
