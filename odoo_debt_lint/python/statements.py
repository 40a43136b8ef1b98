"""Statements as ``flow`` runs them: what each does to the environment, and whether its end is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python import texts
from odoo_debt_lint.python.containers import of_ids
from odoo_debt_lint.python.values import UNKNOWN, Value, join
from odoo_debt_lint.python.walk import walk

if TYPE_CHECKING:
    from odoo_debt_lint.python.flow import Flow


def _assign(flow: Flow, node: Any) -> bool:
    value = flow.eval(node.value)
    for target in node.targets:
        flow.assign(target.target, value, node.value)
    return True


def _annotated(flow: Flow, node: Any) -> bool:
    if node.value is not None:
        flow.assign(node.target, flow.eval(node.value), node.value)
    return True


def _augmented(flow: Flow, node: Any) -> bool:
    old, new = flow.eval(node.target), flow.eval(node.value)
    flow.assign(node.target, texts.augmented(flow, node, old, new), node)
    return True


def _return(flow: Flow, node: Any) -> bool:
    if node.value is not None:
        flow.returned.append(flow.eval(node.value))
    return False


def _expression(flow: Flow, node: Any) -> bool:
    flow.eval(node.value)
    return True


def _raise(flow: Flow, node: Any) -> bool:
    if node.exc is not None:
        flow.eval(node.exc)
    return False


def _assert(flow: Flow, node: Any) -> bool:
    flow.eval(node.test)
    flow.env.update(flow.refined(node.test, True))
    return True


def _leave(flow: Flow, node: Any) -> bool:
    if flow.breaks:
        _merge(flow.breaks[-1], flow.env)
    return False


def _if(flow: Flow, node: Any) -> bool:
    flow.eval(node.test)
    before = dict(flow.env)
    flow.env.update(flow.refined(node.test, True))
    falls = flow.block(node.body)
    after = flow.env
    flow.env = before
    flow.env.update(flow.refined(node.test, False))
    other = True
    if node.orelse is not None:
        inner = node.orelse
        other = _if(flow, inner) if isinstance(inner, cst.If) else flow.block(inner.body)
    if falls and other:
        flow.env = _joined(after, flow.env)
    elif falls:
        flow.env = after
    return falls or other


def _for(flow: Flow, node: Any) -> bool:
    iterated = flow.eval(node.iter)
    before = dict(flow.env)
    flow.breaks.append({})
    for _ in range(2):
        flow.assign(node.target, of_ids(node.iter, iterated.element), node.iter)
        flow.block(node.body)
        flow.env = _joined(before, flow.env)
    flow.env = _joined(flow.env, flow.breaks.pop())
    if node.orelse is not None:
        return flow.block(node.orelse.body)
    return True


def _while(flow: Flow, node: Any) -> bool:
    flow.eval(node.test)
    before = dict(flow.env)
    flow.breaks.append({})
    for _ in range(2):
        flow.env.update(flow.refined(node.test, True))
        flow.block(node.body)
        flow.eval(node.test)
        flow.env = _joined(before, flow.env)
    flow.env = _joined(flow.env, flow.breaks.pop())
    return flow.block(node.orelse.body) if node.orelse is not None else True


def _try(flow: Flow, node: Any) -> bool:
    before = dict(flow.env)
    falls = flow.block(node.body)
    if falls and node.orelse is not None:
        falls = flow.block(node.orelse.body)
    ends = [flow.env] if falls else []
    start = _joined(before, flow.env)
    for handler in node.handlers:
        flow.env = dict(start)
        if handler.type is not None:
            flow.eval(handler.type)
        if handler.name is not None and isinstance(handler.name.name, cst.Name):
            flow.env[handler.name.name.value] = UNKNOWN
        if flow.block(handler.body):
            ends.append(flow.env)
    flow.env = _joined(*ends) if ends else dict(start)
    if node.finalbody is not None and not flow.block(node.finalbody.body):
        return False
    return bool(ends)


def _with(flow: Flow, node: Any) -> bool:
    for item in node.items:
        value = flow.eval(item.item)
        if item.asname is not None:
            flow.assign(item.asname.name, value)
    return flow.block(node.body)


def _match(flow: Flow, node: Any) -> bool:
    flow.eval(node.subject)
    before, ends = dict(flow.env), [dict(flow.env)]
    for case in node.cases:
        flow.env = dict(before)
        if flow.block(case.body):
            ends.append(flow.env)
    flow.env = _joined(*ends)
    return True


def _nested(flow: Flow, node: Any) -> bool:
    """A function inside the body: where it does more than be called there, its text is run in place with
    unknown arguments."""
    flow.local[node.name.value] = node
    if not _only_called(flow, node):
        flow.run_nested(node, None)
    return True


def _only_called(flow: Flow, node: Any) -> bool:
    """Whether a function inside the body is called by it, and nothing else is done with it."""
    own = {id(item) for item in walk(node)}
    uses = [item for item in flow.body.uses.get(node.name.value, ()) if id(item) not in own]
    return bool(uses) and all(id(item) in flow.body.heads for item in uses)


def _class(flow: Flow, node: Any) -> bool:
    flow.block(node.body)
    return True


SIMPLE: dict[str, Any] = {
    "Assign": _assign,
    "AnnAssign": _annotated,
    "AugAssign": _augmented,
    "Return": _return,
    "Expr": _expression,
    "Raise": _raise,
    "Assert": _assert,
    "Break": _leave,
    "Continue": _leave,
}
COMPOUND: dict[str, Any] = {
    "If": _if,
    "For": _for,
    "While": _while,
    "Try": _try,
    "TryStar": _try,
    "With": _with,
    "Match": _match,
    "FunctionDef": _nested,
    "ClassDef": _class,
}


def _joined(*envs: dict[str, Value]) -> dict[str, Value]:
    result = dict(envs[0])
    for env in envs[1:]:
        _merge(result, env)
    return result


def _merge(into: dict[str, Value], env: dict[str, Value]) -> None:
    for name, value in env.items():
        known = into.get(name)
        into[name] = value if known is None else join(known, value)
