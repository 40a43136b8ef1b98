"""Functions inside a body, as ``flow`` runs them: what their parameters get, what they change around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.values import UNKNOWN, Value, join_all
from odoo_debt_lint.python.walk import walk

if TYPE_CHECKING:
    from odoo_debt_lint.python.flow.engine import Flow


def bind(flow: Flow, node: Any, arguments: Sequence[Value] | None, named: Mapping[str, Value] | None) -> None:
    """Puts a value for each parameter into the environment; all are unknown where no call is at hand."""
    params = node.params
    given, words = list(arguments or ()), dict(named or {})
    for parameter in (*params.posonly_params, *params.params):
        flow.env[parameter.name.value] = _given(flow, parameter, given, words, named is not None)
    for parameter in params.kwonly_params:
        flow.env[parameter.name.value] = _given(flow, parameter, [], words, named is not None)
    for parameter, rest in ((params.star_arg, given), (params.star_kwarg, list(words.values()))):
        if isinstance(parameter, cst.Param):
            flow.env[parameter.name.value] = join_all(rest) if arguments or named else UNKNOWN


def _given(flow: Flow, parameter: Any, given: list[Value], words: dict[str, Value], called: bool) -> Value:
    """What a parameter gets, which is taken from what is given."""
    name = parameter.name.value
    if given:
        return given.pop(0)
    if name in words:
        return words.pop(name)
    return flow.eval(parameter.default) if called and parameter.default is not None else UNKNOWN


def changed(node: Any, outer: dict[str, Value], inner: dict[str, Value]) -> None:
    """Takes over what a function has done to the variables around it: ``where.append(x)``, ``nonlocal``."""
    found = [name for name, value in outer.items() if inner.get(name, value) is not value]
    own = _own(node) if found else set()
    for name in found:
        if name.partition(".")[0] not in own:
            outer[name] = inner[name]


def _own(node: Any) -> set[str]:
    """The names that a function sets for itself."""
    params = node.params
    every = [
        *params.posonly_params,
        *params.params,
        *params.kwonly_params,
        params.star_arg,
        params.star_kwarg,
    ]
    own = {item.name.value for item in every if isinstance(item, cst.Param)}
    shared: set[str] = set()
    for item in walk(node.body):
        if isinstance(item, cst.Nonlocal | cst.Global):
            shared.update(part.name.value for part in item.names)
        elif isinstance(item, cst.AssignTarget | cst.AnnAssign | cst.AugAssign | cst.NamedExpr | cst.For):
            own.update(_names(item.target))
        elif isinstance(item, cst.AsName):
            own.update(_names(item.name))
    return own - shared


def _names(target: Any) -> Iterator[str]:
    """The variables among the targets of an assignment."""
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            yield from _names(element.value)
