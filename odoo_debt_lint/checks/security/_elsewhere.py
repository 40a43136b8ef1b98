"""Checks that say nothing of a record, for they look at another one which the same handler has found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._web import resolved
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.calls import SELECTING
from odoo_debt_lint.python.flow.values import Level
from odoo_debt_lint.python.walk import walk

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body

_FINDING = SELECTING | {"_document_check_access"}
_SHOWING = frozenset(
    "render _render_template create write update append message_post make_response make_json_response dumps "
    "redirect info debug warning dict".split()
)
"""Calls that may be given two records which have nothing to do with one another."""


def checks_of_others(call: Any, body: Body, names: set[str]) -> frozenset[int]:
    """The comparisons, conditions and calls that only concern a record which another request value of the
    handler has chosen: ``order.user_id == env.user`` says nothing of an invoice. ``names`` are the variables
    which take the record that ``call`` selects, and those which choose it."""
    if body.method is None or body.method.route is None or not names:
        return frozenset()
    known = _sources(body, names | _mentioned(call, body))
    others = {name: choosers for name, choosers in _others(call, body).items() if name not in known}
    if not others:
        return frozenset()
    nodes = [(node, _mentioned(node, body)) for node in _checks(body)]
    tying = [found for node, found in nodes if found & names and _ties(node, body)]
    apart = {
        name
        for name, choosers in others.items()
        if not any(found & ({name} | choosers - known) for found in tying)
    }
    return frozenset(id(node) for node, found in nodes if found & apart and not found & names)


def _others(call: Any, body: Body) -> dict[str, set[str]]:
    """The variables which take other records that the request has chosen, each with what chooses it. What the
    same variable has chosen belongs together."""
    found: dict[str, set[str]] = {}
    chosen = _given(call)
    for called in body.flow.calls(_FINDING):
        if chosen & _given(called.node):
            continue
        if called.node is not call and any(value.source >= Level.USER for value in called.values):
            choosers = {name for arg in called.node.args for name in _names_in(arg)}
            for name, node in _assigned(body):
                if any(item is called.node for item in walk(node)):
                    found.setdefault(name, set()).update(choosers)
    return found


def _sources(body: Body, names: set[str]) -> set[str]:
    """Variables and those of which they were made, by assignments and loops."""
    made = [(name, _names_in(node)) for name, node in _assigned(body)]
    for loop in (*body.by_kind[cst.For], *body.by_kind[cst.CompFor]):
        made += [(name, _names_in(loop.iter)) for name in _names_in(loop.target)]
    found = set(names)
    while more := {item for name, used in made if name in found for item in used} - found:
        found |= more
    return found


def _given(call: Any) -> set[str]:
    """The variables that a call is given: not what a dict of them is called, nor functions."""
    nodes = [node for arg in call.args for node in walk(arg)]
    others = {id(node.value) for node in nodes if isinstance(node, cst.Attribute | cst.Subscript)}
    others |= {id(node.attr) for node in nodes if isinstance(node, cst.Attribute)}
    others |= {id(node.func) for node in nodes if isinstance(node, cst.Call)}
    others |= {id(node.keyword) for node in nodes if isinstance(node, cst.Arg)}
    return {node.value for node in nodes if isinstance(node, cst.Name) and id(node) not in others}


def _names_in(node: Any) -> set[str]:
    return {item.value for item in walk(node) if isinstance(item, cst.Name)}


def _assigned(body: Body) -> Iterator[tuple[str, Any]]:
    for node in body.by_kind[cst.Assign]:
        for target in node.targets:
            if isinstance(target.target, cst.Name):
                yield target.target.value, node.value


def _checks(body: Body) -> Iterator[Any]:
    for node in body.nodes:
        if isinstance(node, cst.Comparison | cst.Call | cst.If | cst.IfExp | cst.Assert | cst.While):
            yield node


def _mentioned(node: Any, body: Body) -> set[str]:
    """The variables in a check; of one that has its result, those in the check."""
    part = node if isinstance(node, cst.Comparison | cst.Call) else node.test
    found = _names_in(part)
    if isinstance(node, cst.Call):
        found |= {name for name, value in _assigned(body) if value is node}
    elif not isinstance(node, cst.Comparison):
        inner = part.expression if isinstance(part, cst.UnaryOperation) else part
        known = resolved(body, inner) if isinstance(inner, cst.Name) else inner
        found |= _names_in(known)
    return found


def _ties(node: Any, body: Body) -> bool:
    """Whether something that speaks of two records looks whether they belong together."""
    return not isinstance(node, cst.Call) or body.last_name(node) not in _SHOWING
