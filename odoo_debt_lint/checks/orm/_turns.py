"""What differs from turn to turn of a loop: its variables, and what is asked by them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from odoo_debt_lint.python.code import ENV, RECORDS, Code
from odoo_debt_lint.python.literals import dotted
from odoo_debt_lint.python.trees import nodes_of

FOR = (ast.For, ast.AsyncFor)
_STEPS = 3
_GROUPBY = {"read_group": 2, "_read_group": 1, "formatted_read_group": 1}
"""Where the methods that group take ``groupby``."""
_MODEL = re.compile(r"(^|_)model$", re.I)
"""Names of variables for models, when a loop goes over them: ``for model in models: model.search(…)``."""
_SHAPING = frozenset({"strip", "join", "split", "replace", "rstrip", "lstrip", "decode"})


def targets(loop: ast.AST) -> set[str]:
    """Names which the loop binds."""
    if isinstance(loop, FOR):
        roots: list[ast.AST] = [loop.target]
    elif isinstance(loop, ast.Lambda):
        return {argument.arg for argument in loop.args.args}
    else:
        roots = [generator.target for generator in getattr(loop, "generators", ())]
    return {node.id for root in roots for node in nodes_of(root) if isinstance(node, ast.Name)}


def row(given: ast.expr) -> ast.expr:
    """``row`` of ``browse(row["id"])``, where the loop goes over what a query has found."""
    if isinstance(given, ast.Subscript) and isinstance(given.slice, ast.Constant):
        return given.value
    return given


def is_other(code: Code, call: ast.Call, loop: ast.AST) -> bool:
    """Whether each turn asks another model, groups by other fields, or sends a statement of its own: no call
    could stand for all."""
    function = call.func
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr.startswith("execute"):
        query = call.args[0] if len(call.args) == 1 else None
        return isinstance(query, ast.Name) and query.id in _changing(code, loop, _is_cut)
    grouping = _grouping(call, function.attr)
    if grouping is not None and _names(grouping) & _changing(code, loop):
        return True
    models = list(_models(code, function.value))
    if not models or not _names(models[0]) & _changing(code, loop):
        return False
    return not (_asks_for_each(call, targets(loop)) and _goes_over_records(code, loop))


def goes_on(call: ast.Call, loop: ast.AST) -> bool:
    """Whether a turn asks by what the one before has found, level by level of a path: ``parent =
    search([("name", "=", name), ("parent_id", "=", parent.id)])``."""
    if not isinstance(loop, FOR):
        return False
    bound = [
        (name, node.value)
        for node in nodes_of(loop)
        if isinstance(node, ast.Assign)
        for place in node.targets
        for name in _stored(place)
    ]
    found = {name for name, value in bound if any(node is call for node in nodes_of(value))}
    for _ in range(_STEPS):
        found |= {name for name, value in bound if _names(value) & found}
    before = {name for name, value in bound if (value.end_lineno or value.lineno) < call.lineno}
    asked = {name for part in (*call.args, *call.keywords) for name in _names(part)}
    return bool((asked & found) - before - targets(loop))


def names_other(code: Code, call: ast.Call, helper: ast.FunctionDef, loop: ast.AST) -> bool:
    """Whether each turn gives the helper the name of another model, which it then asks, or a statement of its
    own, which it sends."""
    parameters = [argument.arg for argument in helper.args.args]
    parameters = parameters[1:] if isinstance(call.func, ast.Attribute) else parameters
    given = dict(zip(parameters, call.args, strict=False))
    given.update({word.arg: word.value for word in call.keywords if word.arg})
    models = [given[name] for name in _asked(helper) & given.keys()]
    if models and any(_names(model) & _changing(code, loop) for model in models):
        return True
    texts = {given[name] for name in _sent(helper) & given.keys()}
    return bool(texts) and any(
        isinstance(text, ast.Name) and text.id in _changing(code, loop, _is_cut) for text in texts
    )


def _asked(helper: ast.FunctionDef) -> set[str]:
    """``name`` of ``self.env[name]``."""
    return {
        node.slice.id
        for node in nodes_of(helper)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name)
        if dotted(node.value).rpartition(".")[2] == "env"
    }


def _sent(helper: ast.FunctionDef) -> set[str]:
    """``statement`` of ``cr.execute(statement)``."""
    return {
        node.args[0].id
        for node in nodes_of(helper)
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Name)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "execute"
    }


def _grouping(call: ast.Call, name: str) -> ast.expr | None:
    """By what a call groups."""
    place = _GROUPBY.get(name)
    if place is None:
        return None
    named = (word.value for word in call.keywords if word.arg == "groupby")
    return next(named, call.args[place] if len(call.args) > place else None)


def _asks_for_each(call: ast.Call, names: set[str]) -> bool:
    """``("res_id", "=", record.id)``: the records of one model could be asked for together."""
    domain = call.args[0] if call.args else None
    terms = domain.elts if isinstance(domain, ast.List) else ()
    return any(isinstance(term, ast.Tuple) and bool(_names(term.elts[-1]) & names) for term in terms)


def _goes_over_records(code: Code, loop: ast.AST) -> bool:
    return any(code.kind(ast.Name(name, ast.Load())) == RECORDS for name in targets(loop))


def _stored(place: ast.expr) -> set[str]:
    return {
        inner.id
        for inner in nodes_of(place)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    }


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in nodes_of(node) if isinstance(inner, ast.Name)}


def _models(code: Code, receiver: ast.expr, depth: int = 0) -> Iterator[ast.expr]:
    """``name`` of ``self.env[name].sudo()``, also through a variable, unless it is written out."""
    while isinstance(receiver, ast.Call | ast.Attribute):
        receiver = receiver.func if isinstance(receiver, ast.Call) else receiver.value
    if isinstance(receiver, ast.Subscript):
        written = isinstance(receiver.slice, ast.Constant) or dotted(receiver.slice).endswith("._name")
        if code.kind(receiver.value) == ENV and not written:
            yield receiver.slice
    elif isinstance(receiver, ast.Name) and depth < _STEPS:
        bound = code.bindings.get(receiver.id, [])
        if any(how == "element" for how, _ in bound) and _MODEL.search(receiver.id):
            yield receiver
        elif len(bound) == 1 and bound[0][0] == "value" and bound[0][1] is not None:
            yield from _models(code, bound[0][1], depth + 1)


def _changing(code: Code, loop: ast.AST, follows: Callable[[ast.expr], bool] | None = None) -> set[str]:
    """The loop's variables, and names that get their values from them."""
    names = targets(loop)
    for _ in range(_STEPS):
        names |= {
            name
            for name, bound in code.bindings.items()
            if any(
                value is not None
                and (how == "element" or follows is None or follows(value))
                and bool(_names(value) & names)
                for how, value in bound
            )
        }
    return names


def _is_cut(value: ast.expr) -> bool:
    """``text.strip()``, ``" ".join(text.split())``: the same text, put into shape."""
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        if value.func.attr not in _SHAPING:
            return False
        value = value.args[0] if value.func.attr == "join" and value.args else value.func.value
    return isinstance(value, ast.Name)
