"""Records created, written or deleted one by one where one call would do.

## What it does
Reports in the body of a loop: `create()` whose result is dropped, collected or returned; `write()` with
values that are the same each time; `unlink()` of the loop's record; both also on what its fields lead to
(`order.line_ids.unlink()`), and on `browse()` of its id. Also as a comprehension or inside `mapped`.

## Why is this bad
Each call checks access, recomputes fields, writes tracking messages and flushes for one record. One call
over all records does it once.

## How to fix
Collect the values and call `create(list_of_values)` after the loop; `records.write(values)` and
`records.unlink()` on the (filtered) recordset.

## Not reported
`write()` with values that depend on the record; `create()` whose record the loop goes on to use; loops that
isolate each record with `try`, a savepoint or a commit; loops over up to three written-out items; `create`
before 12.0, which takes no list; compute methods, which have a rule of their own; tests and migration
scripts. Loops in which each turn has a company, user or context of its own have low confidence.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from odoo_debt_lint.checks.orm import _loops
from odoo_debt_lint.checks.orm._computes import computes
from odoo_debt_lint.checks.orm._turns import row, targets
from odoo_debt_lint.finding import Confidence
from odoo_debt_lint.python.code import RECORDS, UNKNOWN, Code
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Block, Hit, Hits, OnModule, Rule, Severity, series_number

_BATCH_CREATE = 12.0
_FILES = re.compile(r"^[a-z]$|file|path|tmp|temp|folder|dir|link|name", re.I)
_BATCH = re.compile(r"batch|chunk|group|slice|recs$|records$|lines$|moves$|ids$")
"""Names of variables that hold many records, or their ids, in each turn."""
_ENVIRONMENTS = frozenset({"with_company", "with_user", "with_context", "sudo", "with_env"})
_ADVICE = {
    "create": "collect the values and create all records with one call",
    "write": "write all records with one call, the values are the same",
    "unlink": "delete all records with one call",
}


def check(file: PythonFile) -> Hits:
    names = [name for name in _ADVICE if any(event.loop for event in file.skeleton.events.get(name, ()))]
    if 0 < series_number(file.series) < _BATCH_CREATE and "create" in names:
        names.remove("create")
    computing = {id(item.node) for item in computes(file)} if names else set()
    for name in names:
        for event in file.skeleton.events[name]:
            if event.loop and id(event.root) not in computing:
                code = file.code(event.root, event.klass)
                yield from _judge(code, event.node, name)


def _judge(code: Code, call: ast.Call, name: str) -> Iterator[Hit]:
    function = call.func
    if not isinstance(function, ast.Attribute) or code.name.startswith("_compute"):
        return
    loop = next(iter(code.loops(call)), None)
    if loop is None or not _takes_records(code, function.value, call, name):
        return
    if isinstance(loop, ast.While) and not (name == "create" and _loops.counts(loop)):
        return
    if name == "create":
        found = _created(code, call, loop)
    else:
        found = _is_loop_record(code, function.value, loop)
        if found and name == "write":
            found = _same_values(call, loop)
    sure = _loops.confidence(code, call) if found and not _isolated(code, call, loop) else None
    if sure is not None:
        yield Hit(
            code.file.skeleton.span(call),
            f"{name}() once per turn of the loop; {_ADVICE[name]}",
            confidence=min(sure, _confidence(code, call, loop)),
            entity=code.entity,
        )


def _confidence(code: Code, call: ast.Call, loop: ast.AST) -> Confidence:
    """Less sure of what only looks like records, of loops that handle failures on their way or note when
    each record was done, and of records that each turn makes in an environment of its own."""
    assert isinstance(call.func, ast.Attribute)
    receiver, writes = call.func.value, call.func.attr == "write"
    if _is_own_environment(receiver, loop):
        return Confidence.LOW
    if any(isinstance(node, ast.Try) for node in nodes_of(loop)):
        return Confidence.LOW
    steps = sum(isinstance(node, ast.Expr) for node in nodes_of(loop))
    if (
        writes
        and steps > 1
        and any(isinstance(node, ast.Call) and _is_clock(node) for node in nodes_of(call))
    ):
        return Confidence.LOW
    if code.kind(receiver) != RECORDS and not code.in_model:
        return Confidence.LOW
    if isinstance(receiver, ast.Attribute):
        return Confidence.MEDIUM if steps <= 1 else Confidence.LOW
    if code.kind(receiver) != RECORDS:
        return Confidence.MEDIUM
    return Confidence.HIGH if steps <= 1 else Confidence.MEDIUM


def _is_own_environment(receiver: ast.expr, loop: ast.AST) -> bool:
    """``Model.with_company(order.company_id).create(…)``: one call could not do it for all companies."""
    node: ast.AST = receiver
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call) and _loops.dotted_end(node) in _ENVIRONMENTS:
            given = [*node.args, *(word.value for word in node.keywords)]
            names = {item.id for part in given for item in nodes_of(part) if isinstance(item, ast.Name)}
            if names & set(targets(loop)):
                return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return False


def _takes_records(code: Code, receiver: ast.expr, call: ast.Call, name: str) -> bool:
    kind = code.kind(receiver)
    if kind != UNKNOWN:
        return kind == RECORDS
    if name == "unlink":
        if isinstance(receiver, ast.Attribute):
            return code.in_model and code.kind(receiver.value) == RECORDS
        return code.in_model and isinstance(receiver, ast.Name) and not _FILES.search(receiver.id)
    return bool(call.args) and isinstance(call.args[0], ast.Dict)


def _isolated(code: Code, call: ast.Call, loop: ast.AST) -> bool:
    """Whether the loop deals with each record apart, so that one failure does not undo the others."""
    for parent, child in code.above(call):
        if isinstance(parent, ast.Try) and child in parent.body:
            return True
        if isinstance(parent, ast.With):
            return True
        if parent is loop:
            break
    return any(
        isinstance(node, ast.Call) and _loops.dotted_end(node) in ("commit", "savepoint")
        for node in nodes_of(loop)
    )


def _is_loop_record(code: Code, receiver: ast.expr, loop: ast.AST) -> bool:
    """The loop's variable itself or what its fields lead to, possibly through ``sudo()`` and its like."""
    receiver = _owner(receiver)
    while isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Attribute):
        if receiver.func.attr == "browse" and len(receiver.args) == 1:
            return _is_loop_record(code, row(receiver.args[0]), loop)
        if receiver.func.attr not in ("sudo", "with_context", "exists", "with_user"):
            return False
        if any(not isinstance(item, ast.Constant) for item in receiver.args):
            return False
        receiver = _owner(receiver.func.value)
    if isinstance(receiver, ast.Subscript) and code.kind(receiver.value) == RECORDS:
        receiver = receiver.slice  # self[index]
    if not isinstance(receiver, ast.Name) or _BATCH.search(receiver.id):
        return False
    return receiver.id in targets(loop)


