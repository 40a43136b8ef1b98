"""Method that is too hard to follow.

## What it does
Computes the cognitive complexity of every method and function as SonarSource defines it (branches and loops
weigh more the deeper they are nested) and reports what is above `max-complexity` (default 15, from 4 on).
Above twice the limit the severity is medium. The cost grows with the complexity.

## Why is this bad
Nobody can say what such a method does in all cases, so nobody dares to change it, and at a migration it has
to be understood line by line.

## How to fix
Return early, take the parts that have a name of their own into methods, replace chains of conditions by a
table. Other addons can then override the parts.

## Not reported
Tests and migration scripts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.python.complexity import Function, Operators, complexity
from odoo_debt_lint.rule import Block, Hit, Hits, Mark, Marks, OnAddon, OnModule, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

FLOOR = 4
"""What is not above it is never noted: the lowest limit that can be set."""
_SHORT = 3
_FEW = 2
"""So many branches are needed to get above the floor, however they are nested, operators included."""
_MOST_MINUTES = 240


def note(file: PythonFile) -> Marks:
    kinds = file.skeleton.kinds
    operators: Operators | None = None
    for owner, node in _functions(file.tree):
        if (node.end_lineno or 0) - node.lineno < _SHORT:
            continue
        if file.skeleton.branches.get(id(node), FLOOR) < _FEW:
            continue
        operators = operators or Operators(kinds[ast.BoolOp], kinds[ast.IfExp])
        number = complexity(node, operators)
        if number > FLOOR:
            yield Mark(file.text.line_span(node.lineno), {"complexity": number}, entity=f"{owner}{node.name}")


def _functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """Functions and methods with the name of their class; what is nested in them belongs to them."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield "", node
        elif isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{node.name}.", item


def check(scope: Scope) -> Hits:
    limit = scope.settings.max_complexity
    for path, mark in scope.marks("method-too-complex"):
        number = mark.data["complexity"]
        if number > limit:
            yield Hit(
                Location(path, mark.span),
                f"{mark.entity}() has a cognitive complexity of {number} (limit {limit})",
                severity=Severity.MEDIUM if number > 2 * limit else Severity.LOW,
                minutes=min(10 + 2 * (number - limit), _MOST_MINUTES),
                entity=mark.entity,
            )


RULE = Rule(
    severity=Severity.LOW,
    block=Block.CODE,
    minutes=10,
    listeners=(OnModule(note), OnAddon(check, bodies="closure", data="closure")),
    tags=("complexity",),
)
