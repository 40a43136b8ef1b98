"""Query sent once per record.

## What it does
Reports `search`, `search_count`, `search_read`, `read`, `read_group` and `cr.execute` in the body of a
loop, in a comprehension, in a function given to `filtered`, `mapped` or `sorted`, and the call of a method
of the same model, of a private method of another one, or of a function, which the addon has and which asks
the database, in such a place.

## Why is this bad
Ten records cost ten round trips and nobody notices; ten thousand stop the worker.

## How to fix
Ask once before the loop: one `search` with `in` over all values, or one `read_group`, put into a dictionary
by key, and look up there.

## Not reported
`browse()`; `search` and `read` of what is no recordset; what a loop goes over, which is evaluated once;
loops over up to three written-out items; batches in a `while` loop with `limit`; results kept in a
dictionary; loops that end after the query; loops over models, and over the statements of a script; loops
along a path, whose turns ask by what the one before has found; tests and migration scripts. Loops over
companies, languages and websites, of a wizard over itself, searches along a list of fallbacks, and with a
domain that each record holds as text, have low confidence; checks of constraints and hooks are low in
severity.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from odoo_debt_lint.checks.orm import _loops
from odoo_debt_lint.checks.orm._afar import calls_of, helpers_of, joined
from odoo_debt_lint.checks.orm._queries import NAMES, Helpers, is_lookup, is_own, is_query
from odoo_debt_lint.checks.orm._turns import names_other
from odoo_debt_lint.finding import Confidence
from odoo_debt_lint.index import Scope
from odoo_debt_lint.python.code import Code
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.python.units import Unit
from odoo_debt_lint.rule import Block, Hit, Hits, Marks, OnAddon, OnModule, Rule, Severity


def check(file: PythonFile) -> Marks:
    """Queries themselves, then calls of helpers which query."""
    events = file.skeleton.events
    yield from calls_of(file)
    if not any(name in events for name in NAMES):
        return
    for name in NAMES:
        for event in events.get(name, ()):
            if event.loop:
                code = file.code(event.root, event.klass)
                if is_query(code, event.node):
                    yield from _hits(code, event.node, f"{name}() is sent once per turn of the loop", False)
    helpers = Helpers(file)
    yield from _through_helpers(file, helpers)
    yield from _through_inner(file)
    yield from helpers_of(file, helpers)


def _through_helpers(file: PythonFile, helpers: Helpers) -> Iterator[Hit]:
    names = {name for klass, name in file.skeleton.defs if klass}
    yield from _through_functions(file, helpers)
    yield from _through_names(file, helpers, names)
    for event in file.skeleton.looped:
        if not event.klass or event.node.func.attr not in names:  # type: ignore[attr-defined]
            continue
        code = file.code(event.root, event.klass)
        found = helpers.query_of(code, event.node)
        if found is not None and found[1] is not event.root:
            query, helper = found
            text = f"{helper.name}() sends {query}() once per turn of the loop"
            if not any(names_other(code, event.node, helper, loop) for loop in code.loops(event.node)):
                yield from _hits(code, event.node, text, not is_lookup(helper))


def _through_functions(file: PythonFile, helpers: Helpers) -> Iterator[Hit]:
    """Functions of the module, which are given the environment or records."""
    asking = helpers.functions()
    for unit in file.skeleton.units if asking else ():
        for call in unit.calls:
            if not isinstance(call.func, ast.Name) or call.func.id not in asking:
                continue
            code = file.code(unit.node, unit.klass)  # type: ignore[arg-type]
            query, helper = asking[call.func.id]
            loops = list(code.loops(call)) if helper is not unit.node else []
            if loops and not any(names_other(code, call, helper, loop) for loop in loops):
                text = f"{helper.name}() sends {query}() once per turn of the loop"
                yield from _hits(code, call, text, not is_lookup(helper))


def _through_inner(file: PythonFile) -> Iterator[Hit]:
    """Functions inside a method, which its loops call."""
    for unit, inner in _inner(file):
        code = file.code(unit.node, unit.klass)  # type: ignore[arg-type]
        calls = [node for node in nodes_of(inner) if isinstance(node, ast.Call)]
        asked = [node for node in calls if is_query(code, node) and is_own(code, node, inner)]
        for call in unit.calls if asked else ():
            if isinstance(call.func, ast.Name) and call.func.id == inner.name:
                text = f"{inner.name}() sends {_loops.dotted_end(asked[0])}() once per turn of the loop"
                if not any(names_other(code, call, inner, loop) for loop in code.loops(call)):
                    yield from _hits(code, call, text, not is_lookup(inner))


def _inner(file: PythonFile) -> Iterator[tuple[Unit, ast.FunctionDef]]:
    """The functions that stand in another one, and that one."""
    known = {id(unit.node) for unit in file.skeleton.units}
    for node in file.skeleton.statements:
        if isinstance(node, ast.FunctionDef) and id(node) not in known:
            for unit in file.skeleton.units:
                if unit.first <= node.lineno <= unit.last and isinstance(unit.node, ast.FunctionDef):
                    yield unit, node


def _through_names(file: PythonFile, helpers: Helpers, names: set[str]) -> Iterator[Hit]:
    """``lines.mapped(self._price)``, ``map(self._price, lines)``: a method is given, and called for each."""
    for unit in file.skeleton.units if names else ():
        for call in unit.calls:
            given = _loops.given(call)
            if given is None or given.attr not in names:
                continue
            code = file.code(unit.node, unit.klass)  # type: ignore[arg-type]
            found = helpers.query_of(code, ast.Call(given, [], []))
            if found is not None and is_lookup(found[1]):
                text = f"{found[1].name}() sends {found[0]}() once per record"
                yield Hit(
                    file.skeleton.span(call),
                    f"{text}; ask once for all records",
                    severity=_severity(code),
                    confidence=_loops.over(call),
                    entity=code.entity,
                )


_EVALUATING = frozenset({"literal_eval", "safe_eval", "eval", "_eval_domain"})


def _hits(code: Code, call: ast.Call, text: str, unsure: bool) -> Iterator[Hit]:
    sure = _loops.confidence(code, call)
    if sure is None:
        return
    yield Hit(
        code.file.skeleton.span(call),
        f"{text}; ask once for all records",
        severity=_severity(code),
        confidence=Confidence.LOW if unsure or _is_evaluated(code, call) else sure,
        entity=code.entity,
    )


def _is_evaluated(code: Code, call: ast.Call) -> bool:
    """Whether the domain is text which somebody wrote for this one record."""
    given: ast.expr | None = call.args[0] if call.args else None
    if isinstance(given, ast.Name):
        bound = code.bindings.get(given.id, [])
        given = bound[0][1] if bound else given
    return given is not None and any(
        isinstance(node, ast.Call) and _loops.dotted_end(node) in _EVALUATING for node in nodes_of(given)
    )


def _severity(code: Code) -> Severity:
    """A constraint is checked for the few records that were just written, a hook runs once."""
    decorators = getattr(code.root, "decorator_list", ())
    constraint = any("constrains" in ast.unparse(item) for item in decorators)
    return Severity.LOW if constraint or code.file.role == "hook" else Severity.MEDIUM


def judge(scope: Scope) -> Hits:
    """Helpers of other files."""
    yield from joined(scope, "query-in-loop")


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.PERFORMANCE,
    minutes=45,
    listeners=(OnModule(check), OnAddon(judge, bodies="closure", data="closure")),
    confidence=Confidence.MEDIUM,
    tags=("n-plus-one",),
)
