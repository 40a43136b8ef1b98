"""Data file that is not well-formed XML.

## What it does
Reports an XML file which the parser refuses, at the place where it gave up: data files, and those with
templates of the browser.

## Why is this bad
Odoo stops the installation or the update of the addon at this file. With a template of the browser it is the
web client that does not start.

## How to fix
Close what is open, escape `&` and `<`, and declare the encoding the file really has.

## Not reported
Files below `tests/`: they are read by tests, and some are broken on purpose. Other files of `static/`, and
what is in `static/lib/`.
"""

from __future__ import annotations

from odoo_debt_lint.rule import Block, Hit, Hits, OnProblem, Problem, Rule, Severity, Span


def check(problem: Problem) -> Hits:
    if "/tests/" in problem.path:
        return
    place = Span(problem.line, problem.column, problem.line, problem.column + 1)
    yield Hit(place, f"XML does not parse: {problem.message}")


RULE = Rule(
    severity=Severity.CRITICAL,
    block=Block.CODE,
    minutes=30,
    listeners=(OnProblem(("xml",), check),),
)
