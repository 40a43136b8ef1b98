"""Whether a call may be given something of a request, as far as a look at the ``ast`` of its body tells.

It may say yes for nothing, but never no where following the values would find that a request decides.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from odoo_debt_lint.checks.security._glance import called_name, is_foreign, module_of, uses_module
from odoo_debt_lint.python.trees import captured

if TYPE_CHECKING:
    from odoo_debt_lint.facts import MethodFact
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit


def may_be_given(unit: Unit, file: PythonFile, called: Iterable[ast.Call]) -> bool:
    """Whether a call can be given a request value: in a file with routes, from the request itself, from what
    a function of the set returns, or from the parameters of one which other files may call."""
    called = list(called)
    if not called:
        return False
    if "route(" in file.text.text or uses_module(unit, file, _HTTP):
        return True
    method = file.methods.get((unit.klass, unit.name)) if unit.method else None
    if method is None:
        return False
    given = [names for call in called if (names := _given(call, file)) is not None]
    if len(given) < len(called):
        return True
    reached = _reached(unit, _parameters(unit, method), file)
    return any(not names.isdisjoint(reached) for names in given)


_HTTP = ("odoo.http", "openerp.http")


def _given(call: ast.Call, file: PythonFile) -> set[str] | None:
    """The variables of which a call gets something, its receiver's among them; None where nobody knows."""
    if call is ELSEWHERE:
        return None
    receiver = [call.func.value] if isinstance(call.func, ast.Attribute) else []
    parts = (*receiver, *call.args, *(word.value for word in call.keywords))
    nodes = [node for part in parts for node in ast.walk(part)]
    if any(_is_of_set(node, file) for node in nodes):
        return None
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def _is_of_set(node: ast.AST, file: PythonFile) -> bool:
    """Whether a node calls what another file of the set may have defined."""
    if not isinstance(node, ast.Call) or called_name(node, file) in _PYTHON or not is_foreign(node):
        return False
    root = module_of(node, file)
    return root.startswith(_ADDONS) or root not in file.names.values()


_TYPES = (builtins, str, bytes, dict, list, set, Path, date)
_PYTHON = frozenset(name for kind in _TYPES for name in dir(kind))
"""Functions and methods of Python's own."""
_ADDONS = (".", "odoo.addons.", "openerp.addons.")


def _parameters(unit: Unit, method: MethodFact) -> set[str]:
    """The names by which something comes into a function, or into one that is made within it."""
    names = {item.name for item in method.params} - {"self", "cls"}
    return names | {node.arg for node in unit.nodes if isinstance(node, ast.arg)} - {"self", "cls"}


def _reached(unit: Unit, names: set[str], file: PythonFile) -> set[str]:
    """The names into which something of ``names``, or of what other files return, may get by assignments, or
    by being put into a list or dict that has the name, whatever their order."""
    binders = [
        node
        for node in unit.nodes
        if isinstance(node, _BINDERS) or (isinstance(node, ast.Call) and _fills(node))
    ]
    bound = [(_stored(node), _loaded(node)) for node in binders]
    for node in binders:
        if any(_is_of_set(item, file) for item in _heads(node)):
            names |= _stored(node)
    while True:
        more = {name for stored, loaded in bound if not loaded.isdisjoint(names) for name in stored} - names
        if not more:
            return names
        names |= more


def _fills(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in _FILLERS


_FILLERS = frozenset("append appendleft add extend update insert setdefault".split())
_BINDERS = (
    ast.Assign,
    ast.AugAssign,
    ast.AnnAssign,
    ast.NamedExpr,
    ast.For,
    ast.AsyncFor,
    ast.comprehension,
    ast.withitem,
    ast.FunctionDef,
    ast.Match,
)


def _stored(node: ast.AST) -> set[str]:
    if isinstance(node, ast.FunctionDef):
        return {node.name}
    if isinstance(node, ast.Call):
        return _owners(node.func)
    if isinstance(node, ast.Match):
        return captured(node)
    found: set[str] = set()
    for item in _heads(node):
        if isinstance(item, ast.Name | ast.Attribute | ast.Subscript) and isinstance(item.ctx, ast.Store):
            found |= _owners(item)
    return found


def _owners(node: ast.expr) -> set[str]:
    """The variable at the beginning of ``values["a"].b``."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _loaded(node: ast.AST) -> set[str]:
    parts = ast.walk(node) if isinstance(node, ast.FunctionDef) else _heads(node)
    return {item.id for item in parts if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)}


_HEADS = (
    "targets",
    "target",
    "value",
    "iter",
    "context_expr",
    "optional_vars",
    "args",
    "keywords",
    "subject",
)


def _heads(node: ast.AST) -> Iterator[ast.AST]:
    """What a binding consists of, without the body of a loop."""
    for name in _HEADS:
        part = getattr(node, name, None)
        for item in part if isinstance(part, list) else (part,):
            if item is not None:
                yield from ast.walk(item)


def handed(unit: Unit) -> Iterator[ast.Name | ast.Attribute]:
    """What is not called where it stands, and may be a function that is called under another name."""
    heads = {id(node.func) for node in unit.nodes if isinstance(node, ast.Call)}
    for node in unit.nodes:
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            if id(node) not in heads:
                yield node


ELSEWHERE = ast.Call(ast.Name("", ast.Load()), [], [])
"""Stands for the call of a function that is called under another name, with nobody knows what."""
