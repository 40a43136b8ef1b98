"""Redirect to where the request says.

## What it does
Reports request values that decide the target of `werkzeug.utils.redirect`, of `request.redirect(...,
local=False)`, of `request.redirect` up to 14.0, which knew no `local`, and of a `Location` header that is set
by hand.

## Why is this bad
A link to the company's own server leads to a forged login page.

## How to fix
From 15.0 on `request.redirect(url)` stays on the own server. Before, check that the target has no host.

## Not reported
Constant targets and own paths with values behind them; targets whose host was compared; the referrer and
the
request's own URL.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._across import arriving_request, requested
from odoo_debt_lint.checks.security._glance import calls_of
from odoo_debt_lint.checks.security._urls import deciding, open_host
from odoo_debt_lint.checks.security._web import argument
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.rule import Block, Marks, OnNode, Rule, Severity, series_number

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_REDIRECT = frozenset(
    (
        "werkzeug.utils.redirect werkzeug.redirect odoo.http.werkzeug.utils.redirect flask.redirect "
        "odoo.http.redirect_with_hash http.redirect_with_hash odoo.http.local_redirect http.local_redirect "
        "odoo.addons.web.controllers.main.redirect_with_hash "
        "odoo.addons.web.controllers.main.werkzeug.utils.redirect odoo.addons.web.controllers.utils.redirect"
    ).split()
)
_MESSAGE = "the request decides where this redirect leads, also to another server"
_PAIR = 2
_OWN = re.compile(r"httprequest\.(referrer|url|base_url|full_path|path|host_url|url_root|root_url)$")


def check_header(node: Any, body: Body) -> Marks:
    """``headers["Location"] = url``, ``headers.add("Location", url)``, ``[("Location", url)]`` and
    ``{"Location": url}``."""
    url = _header(node)
    if url is not None and open_host(body, url, local=True):
        value = body.flow.value(url)
        if not _OWN.search(value.symbol) and "eferer" not in body.code(url):
            yield from requested(body, node, value, _MESSAGE)


def _header(node: Any) -> Any:
    """What a node sets the header to."""
    if isinstance(node, cst.Assign):
        target = node.targets[0].target
        if isinstance(target, cst.Subscript) and isinstance(target.slice[0].slice, cst.Index):
            return node.value if _is_location(target.slice[0].slice.value) else None
    elif isinstance(node, cst.Tuple) and len(node.elements) == _PAIR:
        return node.elements[1].value if _is_location(node.elements[0].value) else None
    elif isinstance(node, cst.DictElement):
        return node.value if _is_location(node.key) else None
    elif isinstance(node, cst.Call) and len(node.args) == _PAIR and isinstance(node.func, cst.Attribute):
        named = node.func.attr.value in ("add", "set", "setdefault", "__setitem__")
        return node.args[1].value if named and _is_location(node.args[0].value) else None
    return None


def _is_location(node: Any) -> bool:
    return isinstance(node, cst.SimpleString) and node.value.strip("'\"") == "Location"


def check(call: Any, body: Body) -> Marks:
    symbol = body.callee(call)
    if symbol not in _REDIRECT and not _unbound(call, symbol, body):
        return
    node = argument(call, 0, "location", "url", "path")
    if node is None or not open_host(body, node, local=True):
        return
    value = body.flow.value(node)
    if _OWN.search(value.symbol) or "eferer" in body.code(node):
        return
    yield from requested(body, call, deciding(body, node), _MESSAGE)


def _unbound(call: Any, symbol: str, body: Body) -> bool:
    """``request.redirect`` that may leave the own server."""
    if not symbol.endswith(("request.redirect", "request.redirect_query")):
        return False
    series = series_number(body.file.series)
    if 0 < series < 15:
        return True
    local = argument(call, 2 if symbol.endswith(".redirect") else -1, "local")
    return isinstance(local, cst.Name | cst.Integer) and local.value in ("False", "0")


_LAST = frozenset({"redirect", "redirect_query", "redirect_with_hash", "local_redirect"})


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether something redirects to more than a literal, or the header is set by hand."""
    if any(isinstance(node, ast.Constant) and node.value == "Location" for node in unit.nodes):
        return True
    return any(
        not (call.args and isinstance(call.args[0], ast.Constant)) for call in calls_of(unit, file, _LAST)
    )


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=30,
    listeners=(
        OnNode(("Call",), check),
        OnNode(("Assign", "Tuple", "DictElement", "Call"), check_header),
        arriving_request("open-redirect", _MESSAGE),
    ),
    triggers=(b"redirect", b"Location"),
    glance=glance,
    tags=("controller", "data-flow"),
)
