"""HTTP request that may wait for ever.

## What it does
Reports calls of `requests` (also through a `Session`) and of `urllib.request.urlopen` without a timeout or
with `timeout=None`.

## Why is this bad
A server that does not answer keeps the worker until Odoo kills it, with its transaction and its locks. A
handful of such requests stops the instance; in a scheduled action all other jobs wait.

## How to fix
`timeout=30`, or `(connect, read)`. Large downloads get a large timeout, never none.

## Not reported
Arguments passed on as `**kwargs` whose content is not known; `httpx`, which has a timeout of its own;
sessions with an adapter of their own.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._glance import calls, keyword, module_of
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Block, Hit, Hits, OnModule, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.flow.engine import Called
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_REQUESTS = re.compile(
    r"^requests\.(?:api\.|sessions\.)?(?:[sS]ession\(\)\.)?(get|post|put|patch|delete|head|options|request)$"
)
_MESSAGE = "{}() without a timeout may keep the worker waiting for ever"
_URLOPEN = frozenset(
    {"urllib.request.urlopen", "urllib2.urlopen", "urllib.urlopen", "six.moves.urllib.request.urlopen"}
)
_MODULES = frozenset({"requests", "urllib", "urllib2", "six"})
_SET_UP = re.compile(r"\.mount\(|\bpartial\(")
"""A session may have got its timeout from an adapter, or by ``session.request = partial(…)``."""
_SENDS = frozenset("get post put patch delete head options request urlopen".split())


def check(call: Any, body: Body) -> Hits:
    called = body.flow.call(call)
    if called is None:
        return
    name = _request(called, body)
    if not name or _has_timeout(called):
        return
    if _in_session(name, called) and _SET_UP.search(body.file.text.text):
        return
    yield Hit(call, _MESSAGE.format(name))


def check_imported(file: PythonFile) -> Hits:
    """``from requests import post``: the functions that call it hold no word by which to find them."""
    imported = {name: target for name, target in file.names.items() if _REQUESTS.match(target)}
    for node in nodes_of(file.tree) if imported else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in imported:
            words = {word.arg: word.value for word in node.keywords}
            given = words.get("timeout")
            endless = isinstance(given, ast.Constant) and given.value is None
            if None not in words and (given is None or endless):
                yield Hit(file.skeleton.span(node), _MESSAGE.format(imported[node.func.id]))


def _request(called: Called, body: Body) -> str:
    """The name of the function that sends the request, empty for any other call."""
    symbol = called.symbol
    if symbol in _URLOPEN:
        return "urlopen"
    if _REQUESTS.match(symbol):
        return symbol
    owner, _, verb = symbol.rpartition(".")
    if verb in _SENDS and owner.removeprefix("self.").isidentifier() and _is_session(owner, body):
        return f"{owner}.{verb}"
    func = called.node.func
    # getattr(requests, method)(url)
    if isinstance(func, cst.Call) and func.args and body.callee(func) == "getattr":
        if body.flow.symbol(func.args[0].value) == "requests":
            return "requests"
    return ""


def _is_session(owner: str, body: Body) -> bool:
    """Whether a variable of the module, or an attribute that a method sets, is a session of requests."""
    text = body.file.text.text
    if "ession(" not in text or not any(name.startswith("requests") for name in body.file.names.values()):
        return False
    owner = owner if "." in owner else rf"(?:self\.)?{owner}"
    made = r"\s*(?::[^=\n]+)?=\s*(?:requests\.)?[sS]ession\(\)"
    return re.search(rf"^[ \t]*{owner}{made}", text, re.M) is not None


def _in_session(name: str, called: Called) -> bool:
    return "Session" in called.symbol or not name.startswith(("requests", "urlopen"))


def _has_timeout(called: Called) -> bool:
    given = called.kwargs.get("timeout")
    if given is not None:
        return given.symbol != "None"
    if called.symbol in _URLOPEN and len(called.args) > 2:
        return True
    starred = called.kwargs.get("**")
    if starred is None:
        return False
    # only a dict that is written out can be known to lack the key
    keys = starred.items or {}
    return not keys or "timeout" in keys or not all(isinstance(key, str) and key != "**" for key in keys)


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether a request may be sent without a timeout: by a module, or by a session of any name."""
    heads = {id(call.func): call for call in calls(unit)}
    owners = {id(node.value) for node in unit.nodes if isinstance(node, ast.Attribute)}
    sessions = "ession(" in file.text.text and "requests" in file.text.text
    for node in unit.nodes:
        if isinstance(node, ast.Attribute) and node.attr in _SENDS:
            foreign = sessions or module_of(node, file).partition(".")[0] in _MODULES
        elif isinstance(node, ast.Name) and id(node) not in owners:
            foreign = file.names.get(node.id, node.id).partition(".")[0] in _MODULES
        else:
            foreign = False
        if foreign and not _in_time(heads.get(id(node))):
            return True
    return False


def _in_time(call: ast.Call | None) -> bool:
    """Whether a call certainly has a timeout; what is not called here may be called anywhere."""
    given = keyword(call, "timeout") if call is not None else None
    return not (given is None or (isinstance(given, ast.Name | ast.Constant) and not _number(given)))


def _number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is not None


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.PERFORMANCE,
    minutes=15,
    listeners=(OnNode(("Call",), check), OnModule(check_imported)),
    roles=frozenset({"code", "hook", "data"}),
    triggers=(b"requests", b"urlopen", b"ession", b"SESSION"),
    glance=glance,
)
