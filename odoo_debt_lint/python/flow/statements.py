"""Statements as ``flow`` runs them: what each does to the environment, and whether its end is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow import texts
from odoo_debt_lint.python.flow.containers import of_ids
from odoo_debt_lint.python.flow.places import place_name
from odoo_debt_lint.python.flow.values import CLEAN, UNKNOWN, Level, Value, join
from odoo_debt_lint.python.walk import walk

if TYPE_CHECKING:
    from odoo_debt_lint.python.flow.engine import Flow


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
    flow.left.append(flow.env)
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
        flow.breaks[-1] = joined(*filter(None, (flow.breaks[-1], flow.env)))
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
        flow.env = joined(after, flow.env)
    elif falls:
        flow.env = after
    return falls or other


def _for(flow: Flow, node: Any) -> bool:
    iterated = flow.eval(node.iter)
    before = dict(flow.env)
    flow.breaks.append({})
    for _ in range(2):
        flow.assign(node.target, of_ids(node.iter, iterated.iterated), node.iter)
        flow.block(node.body)
        flow.env = joined(before, flow.env)
    return _after_loop(flow, node)


def _while(flow: Flow, node: Any) -> bool:
    flow.eval(node.test)
    before = dict(flow.env)
    flow.breaks.append({})
    for _ in range(2):
        flow.env.update(flow.refined(node.test, True))
        flow.block(node.body)
        flow.eval(node.test)
        flow.env = joined(before, flow.env)
    return _after_loop(flow, node)


def _after_loop(flow: Flow, node: Any) -> bool:
    """The ``else`` of a loop, and the ways that leave it by ``break``."""
    left = flow.breaks.pop()
    falls = flow.block(node.orelse.body) if node.orelse is not None else True
    ends = [env for env in (flow.env if falls else {}, left) if env]
    flow.env = joined(*ends) if ends else flow.env
    return falls or bool(left)


def _try(flow: Flow, node: Any) -> bool:
    before = dict(flow.env)
    falls = flow.block(node.body)
    if falls and node.orelse is not None:
        falls = flow.block(node.orelse.body)
    ends = [flow.env] if falls else []
    start = joined(before, flow.env)
    for handler in node.handlers:
        flow.env = dict(start)
        if handler.type is not None:
            flow.eval(handler.type)
        if handler.name is not None and isinstance(handler.name.name, cst.Name):
            flow.env[handler.name.name.value] = UNKNOWN
        if flow.block(handler.body):
            ends.append(flow.env)
    flow.env = joined(*ends) if ends else dict(start)
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
    subject, name = flow.eval(node.subject), place_name(node.subject)
    before, ends, open_end = dict(flow.env), [], True
    for case in node.cases:
        flow.env = dict(before)
        fixed = _is_fixed(case.pattern)
        if fixed and name:
            flow.env[name] = CLEAN
            flow.dotted = flow.dotted or "." in name
        _captured(flow, case.pattern, CLEAN if fixed else subject)
        if case.guard is not None:
            flow.eval(case.guard)
            flow.env.update(flow.refined(case.guard, True))
        elif isinstance(case.pattern, cst.MatchAs) and case.pattern.pattern is None:
            open_end = False
        if flow.block(case.body):
            ends.append(flow.env)
    ends += [before] if open_end else []
    flow.env = joined(*ends) if ends else before
    return bool(ends)


def _is_fixed(pattern: Any) -> bool:
    """Whether only what the source says can match."""
    if isinstance(pattern, cst.MatchAs):
        return pattern.pattern is not None and _is_fixed(pattern.pattern)
    if isinstance(pattern, cst.MatchOr):
        return all(_is_fixed(item.pattern) for item in pattern.patterns)
    return isinstance(pattern, cst.MatchValue | cst.MatchSingleton)


def _captured(flow: Flow, pattern: Any, subject: Value) -> None:
    """Binds the names of a pattern to what they take of the subject."""
    whole = pattern
    while isinstance(whole, cst.MatchAs):
        if whole.name is not None:
            flow.assign(whole.name, subject)
        whole = whole.pattern
    for item in walk(whole) if whole is not None else ():
        name = item.name if isinstance(item, cst.MatchAs | cst.MatchStar) else getattr(item, "rest", None)
        if isinstance(name, cst.Name):
            flow.assign(name, subject.element)


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


def joined(*envs: dict[str, Value]) -> dict[str, Value]:
    """The environment in which several ways through the code meet."""
    result = dict(envs[0])
    for env in envs[1:]:
        _merge(result, env)
    return result


def _merge(into: dict[str, Value], env: dict[str, Value]) -> None:
    for name in [name for name in into if name not in env and _is_told(name, into[name])]:
        del into[name]
    for name, value in env.items():
        known = into.get(name)
        if known is not None:
            into[name] = join(known, value)
        elif not _is_told(name, value):
            into[name] = value


def _is_told(name: str, value: Value) -> bool:
    """Whether nothing but a test has told of an attribute or a key: on the other way it may hold anything."""
    return "." in name and value.level <= Level.NUMBER and not value.elevated
