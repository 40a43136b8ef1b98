"""Record chosen by a request value and read with superuser rights.

## What it does
Reports `browse(...)` and `search([("id", "=", ...)])` with a request value on an elevated environment, and
`.sudo()` on a record which a request value has chosen, in route handlers and their helpers, when no access
is checked before. Helpers may stand in other files and addons of the set, methods of models too; what they
return with superuser rights is elevated. It is critical on routes that are open without login.

## Why is this bad
Record rules do not hold for the superuser: by counting up the id in the URL anybody reads or changes the
orders, invoices and documents of all others.

## How to fix
Drop `sudo()`, or check before use: `_document_check_access(model, id, access_token)`,
`check_access("read")`, `consteq(record.access_token, access_token)`, or a domain with the own partner.

## Not reported
Code that checks access or a signature first, compares a token or the owner, or looks the record up by its
token, itself or by a function of another file which is given the record; values which an own search, a list
of allowed ones or a method made for it have confirmed; published records; what is only asked whether it
exists; models whose records everybody may read anyway (countries, currencies, products, website pages),
unless they are written. A record in the path of a website's page (`<model("sale.order"):order>`) that is not
written has low confidence: the visitor's right to read it is checked before the handler runs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._glance import borrows, has_controller, reads_property
from odoo_debt_lint.checks.security._guards import asked, guard_marks, is_guarded
from odoo_debt_lint.checks.security._helpers import (
    EXCLUDING,
    PUBLIC_MODELS,
    SEARCHES,
    chosen_records,
    selects_by_id,
)
from odoo_debt_lint.checks.security._marks import by_audience
from odoo_debt_lint.checks.security._ownership import OWNER, is_theirs, looks_who_asks
from odoo_debt_lint.checks.security._payload import is_payload
from odoo_debt_lint.checks.security._reach import handlers, writes_through
from odoo_debt_lint.checks.security._sent import away_mark
from odoo_debt_lint.checks.security._web import (
    argument,
    assignments,
    handler_mark,
    resolved,
)
from odoo_debt_lint.facts import MarkFact, RouteFact
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.across.exits import carried
from odoo_debt_lint.python.across.handing import may_elevate
from odoo_debt_lint.python.flow.callers import CONVERTER
from odoo_debt_lint.python.flow.values import Level, Value
from odoo_debt_lint.rule import (
    Block,
    Marks,
    OnModule,
    OnNode,
    Rule,
    Severity,
)

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.flow.engine import Called
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_SHOWN = re.compile(r"(^|[._])(published|public)$|^(show|visible|published)_(in|on)_")
_OF_FIELD = re.compile(r"\(\)(?:\.\w+){2,}$")
_NAMES = SEARCHES | {"sudo", "browse"}


def note(call: Any, body: Body) -> Marks:
    """Elevated records which the request chooses."""
    if body.last_name(call) not in _NAMES:
        return
    called = body.flow.call(call)
    if called is None or called.receiver is None:
        return
    keys = body.flow.value(call).elevated
    written = any(writes_through(body, key) for key in keys)
    if PUBLIC_MODELS.match(_model(called.receiver, body)) and not written:
        return
    value = _chosen_by(call, called, body)
    if (
        value is None
        or is_theirs(call, body)
        or any(looks_who_asks(item, call) for item in (body, *handlers(body)))
    ):
        return
    data: dict[str, Any] = {"call": called.name}
    if _of_path(call, body) and not written:
        data["path"] = True
    picked = called.name == "sudo" and not _is_browsed(called.receiver)
    if picked or not keys:
        roots = carried(body, called.receiver, steps=False).via
        data |= {"picked" if picked else "rights": roots, "via": roots}
    mark = handler_mark(body, call, value, **data) if picked or value.source >= Level.USER else None
    if mark is None and keys and not picked:
        mark = away_mark(body, call, value, **data)
    if mark is not None:
        if guards := asked(call, body):
            mark.data["asked"] = guards
        yield mark


def _model(receiver: Value, body: Body) -> str:
    own = receiver.symbol.partition(".")[0] == "self" and "env" not in receiver.symbol
    return body.klass.model if own and body.klass is not None else receiver.model


def _of_path(call: Any, body: Body) -> bool:
    """Whether ``.sudo()`` is called on what a converter of the route's path has found, or ``browse()`` with
    its id."""
    method, record = body.method, call.func.value if isinstance(call.func, cst.Attribute) else None
    if method is None or method.route is None:
        return False
    if body.last_name(call) == "browse" and call.args:
        ids = resolved(body, call.args[0].value)
        record = ids.value if isinstance(ids, cst.Attribute) and ids.attr.value == "id" else None
    if not isinstance(record, cst.Name):
        return False
    found = {
        name for path in method.route.paths for kind, _, name in CONVERTER.findall(path) if kind == "model"
    }
    return record.value in found and not assignments(body, record.value, call)


def _chosen_by(call: Any, called: Called, body: Body) -> Value | None:
    """The value that selects the record, if the record is then read with superuser rights."""
    receiver = called.receiver
    assert receiver is not None
    if called.name == "sudo":
        elevates = id(call) in body.flow.value(call).elevated and not receiver.elevated
        browsed = _is_sent(receiver) if _is_browsed(receiver) else _may_be_picked(receiver)
        return receiver if elevates and browsed and _first(call, body) else None
    if not receiver.elevated and not _may_be_picked(receiver):
        return None
    if called.name == "browse":
        return next((ids for ids in called.args[:1] if _is_sent(ids) and not _is_read(ids)), None)
    node = argument(call, 0, "domain", "args")
    return _domain(node, body) if node is not None else None


def _is_browsed(record: Value) -> bool:
    return record.symbol.endswith(("browse()", "browse().exists()"))


def _may_be_picked(record: Value) -> bool:
    """Whether a function of another file may have found a record by the id it was given."""
    return any(root[0] == "call" for root in record.via)


def _is_sent(value: Value) -> bool:
    """Whether a value comes with a request, or may in another file that passes it."""
    return value.source >= Level.USER or bool(value.roots)


def _is_read(ids: Value) -> bool:
    """Whether ids are what a record holds that was chosen before: ``order.partner_id.id``. What may also be
    a number that was sent has the symbol of that."""
    one = ids.element if ids.items else ids
    return bool(one.elevated and "." in one.symbol) or _OF_FIELD.search(one.symbol) is not None


def _domain(node: Any, body: Body) -> Value | None:
    """The request value in a domain that selects records by id."""
    value = body.flow.value(node)
    if value.items is None:
        return value if value.level >= Level.USER and is_payload(body, node) else None
    terms = [term.items for term in value.items.values() if term.items]
    if any(OWNER.search(symbol) for term in terms for item in term.values() for symbol in _symbols(item)):
        return None
    if any(_scopes(term) for term in terms):
        return None
    for term in terms:
        field, operator, sent = term.get(0), term.get(1), term.get(2)
        if field is None or sent is None or not _is_sent(sent) or not field.text:
            continue
        if operator is not None and operator.text in EXCLUDING:
            continue
        # what an own search has found, the visitor may see
        if sent.elevated or ".search()" in sent.symbol:
            continue
        if selects_by_id(field.text):
            return sent
    return None


def _symbols(value: Value) -> list[str]:
    return [value.symbol, *(item.symbol for item in (value.items or {}).values())]


def _scopes(term: dict[Any, Value]) -> bool:
    """A term that ties the record to another one, ``("res_id", "=", answer.id)``, or takes only those which
    everybody may see: ``("website_published", "=", True)``."""
    field, sent = term.get(0), term.get(2)
    if field is None or sent is None or not field.text:
        return False
    if _SHOWN.search(field.text):
        return sent.level <= Level.CLEAN
    if not field.text.endswith("_id"):
        return False
    found = sent.source < Level.USER or bool(sent.elevated) or ".search()" in sent.symbol
    return sent.symbol.endswith(".id") and found and len(term) == 3


def _first(call: Any, body: Body) -> bool:
    """Whether this is the first time the record is elevated."""
    record = body.code(call.func.value)
    for key, called in body.flow.met.items():
        if called.name == "sudo" and body.code(called.node.func.value) == record:
            return key == id(call)
    return True


def _message(mark: MarkFact, who: str) -> str:
    return f"{who} chooses this record, which is then used with superuser rights and no access check"


def _unsure(mark: MarkFact, found: list[RouteFact]) -> bool:
    return bool(mark.data.get("path")) and all(route.website and route.type == "http" for route in found)


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether the file has a controller, and records may have superuser rights, of their own or lent by a
    function of another file."""
    if not has_controller(unit, file):
        return False
    text = file.source(unit)
    return may_elevate(text) or borrows(unit, _NAMES) or reads_property(unit, file)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=60,
    listeners=(
        OnNode(("Call",), note),
        OnModule(chosen_records),
        OnModule(guard_marks),
        by_audience("insecure-direct-object-reference", _message, unsure=_unsure, spared=is_guarded),
    ),
    triggers=(b"sudo(", b"SUPERUSER_ID", b"with_user(", b"su=True", b"user=1", b"browse(", b"search("),
    glance=glance,
    tags=("controller", "data-flow"),
)
