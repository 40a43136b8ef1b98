"""_inherit of a model that nothing defines.

## What it does
Reports a class whose `_inherit` names a model which neither the addon, nor its dependencies, nor Odoo's core
of the addon's series defines.

## Why is this bad
Odoo refuses to load the registry: "Model ... does not exist in registry". Usually the model was renamed or
removed in this series.

## How to fix
Name the model as it is called in this series, or drop the class with what it extended.

## Not reported
Addons of whose dependencies one, or a file of one, is not known; models which an addon outside the
dependencies defines (`reference-to-undeclared-dependency`); models made at run time (`x_...`).
"""

from __future__ import annotations

from collections.abc import Iterator

from odoo_debt_lint.facts import ClassFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Index, Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity

_KINDS = ("model", "transient", "abstract")


def check(scope: Scope) -> Hits:
    if not scope.complete or scope.unread:
        return
    for path, klass in _classes(scope):
        for parent in klass.inherit:
            if not parent.startswith("x_") and not scope.defines(parent) and not _elsewhere(scope, parent):
                yield Hit(
                    Location(path, klass.span),
                    f"_inherit of {parent}, which nothing defines in {scope.addon.series}",
                    entity=klass.name,
                )


def _classes(scope: Scope) -> Iterator[tuple[str, ClassFact]]:
    """The models of the addon, also classes that inherit several and give themselves no name."""
    for parts in scope.addon.parts.values():
        for part in parts:
            yield part.path, part.klass
    for result in scope.addon.files:
        if result.python is not None and result.role == "code":
            for klass in result.python.classes:
                if klass.kind in _KINDS and not klass.named and not klass.model:
                    yield result.path, klass


def _elsewhere(scope: Scope, model: str) -> bool:
    """Whether an addon outside the dependencies defines the model."""
    if scope.core is not None and scope.core.definers(model):
        return True
    return model in scope.index.once("unknown-inherit", lambda: _defined(scope.index))


def _defined(index: Index) -> set[str]:
    return {
        name
        for addon in index.all
        for name, parts in addon.parts.items()
        if any(part.klass.defines or not part.klass.inherit for part in parts)
    }


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=60,
    listeners=(OnAddon(check, bodies="closure", data="closure"),),
    tags=("upgrade",),
)