def _owner(receiver: ast.expr) -> ast.expr:
    """``order`` of ``order.line_ids``: the lines of all orders take one call too."""
    while isinstance(receiver, ast.Attribute):
        receiver = receiver.value
    return receiver


def _same_values(call: ast.Call, loop: ast.AST) -> bool:
    """Whether nothing in the values changes from turn to turn."""
    if not call.args or not (isinstance(call.args[0], ast.Dict | ast.Name) or _is_dict(call.args[0])):
        return False
    changing = set(targets(loop))
    for node in nodes_of(loop):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            changing.add(node.id)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            changing |= {item.id for item in nodes_of(node.value) if isinstance(item, ast.Name)}
        elif isinstance(node, ast.Call) and _loops.dotted_end(node) in (
            "update",
            "pop",
            "append",
            "setdefault",
        ):
            changing |= {item.id for item in nodes_of(node.func) if isinstance(item, ast.Name)}
    given = call.args[0]
    used = {node.id for node in nodes_of(given) if isinstance(node, ast.Name)}
    calls = any(
        isinstance(node, ast.Call) and _gives_new(node)
        for node in nodes_of(given)
        if not (node is given and _is_dict(given))
    )
    return not used & changing and not calls


def _is_dict(node: ast.expr) -> bool:
    """``dict(name="x")``"""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict"


