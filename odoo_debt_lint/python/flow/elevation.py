"""Which calls take superuser rights, and what looks like a recordset on which they can be taken."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.knowledge import RECORD_CALLS, SUPERUSER
from odoo_debt_lint.python.flow.values import Level, Value
from odoo_debt_lint.python.literals import dotted, resolve

if TYPE_CHECKING:
    from odoo_debt_lint.python.flow.engine import Flow
    from odoo_debt_lint.python.flow.values import Called

_MAX_NAMES = 3
"""How many names for the superuser may stand for one another."""
_SUDO_TAKES_USER = ("8.0", "9.0", "10.0", "11.0", "12.0")
_OWN_USERS = (".env.user", ".env.uid", ".session.uid", "._uid", "request.uid", ".website.user_id")
"""The user of a request; that of a website has the rights of a visitor."""


def is_record(symbol: str) -> bool:
    """Whether a dotted origin looks like a recordset."""
    if "env[]" in symbol or symbol.endswith((".env.user", ".env.company", ".website", ".env.ref()")):
        return True
    last = symbol.rpartition(".")[2]
    return last.endswith("()") and last[:-2] in RECORD_CALLS and "." in symbol


def elevation(flow: Flow, called: Called) -> frozenset[int] | None:
    """The elevations of the result when the call changes them, else None."""
    name, receiver = called.name, called.receiver
    before = receiver.elevated if receiver is not None else frozenset()
    mine = before | {id(called.node)}
    if name == "sudo" and receiver is not None:
        if not is_elevating_sudo(flow, called):
            return frozenset() if called.args else None
        return mine
    if name in ("with_user", "with_env") and receiver is not None and called.node.args:
        if name == "with_user":
            given = called.node.args[0].value
            return mine if is_superuser(flow, given) or _is_sent(*called.args[:1]) else frozenset()
        return called.args[0].elevated if called.args else None
    if is_elevating_env(flow, called):
        return mine
    return None


def is_elevating_sudo(flow: Flow, called: Called) -> bool:
    """``x.sudo()`` or ``x.sudo(True)`` on something that can be a recordset."""
    receiver = called.receiver
    if receiver is None:
        return False
    given = called.node.args
    if given:
        value = given[0].value
        if isinstance(value, cst.Name) and value.value in ("False", "None"):
            return False
        if isinstance(value, cst.SimpleString | cst.FormattedString | cst.List | cst.ConcatenatedString):
            return False
        if _is_own_user(flow, given[0]):
            return False
    klass = flow.body.klass
    if receiver.symbol == "self":
        return klass is None or klass.is_model
    if is_record(receiver.symbol) or receiver.symbol.startswith(("self.env", "odoo.http.request", "request")):
        return True
    root = receiver.symbol.partition(".")[0].rstrip("()[]")
    if receiver.symbol == f"{root}()" and flow.body.file.klass(root) is not None:
        return False
    imported = set(flow.body.file.names.values())
    foreign = receiver.symbol.startswith(tuple(imported - {""})) and not receiver.symbol.startswith("odoo")
    return not foreign and root != "?" and not receiver.symbol.startswith("self._client")


def _is_own_user(flow: Flow, given: cst.Arg) -> bool:
    """``sudo(request.env.user)``: a user up to 12.0, since then any true value elevates."""
    if given.keyword is None and flow.body.file.series not in _SUDO_TAKES_USER:
        return False
    symbol = flow.symbol(given.value).removesuffix(".id")
    return symbol.endswith(_OWN_USERS)


def is_superuser(flow: Flow, node: Any) -> bool:
    """Whether an expression names the superuser: 1, SUPERUSER_ID, a name for one of them, the root user's
    record."""
    if isinstance(node, cst.Integer):
        return bool(node.value == "1")
    symbol = flow.symbol(node)
    if symbol in SUPERUSER:
        return True
    if isinstance(node, cst.Attribute) and node.attr.value == "id":
        node = node.value
    if isinstance(node, cst.Name | cst.Attribute):
        return _stands_for_superuser(flow, node) or _is_root_user(flow, node)
    return _refers_to_root(flow, node)


def _is_root_user(flow: Flow, node: Any) -> bool:
    """``root`` after ``root = env.ref("base.user_root")``."""
    if not isinstance(node, cst.Name) or not flow.symbol(node).endswith(".env.ref()"):
        return False
    assigned = (item for item in flow.body.by_kind[cst.Assign] if id(item.value) in flow.met)
    return any(
        isinstance(target.target, cst.Name)
        and target.target.value == node.value
        and _refers_to_root(flow, item.value)
        for item in assigned
        for target in item.targets
    )


def _refers_to_root(flow: Flow, node: Any) -> bool:
    called = flow.met.get(id(node))
    if called is None or called.name != "ref" or not called.args:
        return False
    return called.args[0].text == "base.user_root"


def _stands_for_superuser(flow: Flow, node: Any) -> bool:
    """``ROOT = SUPERUSER_ID`` or ``ADMIN_UID = 1``, set in the function, the module or the class."""
    if isinstance(node, cst.Name) and node.value in flow.env:
        known = flow.env[node.value]
        return known.level is Level.CONST and known.text == "1"
    owner, name = "", node.value
    if isinstance(node, cst.Attribute):
        if flow.symbol(node.value) not in ("self", "cls"):
            return False
        owner, name = flow.body.unit.klass, node.attr.value
    file = flow.body.file
    for _ in range(_MAX_NAMES):
        owners = file.owners(owner) if owner else [""]
        assigned = next((found for key in owners if (found := file.skeleton.values.get((key, name)))), [])
        value = assigned[0] if len(assigned) == 1 else None
        if isinstance(value, ast.Constant):
            return value.value == 1 and value.value is not True
        if not isinstance(value, ast.Name | ast.Attribute):
            return False
        owner, name = "", resolve(dotted(value), file.names)
        if name in SUPERUSER:
            return True
    return False


def is_elevating_env(flow: Flow, called: Called) -> bool:
    """``env(su=True)``, ``env(user=1)``, ``api.Environment(cr, SUPERUSER_ID, …)``, ``update_env``."""
    last = called.name
    words = {arg.keyword.value: arg.value for arg in called.node.args if arg.keyword is not None}
    if last == "Environment" and len(called.node.args) > 1:
        return is_superuser(flow, called.node.args[1].value) or _true(words.get("su"))
    if last in ("env", "update_env") or called.symbol.endswith(".env"):
        user = words.get("user")
        if (
            user is None
            and last == "env"
            and len(called.node.args) > 1
            and called.node.args[1].keyword is None
        ):
            user = called.node.args[1].value
        sent = "user" in called.kwargs and _is_sent(called.kwargs["user"])
        return _true(words.get("su")) or sent or (user is not None and is_superuser(flow, user))
    return False


def _is_sent(user: Value | None = None) -> bool:
    """Whether the request itself names the user, as it can the superuser; not through a record which it
    selects, nor that of its session."""
    if user is None or user.source < Level.USER or user.model or user.level not in (Level.USER, Level.NUMBER):
        return False
    symbol = user.symbol.removesuffix(".id")
    return not is_record(symbol) and not symbol.endswith(_OWN_USERS) and symbol == user.symbol


def elevate_request(flow: Flow, node: Any, elevated: frozenset[int]) -> None:
    """After ``request.update_env(su=True)`` the environment of the request has these rights."""
    if isinstance(node.func, cst.Attribute) and isinstance(node.func.value, cst.Name):
        owner = node.func.value
        symbol = f"{flow.symbol(owner)}.env"
        flow.env[f"{owner.value}.env"] = Value(Level.CLEAN, symbol=symbol, elevated=elevated)
        flow.dotted = True


def _true(node: Any) -> bool:
    return isinstance(node, cst.Name) and node.value == "True"
