"""Secret compared by `==` with what was sent.

## What it does
Reports `==` and `!=` between a stored or computed secret (token, signature, password, API key, HMAC) and a
value which comes with a request or through RPC.

## Why is this bad
`==` stops at the first character that differs. Measuring how long the answer takes reveals the secret, one
character after the other.

## How to fix
`odoo.tools.consteq(stored, sent)` or `hmac.compare_digest(stored, sent)`.

## Not reported
Comparisons with constants, of two values of the same request (a password typed twice), and of what is no
secret.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._verify import secret
from odoo_debt_lint.checks.security._web import resolved
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.places import local_name
from odoo_debt_lint.python.flow.values import Level, Value
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_DIGEST = re.compile(r"\bhmac\.|hexdigest\(|\.digest\(")
_SCHEME = re.compile(r"[\"'](Bearer|Basic|Token) [\"'{%]")
"""How the header begins that a client has to send: ``expected = f"Bearer {endpoint.token}"``."""
_KEY_HEADER = re.compile(
    r"headers(\.get\(|\[)\s*['\"](?!\S*idempotency)[\w-]*\b(key|secret|token)['\"]", re.I
)
"""A header that proves who calls: ``headers.get("X-Key")``."""
_SAME_TEXT = frozenset("encode decode strip lower upper format join get".split())
_NO_SECRET = re.compile(
    r"\bid\b|_ids?\b|\.name\b|_name\b|_type\b|_state\b|expir|_date|_at\b|count|len\(", re.I
)


def check(comparison: Any, body: Body) -> Hits:
    if len(comparison.comparisons) != 1:
        return
    target = comparison.comparisons[0]
    if not isinstance(target.operator, cst.Equal | cst.NotEqual):
        return
    left, right = comparison.left, target.comparator
    sent = _sent(body, left, right)
    if sent is None:
        return
    value, stored = sent
    if not _is_secret(body, stored, left if stored is right else right):
        return
    yield Hit(
        comparison,
        "a secret is compared with == or !=: the time it takes gives it away; use consteq()",
        confidence=None if value.level is Level.USER else Confidence.MEDIUM,
        flow=lambda: body.flow_locations(value),
    )


def _sent(body: Body, left: Any, right: Any) -> tuple[Value, Any] | None:
    """The value that was sent, and the node with which it is compared."""
    values = (body.flow.value(left), body.flow.value(right))
    outside = [value.level >= Level.ARGUMENT or _is_parameter(body, node) for value, node in
               ((values[0], left), (values[1], right))]  # fmt: skip
    if outside[0] == outside[1]:
        return None
    sent, stored = (0, 1) if outside[0] else (1, 0)
    node = (left, right)[stored]
    if isinstance(node, cst.Name) and node.value in ("None", "True", "False"):
        return None
    if values[stored].level is Level.CONST and not (isinstance(node, cst.Name) and secret(node.value)):
        return None
    return values[sent], node


def _is_parameter(body: Body, node: Any) -> bool:
    """A parameter with a secret's name: a helper of a handler in another file."""
    if not isinstance(node, cst.Name) or not secret(node.value) or not isinstance(body.node, cst.FunctionDef):
        return False
    return any(param.name.value == node.value for param in body.node.params.params)


def _is_secret(body: Body, stored: Any, sent: Any) -> bool:
    """By the names of both sides, or because the stored one has been computed as a digest for a signature."""
    origin = body.code(resolved(body, stored))
    name = body.code(stored)
    if _NO_SECRET.search(_last(_called(body, stored) or name)):
        return False
    if secret(_last(name)) or (secret(origin) and "get_param" in origin):
        return True
    if _SCHEME.search(origin):
        return True
    sent_name = body.code(sent)
    if _DIGEST.search(origin) and (secret(sent_name) or "hmac" in origin):
        return True
    computed = cst.Name | cst.Attribute | cst.Subscript | cst.Call | cst.FormattedString | cst.BinaryOperation
    proves = secret(_sent_name(sent, body)) or _KEY_HEADER.search(body.code(resolved(body, sent)))
    return bool(proves) and isinstance(stored, computed)


def _called(body: Body, node: Any) -> str:
    """The name of the method that makes a value; what it is given may be a number without making it one."""
    func = node.func if isinstance(node, cst.Call) else None
    if not isinstance(func, cst.Attribute) or func.attr.value in _SAME_TEXT:
        return ""
    return f"{body.code(func)}("


def _last(name: str) -> str:
    return name.rpartition(".")[2] if not name.endswith(")") else name


def _sent_name(node: Any, body: Body) -> str:
    """How a value is called where it is sent: its name, or the key by which it is taken from the request."""
    name = local_name(node)
    if name:
        return name.rpartition(".")[2]
    return body.code(node)


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether two things are compared that are both no literals."""
    return any(
        isinstance(node, ast.Compare)
        and len(node.ops) == 1
        and isinstance(node.ops[0], ast.Eq | ast.NotEq)
        and not isinstance(node.left, ast.Constant)
        and not isinstance(node.comparators[0], ast.Constant)
        for node in unit.nodes
    )


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=10,
    listeners=(OnNode(("Comparison",), check),),
    also=(b"==", b"!="),
    glance=glance,
    triggers=(
        b"oken",
        b"ecret",
        b"assw",
        b"pwd",
        b"ignature",
        b"hmac",
        b"api_key",
        b"apikey",
        b"-Key",
        b"-key",
        b"-KEY",
        b"API_KEY",
        b"TOKEN",
        b"SECRET",
        b"access_key",
        b"secure_hash",
        b"uthorization",
        b"pin_code",
        b"auth_code",
    ),
)