def _is_clock(call: ast.Call) -> bool:
    return _loops.dotted_end(call) == "now"


def _gives_new(call: ast.Call) -> bool:
    """Sequences, tokens and random numbers differ each time."""
    return _loops.dotted_end(call) not in ("now", "today", "context_today", "_", "ref", "_lt", "get_param")


def _created(code: Code, call: ast.Call, loop: ast.AST) -> bool:
    """Whether the created record is not needed before the next turn."""
    if any(word.arg for word in call.keywords) or not call.args or _is_list(code, call.args[0]):
        return False
    given: ast.AST = call
    parent = code.parent(call)
    while parent is not None and _wraps(parent):
        given, parent = parent, code.parent(parent)
    if isinstance(parent, ast.Expr):
        return True
    if isinstance(parent, ast.AugAssign):
        collected = isinstance(parent.op, ast.BitOr | ast.Add)
        return collected and not _is_read(parent, loop)
    if isinstance(parent, ast.Call) and _loops.dotted_end(parent) == "append":
        return isinstance(code.parent(parent), ast.Expr)
    if isinstance(parent, ast.ListComp | ast.GeneratorExp):
        return parent.elt is given
    if isinstance(parent, ast.Lambda):
        return parent is loop  # map(lambda name: self.create({…}), names)
    if (
        isinstance(parent, ast.Assign)
        and len(parent.targets) == 1
        and isinstance(parent.targets[0], ast.Name)
    ):
        return _only_collected(parent.targets[0].id, parent, loop)
    return False


def _wraps(node: ast.AST) -> bool:
    """``record.id``, ``(4, record.id)`` and ``Command.link(record.id)``: the record under another name."""
    if isinstance(node, ast.Call):
        return _loops.dotted_end(node) == "link"
    return isinstance(node, ast.Tuple) or (isinstance(node, ast.Attribute) and node.attr == "id")


def _is_list(code: Code, values: ast.expr) -> bool:
    if isinstance(values, ast.List):
        return len(values.elts) != 1 or isinstance(values.elts[0], ast.Starred)
    if isinstance(values, ast.ListComp):
        return True
    if not isinstance(values, ast.Name):
        return False
    bound = code.bindings.get(values.id, ())
    lists = [value for how, value in bound if how == "value" and isinstance(value, ast.List | ast.ListComp)]
    return "list" in values.id or bool(lists)


def _is_read(collecting: ast.AugAssign, loop: ast.AST) -> bool:
    """Whether the loop uses what it has collected so far."""
    own = {id(node) for node in nodes_of(collecting)}
    name = collecting.target.id if isinstance(collecting.target, ast.Name) else ""
    return any(
        isinstance(node, ast.Name) and node.id == name and id(node) not in own for node in nodes_of(loop)
    )


def _only_collected(name: str, assignment: ast.Assign, loop: ast.AST) -> bool:
    """``record = create(…); records |= record`` and nothing else."""
    uses = [node for node in nodes_of(loop) if isinstance(node, ast.Name) and node.id == name]
    loads = [node for node in uses if isinstance(node.ctx, ast.Load)]
    if len(uses) - len(loads) != 1 or len(loads) > 1:
        return False
    if not loads:
        return True
    for node in nodes_of(loop):
        if isinstance(node, ast.AugAssign) and node.value is loads[0]:
            return True
        if isinstance(node, ast.Call) and _loops.dotted_end(node) == "append":
            if any(inner is loads[0] for item in node.args for inner in nodes_of(item)):
                return True
    return False


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.PERFORMANCE,
    minutes=30,
    listeners=(OnModule(check),),
    tags=("n-plus-one",),
)
