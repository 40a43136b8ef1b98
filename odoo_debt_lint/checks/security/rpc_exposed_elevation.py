"""Public model method that writes with superuser rights by its arguments.

## What it does
Reports elevating calls (`sudo()`, `with_user(SUPERUSER_ID)`, …) in model methods without a leading
underscore, when what is created, written or deleted through them is decided by an argument of the method;
also, at low confidence, in a private method of the same class and file to which such a method hands its
argument.

## Why is this bad
Any logged-in user, portal users included, can call every public method through RPC with any arguments, and
here nothing checks what is changed.

## How to fix
Rename the method with a leading underscore (or `@api.private` from 18.0), or check access before elevating.

## Not reported
Private methods that no public one of their file gives its arguments, and those that log what happened;
methods without arguments such as those of scheduled actions, methods that take records, exceptions or other
objects which RPC cannot send, what is written to the caller's own user, methods of the same name as one of a
model that is extended, and code that checks access or a group first.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._glance import ELEVATORS
from odoo_debt_lint.checks.security._marks import hit_at
from odoo_debt_lint.checks.security._verify import own_helper, verifies
from odoo_debt_lint.checks.security._web import is_answer
from odoo_debt_lint.core.orm import ORM_METHODS
from odoo_debt_lint.index import Scope
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.callers import callers_of
from odoo_debt_lint.python.flow.values import Level, Value
from odoo_debt_lint.rule import Block, Confidence, Hits, Mark, Marks, OnAddon, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.facts import ClassFact, MethodFact
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.flow.engine import Called
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_WRITES = frozenset({"create", "write", "unlink", "update", "copy", "set_param"})
_LOG = re.compile(r"(^|[._])(log|logs|logger|logging|audit|history|trace|track|event|notify)($|[._])")
_OBJECTS = frozenset("cr cursor env exc exception registry request response".split())
"""Names of parameters that no JSON holds."""
_GUARD = re.compile(
    r"has_group|user_has_groups|check_access|has_access|_is_(admin|system|superuser|internal)|is_admin|env\.su\b|"
    r"env\.is_(admin|system|superuser)|check_field_access|AccessError|AccessDenied|\benv\.uid\b|"
    r"\benv\.user\b\s*[!=]=|env\.user\.groups?_ids?\b"
)

_ORM = ORM_METHODS - {"update"}
"""What Odoo checks itself; who overrides ``update`` mostly has a method of his own in mind."""


def _is_callable(klass: ClassFact | None, method: MethodFact | None) -> bool:
    """A method of one's own which RPC can call: public, of a model, and no override."""
    if klass is None or not klass.is_model or method is None or method.name in _ORM:
        return False
    if any(item.name in _OBJECTS and not item.default for item in method.params):
        return False
    return not method.name.startswith("_") and not method.supers


def _may_matter(klass: ClassFact | None, method: MethodFact | None) -> bool:
    """The same, or a private method which one may call."""
    if klass is None or not klass.is_model or method is None:
        return False
    return method.name.startswith("_") or _is_callable(klass, method)


def note(call: Any, body: Body) -> Marks:
    method, klass = body.method, body.klass
    if method is None or klass is None or not _may_matter(klass, method):
        return
    if id(call) not in body.flow.value(call).elevated or _guarded(body):
        return
    written = _written(call, body)
    if written is None:
        return
    called, value = written
    own = _is_callable(klass, method)
    entry = method.name if own else "" if _is_log(call, body) else _entry(body, value)
    if entry:
        data = {"model": klass.model, "method": entry, "called": called, "handed": not own}
        yield Mark(call, data, flow=lambda: body.flow_locations(value))


def _is_log(call: Any, body: Body) -> bool:
    """Whether a private method writes down what happened: that is what it takes the rights for."""
    return bool(_LOG.search(body.unit.name) or _LOG.search(body.flow.value(call).model))


def _entry(body: Body, value: Value) -> str:
    """The public method of the class whose argument a private one is given; nothing where it looks who calls
    it."""
    if value.level is not Level.ARGUMENT and not value.symbol.endswith("browse()"):
        return ""
    first = value.steps[0].body if value.steps else body
    if first.klass is not body.klass or all(first is not caller for caller in callers_of(body)):
        return ""
    return first.unit.name if _is_callable(first.klass, first.method) and not _guarded(first) else ""


