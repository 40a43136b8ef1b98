"""Record chosen by a request value and read with superuser rights.

## What it does
Reports `browse(...)` and `search([("id", "=", ...)])` with a request value on an elevated environment, and
`.sudo()` on a record which a request value has chosen, in route handlers and their helpers, when no access
is checked before. It is critical on routes that are open without login.

## Why is this bad
Record rules do not hold for the superuser: by counting up the id in the URL anybody reads or changes the
orders, invoices and documents of all others.

## How to fix
Drop `sudo()`, or check before use: `_document_check_access(model, id, access_token)`,
`check_access("read")`, `consteq(record.access_token, access_token)`, or a domain with the own partner.

## Not reported
Code that checks access or a signature first, compares a token or the owner, or looks the record up by its
token; models whose records everybody may read anyway (countries, currencies, products, website pages),
unless they are written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._glance import has_controller
from odoo_debt_lint.checks.security._marks import by_audience
from odoo_debt_lint.checks.security._payload import is_payload
from odoo_debt_lint.checks.security._reach import handlers, writes_through
from odoo_debt_lint.checks.security._verify import verifies
from odoo_debt_lint.checks.security._web import (
    argument,
    handler_mark,
)
from odoo_debt_lint.facts import MarkFact
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.evaluate import local_name
from odoo_debt_lint.python.values import Level, Value
from odoo_debt_lint.python.walk import walk
from odoo_debt_lint.rule import (
    Block,
    Marks,
    OnNode,
    Rule,
    Severity,
)

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.flow import Called

_PUBLIC_MODELS = re.compile(
    r"^(res\.(country|lang|currency|city|company|groups)|product\.|uom\.|website|blog\.|event\.(event|type|tag)|"
    r"hr\.job|slide\.|forum\.|payment\.(provider|acquirer|method)|delivery\.carrier|ir\.(model|ui|http|module)|"
    r"ir\.config_parameter|utm\.|auth\.\w+\.provider|theme\.|"
    r"[\w.]+\.(styles?|themes?|stages?|tags?|types?|categor\w+)$)"
)
_HARMLESS_FIELDS = re.compile(
    r"(^|\.)(country|state|website|product|product_tmpl|categ|category|company|lang|currency|pricelist|event|blog|"
    r"page|stage|type|tag|uom)_ids?$"
)
_ID = re.compile(r"(^|[._])ids?$")
_OWNER = re.compile(
    r"env\.user|env\.uid|request\.uid|user\.partner|\bsession\b|partner_id\s*[!=]=|user_id\s*[!=]=|"
    r"partner_id\.id\s*[!=]=|[!=]=\s*partner\b|has_group|_is_(admin|system|internal|portal)|website\.user|current_user|commercial_partner"
)

_LOGGED_IN = re.compile(r"[\w.]+\._is_public\(\)|request\.session\.uid\b(?!\s*[!=]=)")
"""Asks whether somebody has logged in, not who."""


def note(call: Any, body: Body) -> Marks:
    """Elevated records which the request chooses."""
    called = body.flow.call(call)
    if called is None or called.receiver is None:
        return
    keys = body.flow.value(call).elevated
    if _PUBLIC_MODELS.match(called.receiver.model) and not any(writes_through(body, key) for key in keys):
        return
    value = _chosen_by(call, called, body)
    if value is None or _compared(call, body) or any(_checked(item) for item in (body, *handlers(body))):
        return
    mark = handler_mark(body, call, value, call=called.name)
    if mark is not None:
        yield mark


def _chosen_by(call: Any, called: Called, body: Body) -> Value | None:
    """The request value that selects the record, if the record is then read with superuser rights."""
    receiver = called.receiver
    assert receiver is not None
    if called.name == "sudo":
        elevates = id(call) in body.flow.value(call).elevated and not receiver.elevated
        browsed = (
            receiver.symbol.endswith(("browse()", "browse().exists()")) and receiver.origin >= Level.USER
        )
        return receiver if elevates and browsed and _first(call, body) else None
    if not receiver.elevated:
        return None
    if called.name == "browse" and called.args and called.args[0].source >= Level.USER:
        return called.args[0]
    if called.name in ("search", "search_read", "search_fetch", "read_group"):
        node = argument(call, 0, "domain", "args")
        return _domain(node, body) if node is not None else None
    return None


def _domain(node: Any, body: Body) -> Value | None:
    """The request value in a domain that selects records by id."""
    value = body.flow.value(node)
    if value.items is None:
        return value if value.level >= Level.USER and is_payload(body, node) else None
    terms = [term.items for term in value.items.values() if term.items]
    if any(_OWNER.search(symbol) for term in terms for item in term.values() for symbol in _symbols(item)):
        return None
    if any(_scopes(term) for term in terms):
        return None
    for term in terms:
        field, sent = term.get(0), term.get(2)
        if field is None or sent is None or sent.source < Level.USER or not field.text:
            continue
        # what an own search has found, the visitor may see
        if sent.elevated or ".search()" in sent.symbol:
            continue
        if _ID.search(field.text) and not _HARMLESS_FIELDS.search(field.text):
            return sent
    return None


def _symbols(value: Value) -> list[str]:
    return [value.symbol, *(item.symbol for item in (value.items or {}).values())]


def _scopes(term: dict[Any, Value]) -> bool:
    """A term that ties the record to another one: ``("res_id", "=", answer.id)``."""
    field, sent = term.get(0), term.get(2)
    if field is None or sent is None or not field.text or not field.text.endswith("_id"):
        return False
    return (
        sent.symbol.endswith(".id") and (sent.source < Level.USER or bool(sent.elevated)) and len(term) == 3
    )


def _first(call: Any, body: Body) -> bool:
    """Whether this is the first time the record is elevated."""
    record = body.code(call.func.value)
    for key, called in body.flow.met.items():
        if called.name == "sudo" and body.code(called.node.func.value) == record:
            return key == id(call)
    return True


def _compared(call: Any, body: Body) -> bool:
    """Whether a field of the record is compared with something that is no request value: with its owner."""
    names = {
        local_name(target.target)
        for node in body.nodes
        if isinstance(node, cst.Assign) and any(item is call for item in walk(node.value))
        for target in node.targets
    }
    for node in body.nodes:
        if not isinstance(node, cst.Comparison) or len(node.comparisons) != 1:
            continue
        sides = (node.left, node.comparisons[0].comparator)
        for side, other in (sides, sides[::-1]):
            if not isinstance(side, cst.Attribute) or not isinstance(other, cst.Attribute):
                continue
            if local_name(side).partition(".")[0] in names and body.flow.value(other).level < Level.USER:
                return True
    return False


def _checked(body: Body) -> bool:
    """Whether access is checked: a signature, a token, a method made for it, or the owner compared."""
    tests = (node if isinstance(node, cst.Comparison) else getattr(node, "test", None) for node in body.nodes)
    texts = (_LOGGED_IN.sub("", body.code(test)) for test in tests if test is not None)
    return verifies(body) or any(_OWNER.search(text) for text in texts)


def _message(mark: MarkFact, who: str) -> str:
    return f"{who} chooses this record, which is then used with superuser rights and no access check"


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=60,
    listeners=(OnNode(("Call",), note), by_audience("insecure-direct-object-reference", _message)),
    triggers=(b"sudo(", b"SUPERUSER_ID", b"with_user(", b"su=True", b"user=1"),
    needs=(b"ontroller",),
    glance=has_controller,
    tags=("controller",),
)
