"""What the names of a function stand for, for literal ids that are passed on by a name."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cached_property

from odoo_debt_lint.python.literals import dotted


class Bound:
    """What the names of a function stand for, worked out only where one is passed on."""

    def __init__(
        self, nodes: list[ast.AST], constants: Mapping[str, int], queries: Mapping[str, str]
    ) -> None:
        self.nodes, self.constants, self.queries = nodes, constants, queries

    @cached_property
    def texts(self) -> dict[str, list[str]]:
        named = {name: [text] for name, text in self.queries.items()}
        return {**named, **_assigned_texts(self.nodes)}

    def number(self, node: ast.expr) -> int:
        """The first number of a literal, or of what a name stands for; 0 for anything else."""
        if isinstance(node, ast.Name | ast.Attribute):
            return self.numbers.get(dotted(node), 0)
        return first_number(node)

    @cached_property
    def counted(self) -> set[str]:
        """Names that are no ids of ours: they count (in loops over ``range`` and ``enumerate``, or added to),
        or hold what another system sent."""
        return {name for node in self.nodes for name in _counted(node)}

    @cached_property
    def numbers(self) -> dict[str, int]:
        return {**self.constants, **_assigned_numbers(self.nodes)}


def _counted(node: ast.AST) -> list[str]:
    if isinstance(node, ast.AugAssign):
        return [dotted(node.target)]
    if isinstance(node, ast.Assign) and _is_sent(node.value):
        return [dotted(target) for target in node.targets]
    if not isinstance(node, ast.For | ast.comprehension) or not isinstance(node.iter, ast.Call):
        return []
    target = node.target
    first = target.elts[0] if isinstance(target, ast.Tuple) else target
    return [dotted(first)] if dotted(node.iter.func) in ("range", "enumerate") else []


def _is_sent(node: ast.expr) -> bool:
    """Whether it is ``answer["id"]``."""
    key = node.slice if isinstance(node, ast.Subscript) else None
    return isinstance(key, ast.Constant) and key.value == "id"


def number_of(node: ast.expr) -> int:
    """The value of a positive integer literal, or of one of two; 0 for anything else."""
    if isinstance(node, ast.IfExp):
        return number_of(node.body) or number_of(node.orelse)
    if isinstance(node, ast.Constant) and type(node.value) is int and node.value > 0:
        return node.value
    return 0


def spare_number(node: ast.expr) -> int:
    """The number which is taken where nothing else is there: ``team.id or 4``, ``vals.get("team_id", 4)``."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        return number_of(node.values[-1])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        return number_of(node.args[1]) if len(node.args) == 2 else 0
    return 0


def first_number(node: ast.expr) -> int:
    """The first positive integer of a literal or of a list."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return next((number for item in node.elts if (number := number_of(item))), 0)
    return number_of(node)


def _assigned_numbers(nodes: list[ast.AST]) -> dict[str, int]:
    """What a function binds itself: numbers, and the first ones of lists; 0 for a name that is none, or not
    always the same."""
    named: dict[str, int] = {}
    for node in nodes:
        if isinstance(node, ast.arg):
            named[node.arg] = 0
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            named[node.id] = 0 if node.id in named else -1
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            if named.get(node.targets[0].id) == -1:
                named[node.targets[0].id] = first_number(node.value)
    return {name: max(number, 0) for name, number in named.items()}


def _assigned_texts(nodes: list[ast.AST]) -> dict[str, list[str]]:
    """Text that is put into variables, by their name."""
    texts: dict[str, list[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            text = text_of(node.value)
            if text:
                texts.setdefault(node.targets[0].id, []).append(text)
    return texts


def text_of(node: ast.expr) -> str:
    """The literal parts of a text, holes as blanks."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return " ".join(text_of(item) for item in node.values if isinstance(item, ast.Constant))
    if isinstance(node, ast.BinOp):
        return text_of(node.left) + " " + text_of(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return text_of(node.func.value)
    if isinstance(node, ast.Call) and node.args:
        return text_of(node.args[0])
    return ""
