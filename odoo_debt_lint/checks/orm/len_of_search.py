"""Records loaded only to be counted.

## What it does
Reports `len(records.search(...))`, also of `search_read`, `search_fetch`, `.ids` or a variable that is used
for nothing else.

## Why is this bad
The search reads the ids of all matching records, and often the records; the database can count them itself.

## How to fix
`search_count(domain)`; for a yes or no `search_count(domain, limit=1)` from 16.0, or `search(domain,
limit=1)`.

## Not reported
Searches with a `limit`; variables whose records are used as well; `len` of what is no recordset.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from odoo_debt_lint.python.code import RECORDS, Code
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.rule import Block, Hit, Hits, OnModule, Rule, Severity

_SEARCHES = frozenset({"search", "search_read", "search_fetch"})


def check(file: PythonFile) -> Hits:
    events = file.skeleton.events
    searching = {id(event.root) for name in _SEARCHES for event in events.get(name, ())}
    for event in events.get("len", ()) if searching else ():
        call = event.node
        if id(event.root) not in searching:
            continue
        if isinstance(call.func, ast.Name) and len(call.args) == 1:
            argument = call.args[0]
            direct = _search_in(argument)
            if direct is None and not isinstance(argument, ast.Name):
                continue
            code = file.code(event.root, event.klass)
            found = direct or _only_counted(code, argument)
            if found is not None and _is_search(code, found):
                yield from _hit(code, call)


def _search_in(node: ast.expr) -> ast.Call | None:
    """The search of ``search(…)``, ``search(…).ids`` or ``search(…).sudo()``."""
    if isinstance(node, ast.Attribute) and node.attr in ("ids", "_ids"):
        node = node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _SEARCHES:
        return node
    return None


def _is_search(code: Code, search: ast.Call) -> bool:
    assert isinstance(search.func, ast.Attribute)
    limited = any(word.arg in ("limit", "offset", "count", None) for word in search.keywords)
    return not limited and len(search.args) < 3 and code.kind(search.func.value) == RECORDS


def _only_counted(code: Code, argument: ast.expr) -> ast.Call | None:
    """The search that fills a variable which is only ever counted."""
    if not isinstance(argument, ast.Name):
        return None
    bound = code.bindings.get(argument.id, [])
    if len(bound) != 1 or bound[0][0] != "value" or bound[0][1] is None:
        return None
    uses = [node for node in code.nodes if isinstance(node, ast.Name) and node.id == argument.id]
    if all(_is_len(code.parent(node)) for node in uses if isinstance(node.ctx, ast.Load)):
        return _search_in(bound[0][1])
    return None


def is_counted(code: Code, search: ast.Call) -> bool:
    """Whether this rule says what there is to say of a search: nothing but its length is used."""
    outer: ast.AST = search
    parent = code.parent(outer)
    if isinstance(parent, ast.Attribute) and parent.attr in ("ids", "_ids"):
        outer, parent = parent, code.parent(parent)
    if _is_len(parent):
        return True
    target = parent.targets[0] if isinstance(parent, ast.Assign) and len(parent.targets) == 1 else None
    if not isinstance(target, ast.Name) or _only_counted(code, target) is not search:
        return False
    return any(
        isinstance(node, ast.Name) and node.id == target.id and node is not target for node in code.nodes
    )


def _is_len(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len"


def _hit(code: Code, call: ast.Call) -> Iterator[Hit]:
    yield Hit(
        code.file.skeleton.span(call),
        "records are loaded only to be counted; use search_count()",
        entity=code.entity,
    )


RULE = Rule(
    severity=Severity.LOW,
    block=Block.PERFORMANCE,
    minutes=5,
    listeners=(OnModule(check),),
)
