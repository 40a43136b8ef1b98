"""A rule crashed: what it would have said of this file is not known.

## What it does
Reports the file in which one of the linter's own rules raised an exception, and names the rule and the line
of its code. The run goes on; it ends with exit code 2.

## Why is this bad
The report is incomplete: a clean result no longer means that the rule found nothing.

## How to fix
Report it with the message and, if possible, the code that brought it about. Until it is mended, `ignore` the
rule that crashed.

## Not reported
Files which the linter cannot read for a reason of their own: those are `syntax-error`, `invalid-xml`, and the
problems listed in the report. It costs no minutes, for it is no debt of the addon.
"""

from __future__ import annotations

from odoo_debt_lint.rule import Block, Hit, Hits, OnProblem, Problem, Rule, Severity


def check(problem: Problem) -> Hits:
    yield Hit(None, f"{problem.message}; the report is incomplete here", minutes=0)


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=1,
    listeners=(OnProblem(("internal-error",), check),),
)
