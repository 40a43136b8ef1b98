"""Whether an expression is the request's own dict, so that the visitor chooses its keys.

The data flow knows where a value comes from, not whether its keys were chosen here:
``{"name": post["name"]}`` is harmless, ``dict(post)`` is not. This follows the dict itself through the body
and to the callers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from odoo_debt_lint.checks.security._kept_keys import allows, copies_any
from odoo_debt_lint.checks.security._verify import own_helper
from odoo_debt_lint.checks.security._web import assignments
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.callers import callers_of
from odoo_debt_lint.python.flow.places import local_name
from odoo_debt_lint.python.flow.values import Level, Origin
from odoo_debt_lint.python.walk import walk

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body

_WRAPPERS = frozenset(
    (
        "dict copy deepcopy OrderedDict loads decode to_dict items get_json_data get_http_params get_json "
        "Domain"
    ).split()
)
_SEQUENCES = frozenset({"list", "tuple"})
_PAIR, _COMMAND = 2, 3
_NESTED = frozenset({"get", "pop", "setdefault"})
_REQUEST = re.compile(
    r"request\.(params|jsonrequest|get_json_data\(\)|get_http_params\(\)|httprequest\.(form|args|values|json|data"
    r"|get_data\(\)|stream\.read\(\))(\.to_dict\(\))?)$"
)
_MAX_HOPS = 12


class _Trail(NamedTuple):
    """How far an expression was followed; ``found`` collects parameters which callers elsewhere may fill."""

    hops: int = 0
    found: list[Origin] | None = None


_START = _Trail()


def is_payload(body: Body, node: Any, trail: _Trail = _START) -> bool:
    """Whether the visitor chooses the keys of a dict, or of the dicts in a list."""
    value = body.flow.value(node)
    if trail.hops > _MAX_HOPS or (
        value.source < Level.USER and not (trail.found is not None and value.roots)
    ):
        return False
    trail = _Trail(trail.hops + 1, trail.found)
    if isinstance(node, cst.Name):
        return _name(body, node, trail)
    handler = _HANDLERS.get(type(node).__name__)
    return handler(body, node, trail) if handler is not None else False


def handed_on(body: Body, node: Any) -> list[Origin]:
    """The parameters which a dict is, of this function or of those of the file that call it: it is the
    request's where handlers of other files give theirs."""
    found: list[Origin] = []
    is_payload(body, node, _Trail(found=found))
    return sorted(set(found))


def _name(body: Body, node: Any, trail: _Trail) -> bool:
    # in ``post = dict(post)`` the name on the right has its value of before
    found = [
        item for item in assignments(body, node.value, node) if not any(part is node for part in walk(item))
    ]
    if _updated(body, node, found[-1:], trail) or _copied(body, node, found[-1:], trail):
        return True
    if found:
        return is_payload(body, found[-1], trail)
    looped = _looped(body, node)
    return is_payload(body, looped, trail) if looped is not None else _parameter(body, node.value, trail)


def _looped(body: Body, name: Any) -> Any:
    """What the loop or comprehension around a name iterates over, when the name is its variable."""
    return next(
        (
            loop.iter
            for loop in body.nodes
            if isinstance(loop, cst.For | cst.CompFor) and local_name(loop.target) == name.value
        ),
        None,
    )


def _between(body: Body, start: list[Any], end: Any) -> Iterator[Any]:
    """The nodes after the last assignment of a name, up to where it is used."""
    begun = not start
    for node in body.nodes:
        if node is end:
            return
        if begun:
            yield node
        begun = begun or node is start[0]


def _updated(body: Body, name: Any, start: list[Any], trail: _Trail) -> bool:
    """``values.update(post)`` or ``values |= post`` before the name is used."""
    for node in _between(body, start, name):
        if isinstance(node, cst.AugAssign) and isinstance(node.operator, cst.BitOrAssign):
            if local_name(node.target) == name.value and is_payload(body, node.value, trail):
                return True
        if (
            isinstance(node, cst.Call)
            and isinstance(node.func, cst.Attribute)
            and node.func.attr.value == "update"
            and local_name(node.func.value) == name.value
            and any(arg.star == "**" or arg.keyword is None for arg in node.args)
            and any(is_payload(body, arg.value, trail) for arg in node.args if arg.keyword is None)
        ):
            return True
    return False


def _copied(body: Body, name: Any, start: list[Any], trail: _Trail) -> bool:
    """``for key, value in post.items(): values[key] = value`` with no look at the key."""
    for loop in _between(body, start, name):
        if not isinstance(loop, cst.For) or not isinstance(loop.target, cst.Tuple | cst.Name):
            continue
        key = _key_of(loop.target)
        if copies_any(loop.body.body, name.value, key) and _all_keys(body, loop.iter, trail):
            return True
    return False


def _all_keys(body: Body, node: Any, trail: _Trail) -> bool:
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return node.func.attr.value in ("items", "keys") and is_payload(body, node.func.value, trail)
    return is_payload(body, node, trail)


def _parameter(body: Body, name: str, trail: _Trail) -> bool:
    """A parameter: of a handler it is the request's, of a helper what its callers pass."""
    if not isinstance(body.node, cst.FunctionDef):
        return False
    params = body.node.params
    names = [item.name.value for item in (*params.posonly_params, *params.params, *params.kwonly_params)]
    starred = params.star_kwarg.name.value if params.star_kwarg is not None else ""
    if name not in names and name != starred:
        return False
    method = body.method
    if method is not None and (method.route is not None or method.decorated("route")):
        return True
    if trail.found is not None and method is not None:
        trail.found.append(("parameter", body.unit.klass, body.unit.name, name))
    names = [item for item in names if item not in ("self", "cls")]
    return any(_passed(caller, body, name, names, starred, trail) for caller in callers_of(body))


