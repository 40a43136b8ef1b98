"""Which keys a dict has: those that a loop over the request's keeps, and one that the request names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._web import resolved
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.places import local_name
from odoo_debt_lint.python.flow.values import Level
from odoo_debt_lint.python.walk import walk

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body

_ALLOWED, _REFUSED = "allowed", "refused"


def allows(test: Any) -> bool:
    """``k in FIELDS``, ``k.startswith(...)``; ``k not in (...)`` and ``if v`` allow anything else."""
    if isinstance(test, cst.BooleanOperation):
        return allows(test.left) or allows(test.right)
    if isinstance(test, cst.Comparison):
        target = test.comparisons[0]
        return isinstance(target.operator, cst.In | cst.Equal) and not _all_fields(target.comparator)
    return isinstance(test, cst.Call)


def copies_any(block: Iterable[Any], name: str, key: str) -> bool:
    """Whether ``name[key] = …`` is reached with keys that nothing has compared with what is allowed: also
    behind ``if key in SPECIAL: … else:`` and ``if key in REFUSED: continue``."""
    for node in block:
        if isinstance(node, cst.If):
            told = _told(node.test, key)
            if told != _ALLOWED and copies_any(node.body.body, name, key):
                return True
            if told != _REFUSED and node.orelse is not None and copies_any(_orelse(node), name, key):
                return True
            if told == _REFUSED and _leaves(node):
                return False
        elif _sets_key(node, name, key) or copies_any(_blocks(node), name, key):
            return True
    return False


def _told(test: Any, key: str) -> str:
    """What a condition says of the key where it holds; nothing when it asks for something else."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return {_ALLOWED: _REFUSED, _REFUSED: _ALLOWED}.get(_told(test.expression, key), "")
    if isinstance(test, cst.BooleanOperation):
        sides = (_told(test.left, key), _told(test.right, key))
        order = (_REFUSED, _ALLOWED) if isinstance(test.operator, cst.Or) else (_ALLOWED, _REFUSED)
        return next((told for told in order if told in sides), "")
    if not any(isinstance(item, cst.Name) and item.value == key for item in walk(test)):
        return ""
    if isinstance(test, cst.Comparison):
        target = test.comparisons[0]
        if _all_fields(target.comparator):
            return ""
        return _REFUSED if isinstance(target.operator, cst.NotIn | cst.NotEqual) else _ALLOWED
    return _ALLOWED if isinstance(test, cst.Call) else ""


def _all_fields(node: Any) -> bool:
    """``Model._fields``, ``Model.fields_get()``: who may choose any field of a model chooses the fields."""
    node = node.func if isinstance(node, cst.Call) else node
    return isinstance(node, cst.Attribute) and node.attr.value in ("_fields", "fields_get")


def _orelse(node: Any) -> list[Any]:
    return [node.orelse] if isinstance(node.orelse, cst.If) else list(node.orelse.body.body)


def _leaves(node: Any) -> bool:
    """``if key not in ALLOWED: continue``."""
    return any(isinstance(item, cst.Continue | cst.Raise | cst.Return) for item in walk(node.body))


def _blocks(node: Any) -> list[Any]:
    """The statements of a line, and those of ``try``, ``with`` and inner loops."""
    if isinstance(node, cst.SimpleStatementLine):
        return list(node.body)
    if not isinstance(node, cst.Try | cst.With | cst.For | cst.While):
        return []
    inner = [node.body]
    if isinstance(node, cst.Try):
        inner += [handler.body for handler in node.handlers]
    return [item for block in inner for item in block.body]


def _sets_key(node: Any, name: str, key: str) -> bool:
    if not isinstance(node, cst.Assign) or not key:
        return False
    target = node.targets[0].target
    if not isinstance(target, cst.Subscript) or local_name(target.value) != name:
        return False
    index = target.slice[0].slice
    return isinstance(index, cst.Index) and local_name(index.value) == key


def names_field(body: Body, node: Any) -> bool:
    """Whether a dict has a key that the request chooses and nothing has looked at:
    ``{post["field"]: post["value"]}``."""
    made = resolved(body, node) if isinstance(node, cst.Name) else node
    items = made.elements if isinstance(made, cst.Dict) else ()
    keys = [item.key for item in items if isinstance(item, cst.DictElement)]
    return any(not isinstance(key, cst.SimpleString) and _is_sent(body, key) for key in keys)


def _is_sent(body: Body, key: Any) -> bool:
    """Whether a key came with the request; a parameter of what is no handler itself may be its caller's."""
    value, method = body.flow.value(key), body.method
    if method is None or (method.route is None and value.symbol in {item.name for item in method.params}):
        return False
    return value.level is Level.USER
