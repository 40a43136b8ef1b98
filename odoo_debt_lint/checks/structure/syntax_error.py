"""Python that does not parse.

## What it does
Reports a Python file, or the code of a server action, which no supported grammar parses, and says when it
looks like Python 2.

## Why is this bad
Odoo cannot import the file: the addon does not load, and neither does anything that depends on it.

## How to fix
Correct the syntax; code for Python 2 has to be ported before anything else.
"""

from __future__ import annotations

from odoo_debt_lint.rule import Block, Hit, Hits, OnProblem, Problem, Rule, Severity, Span


def check(problem: Problem) -> Hits:
    place = Span(problem.line, problem.column, problem.line, problem.column + 1)
    yield Hit(place, f"Python does not parse: {problem.message}")


RULE = Rule(
    severity=Severity.CRITICAL,
    block=Block.CODE,
    minutes=60,
    listeners=(OnProblem(("syntax",), check),),
)
