"""What ``attrs``, ``states`` and the modifiers beside them meant up to 16.0, as expressions of 17.0.

The server made modifiers of them: ``attrs`` first, then ``states`` joined to ``invisible`` by *and*, then
the attributes ``invisible``, ``readonly`` and ``required``, which win when they are true. In a list,
``invisible`` hid the column and ``attrs`` the cell.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import replace

from odoo_debt_lint.migration.domains import Types, domain, literal, no_types
from odoo_debt_lint.migration.expressions import (
    FALSE,
    TRUE,
    Binding,
    Expression,
    Refusal,
    all_of,
    any_of,
    comparison,
)

NAMES = ("invisible", "column_invisible", "readonly", "required")
_XMLID = re.compile(r"%\(([\w.-]+)\)[ds]")
_CONSTANTS = {"1": TRUE, "true": TRUE, "0": FALSE, "false": FALSE}


def parsed(text: str) -> tuple[ast.expr, dict[str, str]]:
    """The syntax tree of a Python literal of a view, and what stands for the XML ids in it."""
    places: dict[str, str] = {}

    def hide(match: re.Match[str]) -> str:
        place = f"XMLID_{len(places)}_"
        places[place] = match[0]
        return place

    return _tree(_XMLID.sub(hide, text)), places


def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Refusal("the text is no Python literal") from None


def restored(expression: Expression, places: Mapping[str, str]) -> Expression:
    """The expression with the XML ids back in their places."""

    def shown(text: str) -> str:
        return re.sub(r"XMLID_\d+_", lambda match: places.get(match[0], match[0]), text)

    parts = tuple(map(shown, expression.parts))
    return replace(expression, text=shown(expression.text), parts=parts, operands=None, negated=None)


def attrs_expressions(text: str, types: Types = no_types) -> dict[str, Expression]:
    """The modifiers of ``attrs``, in order. Raises Refusal."""
    tree, places = parsed(text)
    if not isinstance(tree, ast.Dict):
        raise Refusal("attrs is no dictionary")
    found: dict[str, Expression] = {}
    for key, value in zip(tree.keys, tree.values, strict=True):
        name = key.value if isinstance(key, ast.Constant) else None
        if name not in NAMES:
            raise Refusal(f"{name!r} is no modifier")
        found[str(name)] = restored(_modifier(value, types), places)
    return found


def _modifier(node: ast.expr, types: Types) -> Expression:
    """A domain, the text of one in which the client knew names, or a constant; an empty domain was dropped
    by the server."""
    if isinstance(node, ast.List | ast.Tuple):
        return domain(node, types) if node.elts else FALSE
    value = literal(node)
    if isinstance(value, bool | int) or value is None:
        return TRUE if value else FALSE
    if isinstance(value, str) and value.strip().startswith("["):
        return domain(_tree(value), types, names=True)
    raise Refusal(f"{ast.unparse(node)} is neither a domain nor a constant")


def states_expression(text: str) -> Expression:
    """Outside of these states a node was invisible. The server did not take blanks off the names."""
    names = [name.strip() for name in text.split(",")]
    if not all(re.fullmatch(r"[\w -]+", name) for name in names):
        raise Refusal("the states are no plain names")
    result = comparison("state", "not in", f"({', '.join(map(repr, names))})")
    if len(names) == 1:
        result = comparison("state", "!=", repr(names[0]))
    blanks = [name for name in text.split(",") if name != name.strip()]
    return result.doubted(*(f"{name!r} never matched for its blanks" for name in blanks))


def given_expression(text: str) -> Expression:
    """A modifier as it stands in an attribute."""
    text = text.strip()
    constant = _CONSTANTS.get(text.lower())
    if constant is not None:
        return constant
    node, _ = parsed(text)
    if isinstance(node, ast.IfExp | ast.Lambda):
        return Expression(f"({text})")
    return Expression(text, _binding(node))


def _binding(node: ast.expr) -> Binding:
    if isinstance(node, ast.BoolOp):
        return Binding.OR if isinstance(node.op, ast.Or) else Binding.AND
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return Binding.NOT
    return Binding.COMPARISON if isinstance(node, ast.Compare) else Binding.ATOM


def merged(attributes: Mapping[str, str], in_list: bool, types: Types = no_types) -> dict[str, Expression]:
    """All modifiers of a node with these attributes. Raises Refusal."""
    found = attrs_expressions(attributes["attrs"], types) if attributes.get("attrs", "").strip() else {}
    if attributes.get("states"):
        outside = states_expression(attributes["states"])
        shown = found.get("invisible")
        dynamic = shown is not None and shown.constant is None
        found["invisible"] = all_of((shown, outside)) if shown is not None and dynamic else outside
    for name in ("invisible", "readonly", "required"):
        if attributes.get(name, "").strip():
            target = "column_invisible" if in_list and name == "invisible" else name
            given = given_expression(attributes[name])
            before = found.get(target)
            if before is None or before.constant is not None:
                found[target] = given
            else:
                found[target] = any_of((given, before))
    return found
