"""Certificates of the other side are not checked.

## What it does
Reports `verify=False` and its like in calls (`verify_ssl`, `ssl_verify`, `verify_certs`, aiohttp's `ssl`),
`session.verify = False`, `ssl._create_unverified_context` and `ssl.CERT_NONE`, `SSL.VERIFY_NONE` of pyOpenSSL
and `ldap.OPT_X_TLS_NEVER`.

## Why is this bad
Anybody on the way can read and change what is sent, passwords and API keys included.

## How to fix
Leave verification on. For a certificate of your own, pass the authority's file: `verify="/path/ca.pem"`, and
let administrators configure it.

## Not reported
`verify` of something that is no connection, such as the signature of a token (`jwt.decode`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.lazy import cst
from odoo_debt_lint.rule import Block, Hit, Hits, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.flow.values import Value

_OFF = frozenset({"verify", "verify_ssl", "ssl_verify", "verify_certs", "check_hostname", "validate_cert"})
_ON = frozenset({"disable_ssl_certificate_validation", "insecure_skip_verify"})
_NO_CONNECTION = re.compile(r"(^|[._])(jwt|jws|jwe|jose|tokens?|signature|pdf|image)\b|(^|\.)(decode|loads)$")
_UNVERIFIED = frozenset(
    (
        "ssl.CERT_NONE ssl.VerifyMode.CERT_NONE ssl._create_unverified_context OpenSSL.SSL.VERIFY_NONE "
        "ldap.OPT_X_TLS_NEVER ldap.OPT_X_TLS_ALLOW"
    ).split()
)
_NAMES = frozenset(name.rpartition(".")[2] for name in _UNVERIFIED)
_MESSAGE = "the other side's certificate is not checked: anybody on the way can read and change the data"


def check(node: Any, body: Body) -> Hits:
    if isinstance(node, cst.Call):
        yield from _call(node, body)
    elif isinstance(node, cst.Assign):
        yield from _assigned(node, body)
    elif _is_unverified(node, body):
        yield Hit(node, _MESSAGE)


def _call(call: Any, body: Body) -> Hits:
    called = body.flow.call(call)
    if called is None or _NO_CONNECTION.search(called.symbol):
        return
    words = dict(called.kwargs)
    starred = words.pop("**", None)
    if starred is not None and starred.items is not None and "verify" in starred.items:
        words.setdefault("verify", starred.items["verify"])
    for name, value in words.items():
        if _is_off(name, value) or (name in _ON and _is(value, "True")):
            yield Hit(call, _MESSAGE)
            return
        if name == "cert_reqs" and value.text in ("CERT_NONE", "NONE"):
            yield Hit(call, _MESSAGE)
            return
        if name == "ssl" and _is(value, "False") and _is_aiohttp(called.symbol):
            yield Hit(call, _MESSAGE)
            return


def _is_aiohttp(symbol: str) -> bool:
    return "aiohttp" in symbol or symbol.endswith(("TCPConnector", "session.get", "session.post"))


def _assigned(node: Any, body: Body) -> Hits:
    for target in node.targets:
        place = target.target
        if (
            isinstance(place, cst.Attribute)
            and place.attr.value in _OFF
            and _is(body.flow.value(node.value), "False")
        ):
            # a context needs this before its verify_mode is set to CERT_NONE, which is reported
            if place.attr.value != "check_hostname" or "CERT_NONE" not in body.code(body.node):
                yield Hit(node, _MESSAGE)


def _is_off(name: str, value: Value) -> bool:
    return name in _OFF and (_is(value, "False") or value.text == "0")


def _is(value: Value, constant: str) -> bool:
    return value.symbol == constant


def _is_unverified(node: Any, body: Body) -> bool:
    """``ssl.CERT_NONE`` and its like, where it is used: a name in an import has no value."""
    name = node.attr.value if isinstance(node, cst.Attribute) else node.value
    if name not in _NAMES or id(node) not in body.flow.values:
        return False
    return body.flow.symbol(node) in _UNVERIFIED


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=30,
    listeners=(OnNode(("Call", "Assign", "Attribute", "Name"), check),),
    roles=frozenset({"code", "hook", "data", "script"}),
    triggers=(
        b"verify",
        b"_create_unverified_context",
        b"CERT_NONE",
        b"OPT_X_TLS_",
        b"check_hostname",
        b"ssl=False",
        b"ssl_certificate",
    ),
)
