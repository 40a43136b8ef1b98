"""The request's dict written to records as it came.

## What it does
Reports `create` and `write` in route handlers and their helpers when the values are the request's own dict:
`create(post)`, `write(dict(kw))`, `create({**post, "state": "new"})`, `values.update(post)`, JSON bodies,
comprehensions that filter nothing; with superuser rights also a field that the request names:
`{post["field"]: post["value"]}`.
Helpers may stand in other files and addons of the set, methods of models too. It is critical on routes that
are open without login.

## Why is this bad
The visitor chooses the fields: prices, owners, states, company, and with `sudo()` every field there is.

## How to fix
Build the values key by key, or filter by a constant list of allowed fields.

## Not reported
Dicts built key by key; comprehensions with `if key in ALLOWED`; what a method such as
`_validate_order_kwargs` has looked at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._glance import has_controller
from odoo_debt_lint.checks.security._helpers import written_wholes
from odoo_debt_lint.checks.security._kept_keys import names_field
from odoo_debt_lint.checks.security._marks import by_audience
from odoo_debt_lint.checks.security._payload import handed_on, is_payload
from odoo_debt_lint.checks.security._reach import handlers
from odoo_debt_lint.checks.security._sent import away_mark
from odoo_debt_lint.checks.security._web import (
    argument,
    handler_mark,
)
from odoo_debt_lint.facts import MarkFact
from odoo_debt_lint.python.flow.elevation import is_record
from odoo_debt_lint.python.flow.knowledge import RECORD_CALLS
from odoo_debt_lint.python.flow.values import Level, Value
from odoo_debt_lint.rule import (
    Block,
    Mark,
    Marks,
    OnModule,
    OnNode,
    Rule,
    Severity,
)

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile

_WRITES = frozenset({"create", "write", "update"})
_CONTEXTS = ("context", "context.copy()")


def note(call: Any, body: Body) -> Marks:
    """Writes of whole payloads."""
    if body.last_name(call) not in _WRITES:
        return
    called = body.flow.call(call)
    if called is None or called.receiver is None:
        return
    if not _recordset(called.receiver, body) or called.receiver.symbol.endswith(_CONTEXTS):
        return
    if called.name == "update" and _answer(called.receiver):
        return
    node = _values(call)
    if node is None:
        return
    if any(_validates(item) for item in (body, *handlers(body))):
        return
    value, data = body.flow.value(node), {"call": called.name, "sudo": bool(called.receiver.elevated)}
    mark = None
    # with the rights of the user a single field can be written through RPC, too
    keyed = bool(called.receiver.elevated) and names_field(body, node)
    if value.source >= Level.USER and (keyed or is_payload(body, node)):
        mark = handler_mark(body, call, value, **data) or away_mark(body, call, value, **data)
    elif value.roots:
        handed = handed_on(body, node)
        mark = Mark(call, {"away": True, "via": handed, **data}) if handed else None
    if mark is not None:
        yield mark


_VALIDATES = re.compile(
    r"^_?(validate|check|ensure|assert|filter)_(?!\w*required)\w*(kwargs|keys|allowed)", re.I
)


_COMPARED = re.compile(
    r"(\bset\(\w+\)|\b\w+\.keys\(\))(\s*(-|<=)\s*\{?['\"\w]|\.(issubset|difference)\()|"
    r"\b(all|any)\(\s*(\w+) (not )?in \w+ for \6 in \w+"
)


def _validates(body: Body) -> bool:
    """Whether something looks at the keys: ``self._validate_order_kwargs(kwargs)``, ``set(x) - ALLOWED``."""
    if any(_VALIDATES.search(called.name) for called in body.flow.met.values()):
        return True
    return bool(_COMPARED.search(body.file.source(body.unit)))


def _values(call: Any) -> Any:
    node = argument(call, 0, "vals", "values", "vals_list")
    if node is None:
        node = next((arg.value for arg in call.args if arg.star == "**"), None)
    return node


def _recordset(value: Value, body: Body) -> bool:
    record = "request.env." in value.symbol or "request.website" in value.symbol
    own = value.symbol == "self" and body.klass is not None and body.klass.is_model
    return bool(value.model) or is_record(value.symbol) or bool(value.elevated) or record or own


def _answer(value: Value) -> bool:
    """Whether some method returned it, as likely a dict: ``answer = model._validate(key)``."""
    last = value.symbol.rpartition(".")[2]
    return not value.model and last.endswith("()") and last[:-2] not in RECORD_CALLS


def _message(mark: MarkFact, who: str) -> str:
    rights = " with superuser rights" if mark.data["sudo"] else ""
    return (
        f"{mark.data['call']}() takes the fields that the request names: {who} chooses them{rights}; build "
        "the values key by key"
    )


def helpers(file: PythonFile) -> Marks:
    """Writes of what handlers of other files may hand to a function as it came."""
    return written_wholes(file, _WRITES)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=45,
    listeners=(
        OnNode(("Call",), note),
        OnModule(helpers),
        by_audience("mass-assignment", _message, whole=True),
    ),
    triggers=(b"create(", b"write(", b"update("),
    glance=has_controller,
    tags=("controller", "data-flow"),
)
