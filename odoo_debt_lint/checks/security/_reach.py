"""Which route handlers lead to a body, and what a body does with elevated or selected records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._sql import is_execute, query_value
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.callers import callers_of, can_be_handler
from odoo_debt_lint.python.flow.calls import SELECTING, choosing
from odoo_debt_lint.python.flow.elevation import is_record
from odoo_debt_lint.python.flow.knowledge import ACCESS_CHECKS, EXECUTE
from odoo_debt_lint.python.flow.values import Level, Value, join_all

if TYPE_CHECKING:
    from odoo_debt_lint.facts import MethodFact
    from odoo_debt_lint.index import Part, Scope
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.flow.engine import Called
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

WRITES = frozenset({"create", "write", "unlink", "copy", "message_post", "set_param"})
_CHANGES = WRITES | {"update"}
GET_PARAMETER = frozenset({"get_param", "get_str", "get_int", "get_float", "get_bool"})
"""Since 20.0 each type has a method of its own."""
MAX_HOPS = 3
_ALIKE = 3
_IN_SQL = re.compile(r"\s*(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\b", re.I)
_TOKEN = re.compile(r"token|signature|uuid|secret|hmac|(api|access|auth)_?key$", re.I)
_RECORDS = ("odoo.http.request.env", "odoo.http.request.website.", "odoo.http.request.cart")
"""How the dotted names begin of what is no text, number or list of the request."""


def handlers(body: Body) -> list[Body]:
    """The handlers of this file from which a body is reached, itself included.

    A public method of a controller that extends another one can be a handler without saying so: it is
    taken, and the index decides.
    """
    found: list[Body] = []
    if not any(klass.kind == "controller" for klass in body.file.facts.classes):
        return found
    seen: set[int] = set()
    layer = [body]
    for _ in range(MAX_HOPS + 1):
        following: list[Body] = []
        for item in layer:
            if item.unit.first in seen:
                continue
            seen.add(item.unit.first)
            if can_be_handler(item) or (item.unit.name and _may_override(item)):
                found.append(item)
            if item.unit.name and not _is_route(item):
                following += callers_of(item) + _decorated(item)
        layer = following
    return found


def _is_route(body: Body) -> bool:
    """Whether a method says itself that it is a handler."""
    method = body.method
    return method is not None and (method.route is not None or method.decorated("route"))


def _decorated(body: Body) -> list[Body]:
    """Handlers around which a function of the file is put: some of them, for they are much alike."""
    name, file = body.unit.name, body.file
    if body.unit.klass or not body.unit.method:
        return []
    wrapped = (
        (klass.name, method.name)
        for klass in file.facts.classes
        for method in klass.methods
        if method.route is not None and any(item.name == name for item in method.decorators)
    )
    return [found for names in islice(wrapped, _ALIKE) if (found := file.function(*names)) is not None]


def called_from_elsewhere(body: Body) -> list[list[str]]:
    """``[class, function]`` of the functions of this file which lead to a body and which a controller of
    another file may call, itself included."""
    found: dict[tuple[str, str], Body] = {}
    layer = [body]
    for _ in range(MAX_HOPS):
        new = [item for item in layer if (item.unit.klass, item.unit.name) not in found]
        found.update(((item.unit.klass, item.unit.name), item) for item in new)
        layer = [caller for item in new if item.unit.name for caller in callers_of(item)]
    return sorted([*key] for key, item in found.items() if may_be_helper(item.unit, item.file))


def may_be_helper(unit: Unit, file: PythonFile) -> bool:
    """Whether a function is one that controllers call: of a module, or of a class that is no model."""
    klass = file.klass(unit.klass)
    return unit.method and file.role == "code" and (klass is None or klass.kind in ("controller", "other"))


def _may_override(body: Body) -> bool:
    """Whether a method of a controller may replace a helper which the routes of its parent call."""
    klass = body.klass
    if klass is None or klass.kind != "controller" or body.method is None:
        return False
    return any(base.rpartition(".")[2] not in ("Controller", "object") for base in klass.bases)


def handler_names(bodies: list[Body]) -> list[list[str]]:
    """``[class, method]`` of handlers, as a mark keeps them."""
    return sorted([body.unit.klass, body.unit.name] for body in bodies)


def find_handler(scope: Scope, path: str, names: list[str]) -> tuple[Part, MethodFact] | None:
    """The class and method which a mark named."""
    for part in scope.addon.classes():
        if part.path == path and part.klass.name == names[0]:
            method = part.klass.method(names[1])
            if method is not None:
                return part, method
    return None


def checks_access(body: Body) -> bool:
    """Whether a body checks access: by a method made for it, by comparing a stored token with one that was
    sent, or by looking records up by such a token."""
    for called in body.flow.calls():
        if ACCESS_CHECKS.search(called.symbol) or ACCESS_CHECKS.search(called.name):
            return True
        if called.name in SELECTING and any(_has_token_term(value) for value in called.args):
            return True
    return any(_compares_token(node, body) for node in body.by_kind[cst.Comparison])


def _has_token_term(value: Value) -> bool:
    """Whether a domain has a term such as ``("access_token", "=", <request value>)``."""
    terms = (item for item in (value.items or {}).values() if item.items)
    return any(_is_token_term(term.items or {}) for term in terms)


def _is_token_term(term: dict[Any, Value]) -> bool:
    field, sent = term.get(0), term.get(2)
    if field is None or sent is None or not field.text:
        return False
    return bool(_TOKEN.search(field.text)) and sent.source >= Level.USER


def _compares_token(node: Any, body: Body) -> bool:
    sides = [node.left, *(target.comparator for target in node.comparisons)]
    stored = any(isinstance(side, cst.Attribute) and _TOKEN.search(side.attr.value) for side in sides)
    return stored and any(body.flow.value(side).source >= Level.USER for side in sides)


def writes_through(body: Body, key: int) -> bool:
    """Whether a record that got its rights from the call with this id is written."""
    if any(key in value.elevated for _, value in body.flow.stores):
        return True
    return any(
        called.receiver is not None
        and key in called.receiver.elevated
        and (called.name != "update" or _updates(called))
        for called in body.flow.calls(_CHANGES)
    )


def _updates(called: Called) -> bool:
    """Whether ``update()`` is that of records: dicts have one too, also those that records return."""
    return called.receiver is not None and bool(called.receiver.model) and bool(called.node.args)


def selects_by_request(body: Body, key: int) -> bool:
    """Whether the elevated record is chosen by a request value, before or after it was elevated."""
    elevating = body.flow.met.get(key)
    elevating = body.flow.call(elevating.node) if elevating is not None else None
    if elevating is not None and elevating.receiver is not None and elevating.receiver.origin >= Level.USER:
        return True
    return any(
        key in called.receiver.elevated and _from_request(called)
        for called in body.flow.calls(SELECTING | GET_PARAMETER)
        if called.receiver is not None
    )


def selecting(body: Body, key: int) -> Value:
    """What chooses the records that got their rights from the call with this id."""
    chosen = [
        called for called in body.flow.calls(SELECTING) if key in getattr(called.receiver, "elevated", ())
    ]
    elevating = body.flow.call(body.flow.met[key].node) if key in body.flow.met else None
    values = [value for called in chosen for value in choosing(called)]
    if elevating is not None and elevating.receiver is not None:
        values.append(Value(chosen=elevating.receiver.chosen))
    return join_all(values)


def _from_request(called: Called) -> bool:
    return any(value.source >= Level.USER for value in choosing(called))


def record_writes(body: Body, depth: int = 0) -> Iterator[str]:
    """Names of the writing calls on records which a body makes, helpers of its file included, and the verbs
    of what it writes in SQL."""
    if any(_is_recordset(value) for _, value in body.flow.stores):
        yield "write"
    yield from _sql_writes(body)
    for called in body.flow.calls():
        if called.receiver is None:
            continue
        known = called.name in ("create", "write", "unlink") and _is_recordset(called.receiver)
        if known or (called.name == "update" and _updates(called)):
            yield called.name
        elif depth < 2 and called.receiver.symbol == "self" and body.unit.klass:
            helper = body.file.function(body.unit.klass, called.name)
            if helper is not None and helper is not body:
                yield from record_writes(helper, depth + 1)
                if any(_is_recordset(value) for value in (*called.args, *called.kwargs.values())):
                    yield from _writes_given(helper)


def _sql_writes(body: Body) -> Iterator[str]:
    for called in body.flow.calls(EXECUTE):
        value = query_value(called.node, body) if is_execute(called.node, body) else None
        match = _IN_SQL.match(value.text) if value is not None and value.text is not None else None
        if match is not None:
            yield match[1].split()[0].upper()


def _writes_given(body: Body) -> Iterator[str]:
    """Names of the writing calls which a helper makes on what it is given."""
    names = {item.name for item in body.method.params} - {"self"} if body.method is not None else set()
    if any(value.symbol.partition(".")[0] in names for _, value in body.flow.stores):
        yield "write"
    for called in body.flow.calls(frozenset({"write", "unlink"})):
        if called.receiver is not None and called.receiver.symbol in names:
            yield called.name


def _is_recordset(value: Value) -> bool:
    return bool(value.model) or is_record(value.symbol) or value.symbol.startswith(_RECORDS)
