"""Whether a chain of branches over a selection names all of its values."""

from __future__ import annotations

import ast

from odoo_debt_lint.python.code import Code
from odoo_debt_lint.python.literals import UNKNOWN, literal


def leaves_out(code: Code, chain: list[ast.If]) -> bool:
    """Whether the selection is written in this file and has a value for which no branch asks."""
    left = next((item.test.left for item in chain if isinstance(item.test, ast.Compare)), None)
    if not isinstance(left, ast.Attribute):
        return False
    values, asked = _values(code, left.attr), _asked_for(chain)
    return bool(values) and asked is not None and not values <= asked


def _values(code: Code, name: str) -> set[object]:
    model = code.fact.model if code.fact is not None else ""
    declared = [
        field
        for klass in code.file.facts.classes
        for field in klass.fields
        if klass.model == model and field.name == name
    ]
    if len(declared) != 1 or declared[0].type != "Selection":
        return set()
    pairs = declared[0].kwargs.get("selection")
    if not isinstance(pairs, list):
        return set()
    return {pair[0] for pair in pairs if isinstance(pair, list) and pair and _is_plain(pair[0])}


def _asked_for(chain: list[ast.If]) -> set[object] | None:
    """The values in the branches' tests; None when one is not written there."""
    found: set[object] = set()
    for item in chain:
        value = literal(item.test.comparators[0]) if isinstance(item.test, ast.Compare) else UNKNOWN
        items = value if isinstance(value, list) else [value]
        if not all(_is_plain(inner) for inner in items):
            return None
        found.update(items)
    return found


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int)
