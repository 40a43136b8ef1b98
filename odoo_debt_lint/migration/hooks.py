"""Hooks of the manifest, which get an environment from 17.0 on where they got a cursor.

Some are told by what they are called. Of the others only the manifest knows, which the file that has them is
read without: their fix is made while the tree is at hand, and waits as a mark for the index stage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec

from odoo_debt_lint.facts import MarkFact
from odoo_debt_lint.finding import Fix, Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.migration.fixes import fix_of
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.plan import Tables, Wanted
from odoo_debt_lint.python.module import PythonFile

_CURSORS = (["cr"], ["cursor"], ["_cr"])
"""What the first parameter of a hook was called as long as it was a cursor."""


def told_by_name(name: str, parameters: list[str], known: Collection[str]) -> bool:
    """Whether a function is surely a hook with a cursor by what it is called and takes."""
    if parameters[:1] not in _CURSORS or len(parameters) > 2 or parameters[1:] == ["version"]:
        return False
    return name in known or (name.endswith("_hook") and parameters == ["cr", "registry"])


def hook_marks(file: PythonFile, tables: Tables) -> Iterator[MarkFact]:
    """The fixes of functions with a cursor which the manifest may name."""
    wanted = next(tables.each("hook"), None)
    if wanted is None:
        return
    for function in file.facts.functions:
        names = [param.name for param in function.params]
        if names[:1] not in _CURSORS or told_by_name(function.name, names, tables.kind("hook")):
            continue
        node = file.skeleton.defs.get(("", function.name))
        fix = fix_of(Place(wanted, file, node, function.span)) if node is not None else None
        if fix is not None:
            yield MarkFact(wanted.fact.id, function.span, msgspec.to_builtins(fix))


def hook_places(scope: Scope, tables: Tables) -> Iterator[tuple[Wanted, Location, Fix | None]]:
    """Functions with a cursor that only the manifest tells to be hooks; their files tell of the others."""
    addon = scope.addon
    wanted = next(tables.each("hook"), None)
    if wanted is None or not addon.manifest.hooks:
        return
    marks = scope.marks(wanted.fact.id)
    fixes = {(path, mark.span): msgspec.convert(mark.data, Fix) for path, mark in marks}
    for result in addon.files:
        for function in result.python.functions if result.python is not None else ():
            names = [param.name for param in function.params]
            if function.name not in addon.manifest.hooks or names[:1] not in _CURSORS:
                continue
            if not told_by_name(function.name, names, tables.kind("hook")):
                yield wanted, Location(result.path, function.span), fixes.get((result.path, function.span))
