"""super() calls a method that no parent has.

## What it does
Reports `super().method()` in a model where neither a parent model, nor a mixin, nor the ORM of the addon's
series has the method.

## Why is this bad
The call raises `AttributeError` as soon as the method runs. Usually the parent renamed or removed the method
in this series, and the override, which nobody calls any more, hides that its logic is gone.

## How to fix
Find what the method became in this series and override that; add the addon which defines it to `depends`; or
drop the call where there is nothing to call.

## Not reported
Addons of whose dependencies one, or a file of one, is not known; methods which another addon gives the model,
or which another mixin may have; names that are asked for first (`hasattr(super(), "method")`) or whose lack
is caught (`except AttributeError`); classes with Python bases other than Odoo's; attributes and fields. A
call of another method in an override which calls nothing else is `super-calls-other-method`. In addons of
Odoo itself, an override that has lost its parent is low confidence: they keep code that nobody calls any
more, and hooks for addons that are not public. A call of another method than the one around it counts there
too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from odoo_debt_lint.checks.inheritance._overrides import orm_method, override
from odoo_debt_lint.checks.inheritance.super_calls_other_method import calls_another
from odoo_debt_lint.core.base_model import ATTRIBUTES, known
from odoo_debt_lint.core.methods import Methods
from odoo_debt_lint.facts import MethodFact, SuperFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Part, Scope
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.results import is_super
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import (
    Block,
    Confidence,
    Hit,
    Hits,
    Mark,
    Marks,
    OnAddon,
    OnModule,
    Rule,
    Severity,
    series_number,
)


class _Everywhere:
    """What all addons that are known give, in the dependencies or not."""

    def __init__(self, scope: Scope) -> None:
        own, core = scope.index.all, scope.core
        self.kept = core.methods if core is not None else None
        if core is None or any(core.depends(addon.name) is not None for addon in own):
            self.kept = None  # an addon of the set stands for one of the core
        names = core.names if core is not None and self.kept is None else ()
        cores = (scope.index.addon(name, scope.addon.series) for name in names)
        self.own = Methods().add((*own, *(addon for addon in cores if addon is not None)))

    def owners(self, name: str) -> set[str]:
        """The models that have a method."""
        more = self.kept.having(name) if self.kept is not None else set()
        return self.own.owners.get(name, set()) | more

    def reaches(self, models: set[str], name: str) -> bool:
        """Whether one of the models, or of those that some addon adds to them, has the method."""
        owners = self.owners(name)
        if not owners:
            return False
        stack, seen = list(models), set(models)
        while stack:
            model = stack.pop()
            more = self.own.inherited.get(model, set()) - seen
            if self.kept is not None:
                more |= self.kept.parents(model) - seen
            stack += more
            seen |= more
        return bool(owners & seen)


def note(file: PythonFile) -> Marks:
    """Notes the calls whose ``AttributeError`` is caught."""
    for node, klass, _ in file.skeleton.tries:
        caught = [ast.unparse(item.type) for item in node.handlers if item.type is not None]
        if not klass or not any("AttributeError" in text for text in caught):
            continue
        for part in node.body:
            for inner in nodes_of(part):
                if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
                    if is_super(inner.func.value):
                        yield Mark(file.skeleton.span(inner), {})


def check(scope: Scope) -> Hits:
    if (
        not scope.complete
        or scope.unread
        or not (scope.core or known(int(series_number(scope.addon.series))))
    ):
        return
    caught = {(path, mark.span) for path, mark in scope.marks("override-of-missing-method")}
    for parts in scope.addon.parts.values():
        for part in parts:
            if not _is_judged(scope, part):
                continue
            for method, call in _missing(scope, part):
                own = call.method == method.name
                if (part.path, call.span) in caught or (not own and _is_instead(scope, part, method, call)):
                    continue
                unsure = own and scope.upstream
                yield Hit(
                    Location(part.path, method.span if own else call.span),
                    f"super().{call.method}() fails: no parent of {part.klass.model} has {call.method}() in "
                    f"{scope.addon.series}",
                    confidence=Confidence.LOW if unsure else Confidence.HIGH,
                    entity=part.entity(method),
                )


def _is_instead(scope: Scope, part: Part, method: MethodFact, call: SuperFact) -> bool:
    """Whether ``super-calls-other-method`` reports the call: one defect, one finding."""
    item = override(scope, part, method)
    return item is not None and calls_another(item) and call is method.supers[0]


def _is_judged(scope: Scope, part: Part) -> bool:
    """Whether all that ``super()`` can reach is known."""
    if any(base.rpartition(".")[0] not in ("odoo.models", "models") for base in part.klass.bases):
        return False
    return all(scope.parts(parent) for parent in part.klass.inherit) and (
        part.klass.model not in part.klass.inherit or scope.defines(part.klass.model)
    )


def _missing(scope: Scope, part: Part) -> Iterator[tuple[MethodFact, SuperFact]]:
    for method in part.klass.methods:
        if any(call.method == "*" for call in method.supers):
            continue
        seen: set[str] = set()
        for call in method.supers:
            if call.method not in seen and not _exists(scope, part, call.method):
                if _elsewhere(scope, part, call.method):
                    continue
                seen.add(call.method)
                yield method, call


def _exists(scope: Scope, part: Part, name: str) -> bool:
    if name.startswith("__") or name in ATTRIBUTES or orm_method(scope, name) is not None:
        return True
    return any(
        name in other.methods
        or name in other.klass.attrs
        or name in other.klass.attr_spans
        or any(item.name == name for item in other.klass.fields)
        or any(base.rpartition(".")[0] not in ("odoo.models", "models") for base in other.klass.bases)
        for other in scope.ancestors(part)
    )


def _elsewhere(scope: Scope, part: Part, name: str) -> bool:
    """Whether an addon outside the dependencies gives the method to one of the models at hand, or to a mixin
    which such an addon adds to one: whoever wrote this counts on its being installed."""
    table = scope.index.here.once(("methods", scope.addon.series), lambda: _Everywhere(scope))
    if part.klass.kind == "abstract" and table.owners(name):
        # in the models that use a mixin, its super() may reach another mixin of theirs
        return True
    models = {"base", part.klass.model, *part.klass.inherit}
    models.update(other.klass.model for other in scope.ancestors(part))
    return table.reaches(models, name)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=45,
    listeners=(OnModule(note), OnAddon(check)),
    tags=("upgrade",),
)