def check(scope: Scope) -> Hits:
    """Reports the marks in methods which the addon brings itself."""
    for path, mark in scope.marks("rpc-exposed-elevation"):
        name = mark.data["method"]
        above = (part for part in scope.parts(mark.data["model"]) if part.addon != scope.addon.name)
        if any(name in part.methods for part in above):
            continue
        called = mark.data["called"]
        message = f"any user can call {name}() through RPC, and its arguments decide what {called} changes"
        # what a private method does is its caller's business, which may well have looked who asks
        confidence = Confidence.LOW if mark.data["handed"] else None
        yield hit_at(path, mark, f"{message} with superuser rights", confidence=confidence)


def _written(call: Any, body: Body) -> tuple[str, Value] | None:
    """The writing call through this elevation, and the argument that decides it."""
    if _own_user(call, body):
        return None
    for called in body.flow.calls(_WRITES):
        receiver = called.receiver
        if receiver is None or (called.name == "update" and is_answer(receiver)):
            continue
        if _elevates_first(call, receiver, body):
            value = _deciding(called)
            if value is not None:
                return f"{called.name}()", value
    for target, source in _assignments(body):
        value = _assigned(call, target, source, body)
        if value is not None:
            return "the assignment", value
    return None


def _assignments(body: Body) -> Iterator[tuple[Any, Any]]:
    """What is set, and to what."""
    for node in body.by_kind[cst.Assign]:
        yield from ((target.target, node.value) for target in node.targets)
    for node in (*body.by_kind[cst.AugAssign], *body.by_kind[cst.AnnAssign]):
        if node.value is not None:
            yield node.target, node.value


def _own_user(call: Any, body: Body) -> bool:
    """``self.env.user.sudo()``: the caller's own record."""
    called = body.flow.met.get(id(call))
    receiver = called.receiver if called is not None else None
    return receiver is not None and receiver.symbol.endswith(".env.user")


def _assigned(call: Any, target: Any, source: Any, body: Body) -> Value | None:
    """The argument that decides ``record.field = value`` on a record elevated by the call."""
    if not isinstance(target, cst.Attribute):
        return None
    record, value = body.flow.value(target.value), body.flow.value(source)
    if not _elevates_first(call, record, body):
        return None
    return next((item for item in (value, record) if item.source is Level.ARGUMENT), None)


def _elevates_first(call: Any, value: Value, body: Body) -> bool:
    """Whether this call is the one that gave the record its rights, and no later one again."""
    if id(call) not in value.elevated or value.model == "ir.logging":
        return False
    return next((key for key in body.flow.met if key in value.elevated), 0) == id(call)


def _deciding(called: Called) -> Value | None:
    receiver = called.receiver
    assert receiver is not None
    for value in (*called.args, *called.kwargs.values()):
        if value.source is Level.ARGUMENT:
            return value
    return receiver if receiver.origin is Level.ARGUMENT else None


def _guarded(body: Body) -> bool:
    """Whether a group, access or token is checked somewhere in the method, or by a helper that raises."""
    if _GUARD.search(body.file.source(body.unit)) or verifies(body):
        return True
    helpers = (own_helper(body, body.callee(node)) for node in body.by_kind[cst.Call])
    return any(
        helper is not None and helper.by_kind[cst.Raise] and _GUARD.search(helper.file.source(helper.unit))
        for helper in helpers
    )


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether the method has arguments, writes something, and does not look who calls it."""
    function = unit.node
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    given = function.args
    if not (given.vararg or given.kwarg or len(given.posonlyargs + given.args + given.kwonlyargs) > 1):
        return False
    if not any(_may_write(node) for node in unit.nodes):
        return False
    if unit.name.startswith("_") and not _is_handed(unit, file):
        return False
    return not _GUARD.search("\n".join(file.text.lines[function.lineno - 1 : function.end_lineno]))


def _is_handed(unit: Unit, file: PythonFile) -> bool:
    """Whether a public method of the class calls a private one."""
    callers = (item for item in file.callers.get(unit.name, ()) if item.klass == unit.klass)
    return any(not item.name.startswith("_") for item in callers)


def _may_write(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in _WRITES or not isinstance(node.ctx, ast.Load)
    return False


RULE = Rule(
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    block=Block.SECURITY,
    minutes=30,
    listeners=(OnNode(("Call",), note), OnAddon(check)),
    triggers=ELEVATORS,
    when=_may_matter,
    glance=glance,
)
