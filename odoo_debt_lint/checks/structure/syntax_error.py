"""Python that does not parse.

## What it does
Reports a Python file, or the code of a server action, which no supported grammar parses, and says when it
looks like Python 2.

## Why is this bad
Odoo cannot import the file: the addon does not load, and neither does anything that depends on it. A file
that no `__init__.py` imports only misleads who reads it: low severity.

## How to fix
Correct the syntax; code for Python 2 has to be ported before anything else.
"""

from __future__ import annotations

from odoo_debt_lint.checks.structure._imports import files_by_name, imported_from_outside, reached
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity, Span


def check(scope: Scope) -> Hits:
    files = files_by_name(scope.addon)
    for name, result in files.items():
        for problem in result.problems:
            if problem.kind == "syntax":
                place = Span(problem.line, problem.column, problem.line, problem.column + 1)
                yield Hit(
                    Location(problem.path, place),
                    f"Python does not parse: {problem.message}",
                    severity=Severity.LOW if _is_idle(scope, name) else None,
                )


def _is_idle(scope: Scope, name: str) -> bool:
    """Whether nothing imports a Python file; unknown where an ``__init__.py`` is missing or broken."""
    files = files_by_name(scope.addon)
    packages = [result for path, result in files.items() if path.split("/")[-1] == "__init__.py"]
    if not name.endswith(".py") or name.endswith("__init__.py") or "__init__.py" not in files:
        return False
    if any(result.python is None for result in packages) or files[name].role in ("migration", "manifest"):
        return False
    roots = ("__init__.py", "tests/__init__.py", *imported_from_outside(scope.index, scope.addon))
    return name not in reached(scope.addon, roots)


RULE = Rule(
    severity=Severity.CRITICAL,
    block=Block.CODE,
    minutes=60,
    listeners=(OnAddon(check),),
)