def _passed(caller: Body, body: Body, name: str, names: list[str], starred: str, trail: _Trail) -> bool:
    for called in caller.flow.met.values():
        if called.name != body.unit.name:
            continue
        position = 0
        for arg in called.node.args:
            target = arg.keyword.value if arg.keyword is not None else ""
            if not target and not arg.star:
                target = names[position] if position < len(names) else ""
                position += 1
            if target == name or (arg.star == "**" and name == starred):
                if is_payload(caller, arg.value, trail):
                    return True
    return False


def _call(body: Body, node: Any, trail: _Trail) -> bool:
    if _REQUEST.search(f"{body.callee(node)}()"):
        return True
    if not isinstance(node.func, cst.Attribute):
        name = node.func.value if isinstance(node.func, cst.Name) else ""
        if name == "Domain" and len(node.args) > 1:  # a field, an operator and a value
            return False
        return (name in _WRAPPERS or name in _SEQUENCES) and any(
            arg.keyword is None and is_payload(body, arg.value, trail) for arg in node.args
        )
    name = node.func.attr.value
    helper = own_helper(body, body.callee(node))
    if helper is not None:
        given = [item.value for item in helper.by_kind[cst.Return] if item.value is not None]
        return any(is_payload(helper, item, trail) for item in given)
    if name in _WRAPPERS:
        inner = [node.func.value, *(arg.value for arg in node.args[:1])]
        return any(is_payload(body, item, trail) for item in inner)
    return name in _NESTED and is_payload(body, node.func.value, trail)


def _attribute(body: Body, node: Any, trail: _Trail) -> bool:
    return bool(_REQUEST.search(body.flow.value(node).symbol))


def _subscript(body: Body, node: Any, trail: _Trail) -> bool:
    return is_payload(body, node.value, trail)


def _dict(body: Body, node: Any, trail: _Trail) -> bool:
    return any(
        is_payload(body, element.value, trail)
        if isinstance(element, cst.StarredDictElement)
        else _commands(body, element.value, trail)
        for element in node.elements
    )


def _commands(body: Body, node: Any, trail: _Trail) -> bool:
    """``[(0, 0, line) for line in lines]``, ``[Command.create(line)]``: lines as the request sent them."""
    if isinstance(node, cst.ListComp):
        return _command(body, node.elt, trail)
    return isinstance(node, cst.List) and any(_command(body, item.value, trail) for item in node.elements)


def _command(body: Body, node: Any, trail: _Trail) -> bool:
    if isinstance(node, cst.Tuple | cst.List):
        values = [element.value for element in node.elements]
        new = len(values) == _COMMAND and isinstance(values[0], cst.Integer) and values[0].value in "01"
        return new and is_payload(body, values[2], trail)
    if not isinstance(node, cst.Call) or not node.args:
        return False
    made = body.callee(node).endswith(("Command.create", "Command.update"))
    return made and is_payload(body, node.args[-1].value, trail)


def _list(body: Body, node: Any, trail: _Trail) -> bool:
    return any(is_payload(body, element.value, trail) for element in node.elements)


def _dict_comprehension(body: Body, node: Any, trail: _Trail) -> bool:
    """``{k: v for k, v in post.items()}``; a filter by what is allowed makes it harmless."""
    iterated = node.for_in.iter
    if any(allows(test.test) for test in node.for_in.ifs):
        return False
    if isinstance(iterated, cst.Call) and isinstance(iterated.func, cst.Attribute):
        if iterated.func.attr.value in ("items", "keys"):
            return is_payload(body, iterated.func.value, trail)
    return isinstance(iterated, cst.Name) and is_payload(body, iterated, trail)


def _list_comprehension(body: Body, node: Any, trail: _Trail) -> bool:
    inner = node.elt
    if isinstance(inner, cst.Tuple) and len(inner.elements) == _PAIR:
        # dict((key, post[key]) for key in post)
        filtered = any(allows(test.test) for test in node.for_in.ifs)
        named = local_name(inner.elements[0].value) == _key_of(node.for_in.target)
        return named and not filtered and _all_keys(body, node.for_in.iter, trail)
    target = local_name(node.for_in.target)
    if isinstance(inner, cst.Name) and inner.value == target:
        return is_payload(body, node.for_in.iter, trail)
    return is_payload(body, inner, trail)


def _key_of(target: Any) -> str:
    """The first variable of a loop: the key of ``for key, value in post.items()``."""
    return local_name(target.elements[0].value if isinstance(target, cst.Tuple) else target)


def _either(body: Body, node: Any, trail: _Trail) -> bool:
    sides = (node.body, node.orelse) if isinstance(node, cst.IfExp) else (node.left, node.right)
    return any(is_payload(body, side, trail) for side in sides)


_HANDLERS: dict[str, Any] = {
    "Call": _call,
    "Attribute": _attribute,
    "Subscript": _subscript,
    "Dict": _dict,
    "List": _list,
    "DictComp": _dict_comprehension,
    "ListComp": _list_comprehension,
    "GeneratorExp": _list_comprehension,
    "BinaryOperation": _either,
    "BooleanOperation": _either,
    "IfExp": _either,
}
