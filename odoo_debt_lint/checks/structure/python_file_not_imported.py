"""Python file that no `__init__.py` reaches.

## What it does
Follows the imports from the addon's `__init__.py` (and, in an addon that has other tests, from that of
`tests`) and reports the files with code which are not on the way.

## Why is this bad
The models, fields or controllers in it do not exist in the running system, although everybody who reads the
addon believes that they do. A test that is not imported never runs.

## How to fix
Import the file in the `__init__.py` of its folder, or delete it.

## Not reported
Empty files; scripts (with `if __name__ == "__main__"`, or in a folder that is no package and without
models; for the shell, with a global `env`); migrations; addons that load modules by name (importlib,
`__import__`), but for their models and controllers; drivers of the IoT box; tests without Odoo, which pytest
runs; addons in which a file that is loaded does not parse, or whose code is packed into a literal.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from odoo_debt_lint.checks.structure._imports import files_by_name, imported_from_outside, reached
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.finding import FIRST_LINE, Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.python.imported import is_for_shell
from odoo_debt_lint.rule import Block, Hit, Hits, Mark, Marks, OnAddon, OnModule, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

_NAME = "python-file-not-imported"
_WORDS = ("__main__", "importlib", "__import__")
_LOADERS = ("import_module(", "spec_from_file_location(", "__import__(")
_OF_ODOO = (
    "TransactionCase",
    "SavepointCase",
    "HttpCase",
    "SingleTransactionCase",
    "odoo.tests",
    "TestCommon",
)
_IOT = "iot_handlers/"
_NO_MODULES = ("__init__.py", "setup.py", "conftest.py", "__main__.py")


def note_script(file: PythonFile) -> Marks:
    text = file.text.text
    if file.role == "test":
        if "__main__" in text or ("unittest" in text and not any(word in text for word in _OF_ODOO)):
            yield Mark(FIRST_LINE, {"script": True})
    elif any(word in text for word in _WORDS):
        yield Mark(
            FIRST_LINE, {"script": "__main__" in text, "loads": any(word in text for word in _LOADERS)}
        )
    elif is_for_shell(file):
        yield Mark(FIRST_LINE, {"script": True})


def check(scope: Scope) -> Hits:
    addon = scope.addon
    files = files_by_name(addon)
    python = {name: result for name, result in files.items() if name.endswith(".py")}
    if not addon.manifest.installable or any(_is_hidden(result) for result in python.values()):
        return
    marks = dict(scope.marks(_NAME))
    scripts = set(marks)
    if any(
        posixpath.basename(path) == "__init__.py" and "loads" in mark.data for path, mark in marks.items()
    ):
        return
    by_name = any(mark.data.get("loads") for mark in marks.values())
    outside = imported_from_outside(scope.index, addon)
    roots = [name for name in python if _is_root(name, python[name], outside)]
    loaded = reached(addon, roots)
    if any(_is_unread(name, result, loaded) for name, result in python.items()):
        return
    tested = any(_is_test(name) for name in loaded)
    for name, result in sorted(python.items()):
        if name in loaded or posixpath.basename(name) in _NO_MODULES or result.path in scripts:
            continue
        if result.role == "test":
            wanted = tested and _is_test(name)
        else:
            wanted = result.role in ("code", "hook") and _is_module(name, result, files)
            wanted = wanted and not name.startswith(_IOT) and (not by_name or _declares(result))
        if wanted:
            yield Hit(Location(result.path, FIRST_LINE), f"no __init__.py imports {name}: it is never loaded")


def _is_hidden(result: FileResult) -> bool:
    """Whether what a file imports is not known."""
    return any(problem.kind == "hidden" for problem in result.problems)


def _is_unread(name: str, result: FileResult, loaded: set[str]) -> bool:
    """Whether a file that is loaded, or a package, does not parse: what it imports is not known."""
    known = result.python is not None or result.role not in ("code", "hook", "test")
    return not known and (name in loaded or posixpath.basename(name) == "__init__.py")


def _is_root(name: str, result: FileResult, outside: set[str]) -> bool:
    if name in ("__init__.py", "tests/__init__.py") or name in outside:
        return True
    return result.role in ("migration", "manifest") or name.startswith("tests/common")


def _is_test(name: str) -> bool:
    return name.startswith("tests/") and posixpath.basename(name).startswith("test_")


def _is_module(name: str, result: FileResult, files: dict[str, FileResult]) -> bool:
    """Whether a file is meant to be loaded: it declares models or controllers, or it lies in a package."""
    python = result.python
    if python is None or not result.lines:
        return False
    if _declares(result):
        return True
    folder = posixpath.dirname(name)
    if not folder and not (python.classes or python.functions):
        return False
    while folder:
        if f"{folder}/__init__.py" not in files:
            return False
        folder = posixpath.dirname(folder)
    return True


def _declares(result: FileResult) -> bool:
    """Whether it holds models or controllers."""
    classes = result.python.classes if result.python is not None else ()
    return any(klass.is_model or klass.kind == "controller" for klass in classes)


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=10,
    listeners=(OnModule(note_script), OnAddon(check, bodies="closure", data="closure")),
    roles=frozenset({"code", "hook", "test"}),
    tags=("dead-code",),
)
