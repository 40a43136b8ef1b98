"""Addon without a test that Odoo would run.

## What it does
Looks for a `tests/test_*.py` that holds a test and that `tests/__init__.py` imports. Files which exist and
are not imported, and files without a test method, are no tests. Of a package below `tests` Odoo runs what
`tests/__init__.py` takes out of it (`from .sub import test_order`), and not what the package imports for
itself. Addons without any Python code are of low severity. The minutes grow with the addon: an hour to begin
with, half a minute a line, four hours at most.

## Why is this bad
Nobody can tell whether the addon still works after a change, an update of Odoo or a migration, short of
trying everything by hand.

## How to fix
Begin with one `TransactionCase` for the most important flow, and import the file in `tests/__init__.py`.

## Not reported
Addons that are not installable; test classes which get their test methods from a common base class.
"""

from __future__ import annotations

from odoo_debt_lint.checks.structure._imports import files_by_name, reached
from odoo_debt_lint.checks.structure._places import first_line
from odoo_debt_lint.checks.structure._tests import TESTS, loads_by_name, run_by_odoo
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.index import AddonFacts, Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity

_PLAIN_CASES = ("Case", "TestMixin", "object")
_SET_UP, _MOST = 60, 240


def check(scope: Scope) -> Hits:
    addon = scope.addon
    if not addon.manifest.installable or addon.manifest.problem:
        return
    files = files_by_name(addon)
    below = {name: result for name, result in files.items() if _is_python_of_tests(name)}
    if any(result.python is None for result in below.values()) or loads_by_name(addon):
        # one that does not parse, or an import by name: what it holds is not known
        return
    tests = {name for name in below if _is_test_file(name)}
    holding = {name for name, result in below.items() if _holds_test(result, name in tests)}
    if holding & run_by_odoo(addon):
        return
    if holding & tests:
        message = f"{_reason(addon, holding & tests)}: no test ever runs"
    elif tests:
        message = f"no test method in {_few(sorted(tests))}"
    elif holding:
        message = f"Odoo runs modules called test_*, and not {_few(sorted(holding))}"
    else:
        message = "the addon has no tests"
    severity = None if _has_code(files) else Severity.LOW
    yield Hit(first_line(scope), message, severity=severity, minutes=_minutes(addon.loc))


def _reason(addon: AddonFacts, holding: set[str]) -> str:
    """Why Odoo runs none of the files which hold tests."""
    loaded = sorted(holding & reached(addon, [TESTS]))
    if loaded:
        return f"{TESTS} itself does not have {_few(loaded)}, only a package below it"
    return f"{TESTS} imports none of {_few(sorted(holding))}"


def _minutes(lines: int) -> int:
    """Nobody writes four hours of tests for an addon of twenty lines."""
    return min(_SET_UP + lines // 2, _MOST)


def _is_python_of_tests(name: str) -> bool:
    return name.startswith("tests/") and name.endswith(".py")


def _is_test_file(name: str) -> bool:
    return _is_python_of_tests(name) and name.rpartition("/")[2].startswith("test_")


def _holds_test(result: FileResult, named: bool) -> bool:
    """Whether there are test methods; in a file that is named after tests its bases may have them."""
    python = result.python
    if python is None:
        return False
    if any(function.name.startswith("test") for function in python.functions):
        return True
    for klass in python.classes:
        if any(method.name.startswith("test") for method in klass.methods):
            return True
        if named and any(not base.endswith(_PLAIN_CASES) for base in klass.bases):
            return True
    return False


def _has_code(files: dict[str, FileResult]) -> bool:
    return any(
        result.role in ("code", "hook")
        and result.python is not None
        and (result.python.classes or result.python.functions)
        for result in files.values()
    )


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=_MOST,
    listeners=(OnAddon(check, bodies="closure", data="closure"),),
    tags=("tests",),
)
