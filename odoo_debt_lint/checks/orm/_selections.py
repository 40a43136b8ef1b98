"""Whether a chain of branches over a selection names all of its values."""

from __future__ import annotations

import ast

from odoo_debt_lint.checks.orm._statements import subject
from odoo_debt_lint.facts import FieldFact
from odoo_debt_lint.python.code import Code
from odoo_debt_lint.python.literals import UNKNOWN, literal


def is_chain(code: Code, node: ast.If) -> list[ast.If]:
    """The if-elif chain over values of one expression which ends here without an else, if it may name all."""
    above = code.parent(node)
    chain: list[ast.If] = [node]
    while isinstance(above, ast.If) and above.orelse == [chain[0]]:
        chain.insert(0, above)
        above = code.parent(above)
    subjects = [name for name in (subject(item.test) for item in chain) if name]
    return [] if len(subjects) < 2 or len(set(subjects)) != 1 or _leaves_out(code, chain) else chain


def has_values(code: Code, node: ast.expr) -> bool:
    """Whether an expression may have a few values only; a text or a number of this file has any."""
    if not isinstance(node, ast.Attribute):
        return True
    return all(field.type in ("Selection", "Boolean") for field in _declared(code, node.attr))


def _leaves_out(code: Code, chain: list[ast.If]) -> bool:
    """Whether there is a value for which no branch asks, by what this file declares."""
    left = next((item.test.left for item in chain if isinstance(item.test, ast.Compare)), None)
    if not isinstance(left, ast.Attribute):
        return False
    if not has_values(code, left):
        return True
    values, asked = _values(code, left.attr), _asked_for(chain)
    return bool(values) and asked is not None and not values <= asked


def _declared(code: Code, name: str) -> list[FieldFact]:
    model = code.fact.model if code.fact is not None else ""
    return [
        field
        for klass in code.file.facts.classes
        for field in klass.fields
        if klass.model == model and field.name == name
    ]


def _values(code: Code, name: str) -> set[object]:
    declared = _declared(code, name)
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
