"""Request to a URL which a visitor decides.

## What it does
Reports request values that decide the host of a URL which the server fetches with `requests`, `httpx`,
`urllib`,
`urllib3`, `aiohttp` or `http.client`.

## Why is this bad
The server fetches what the visitor cannot reach: cloud metadata, the database manager, services of the
internal
network.

## How to fix
Compare the host with a list of allowed ones, or keep scheme and host constant and take only the path.

## Not reported
URLs whose host is constant or comes from the configuration; request values in `params=` or `data=`; URLs
whose
host is compared before.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._across import arriving_request, requested
from odoo_debt_lint.checks.security._given import ELSEWHERE, handed, may_be_given
from odoo_debt_lint.checks.security._glance import called_name, calls, uses_module
from odoo_debt_lint.checks.security._urls import deciding, open_host
from odoo_debt_lint.checks.security._web import argument, resolved
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.rule import Block, Marks, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_MESSAGE = "the server fetches a URL which the request decides; compare its host with the allowed ones"
_METHODS = frozenset("get post put patch delete head options request stream send".split())
_CLIENTS = tuple(
    (
        "requests requests.Session() requests.session() requests.sessions.Session() requests.api httpx "
        "httpx.Client() httpx.AsyncClient() aiohttp.ClientSession() urllib3 urllib3.PoolManager() "
        "cloudscraper.create_scraper()"
    ).split()
)
_FUNCTIONS = frozenset(
    (
        "urllib.request.urlopen urllib.request.urlretrieve urllib.urlopen "
        "urllib.urlretrieve urllib2.urlopen six.moves.urllib.request.urlopen "
        "werkzeug.urls.urlopen http.client.HTTPConnection http.client.HTTPSConnection httplib.HTTPConnection "
        "httplib.HTTPSConnection wget.download feedparser.parse socket.create_connection"
    ).split()
)
_REQUESTS = frozenset({"urllib.request.Request", "urllib2.Request", "six.moves.urllib.request.Request"})


def check(call: Any, body: Body) -> Marks:
    node = _url(call, body)
    if node is None or not open_host(body, node):
        return
    yield from requested(body, call, deciding(body, node), _MESSAGE)


def _url(call: Any, body: Body) -> Any:
    """The node of the URL that is fetched; None for another call."""
    symbol = body.callee(call)
    if symbol in _REQUESTS:
        return None if _is_opened(call, body) else argument(call, 0, "url")
    if symbol in _FUNCTIONS:
        inner = _request(call, body)
        return argument(call if inner is None else inner, 0, "url", "host")
    owner, _, name = symbol.rpartition(".")
    if owner not in _CLIENTS or name not in _METHODS:
        return None
    return argument(call, 1 if name in ("request", "stream") else 0, "url")


def _request(call: Any, body: Body) -> Any:
    """The call of ``Request`` whose result is opened; None where it is none."""
    node = argument(call, 0, "url", "host")
    made = resolved(body, node) if node is not None else None
    return made if isinstance(made, cst.Call) and body.callee(made) in _REQUESTS else None


def _is_opened(request: Any, body: Body) -> bool:
    """Whether the function opens the request, which is then reported where it does."""
    return any(
        body.callee(node) in _FUNCTIONS and _request(node, body) is request for node in body.by_kind[cst.Call]
    )


_SENDERS = frozenset(name.replace("()", "") for name in (*_CLIENTS, *_FUNCTIONS, *_REQUESTS))
_MODULES = frozenset(name.partition(".")[0] for name in _SENDERS)
_CALLED = _METHODS | {name.rpartition(".")[2] for name in (*_FUNCTIONS, *_REQUESTS)}


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether the file has a module that fetches what lies behind a URL, which the body can be given."""
    if not any(_may_send(target) for target in file.names.values()):
        if not uses_module(unit, file, _MODULES - {"http", "werkzeug"}):
            return False
    found = [call for call in calls(unit) if called_name(call, file) in _CALLED]
    if any(_is_sender(node, file) for node in handed(unit)):
        found.append(ELSEWHERE)
    return may_be_given(unit, file, found)


def _is_sender(node: ast.Name | ast.Attribute, file: PythonFile) -> bool:
    """Whether a function that sends a request is handed on, as in ``fetch = requests.get``."""
    if isinstance(node, ast.Attribute):
        return node.attr in _CALLED
    return node.id in file.names and file.names[node.id].rpartition(".")[2] in _CALLED


def _may_send(target: str) -> bool:
    """Whether something imported is, holds or comes from what sends requests."""
    owner, _, name = target.rpartition(".")
    if target in _SENDERS or (owner in _SENDERS and name in _METHODS):
        return True
    return any(sender.startswith(target + ".") for sender in _SENDERS)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=60,
    listeners=(OnNode(("Call",), check), arriving_request("server-side-request-forgery", _MESSAGE)),
    glance=glance,
    triggers=(
        b"requests",
        b"urlopen",
        b"urlretrieve",
        b"urllib",
        b"httpx",
        b"session",
        b"Session",
        b"client",
        b"Connection",
        b"download",
        b"Request(",
    ),
    tags=("controller", "data-flow"),
)
