"""@api.depends on a field that does not exist.

## What it does
Follows every path in `@api.depends("a.b.c")` from model to model, with all fields that the addon, its
dependencies, their mixins and `_inherits` bring, and reports the step which its model does not have, and
the step behind a field that leads to no model (`name.code`).

## Why is this bad
Odoo refuses to load the registry with `Wrong @depends on ...`: the addon does not install, or breaks the
database at the next upgrade.

## How to fix
Name an existing field, or add the addon that declares the field to `depends`.

## Not reported
Abstract models, which Odoo checks only where they are inherited; models of which some dependency, parent or
class is not known; paths over references and properties; names that a function computes; manual fields
(`x_...`); onchanges, checks and actions that compute no field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from odoo_debt_lint.checks.orm._fields import ModelFields, model_fields
from odoo_debt_lint.facts import MethodFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Part, Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity

_NO_COMPUTE = re.compile(r"onchange|on_change|constrain|^_?(check|action|button)_")
"""Names of methods that other decorators call."""


def check(scope: Scope) -> Hits:
    if not scope.complete:
        return
    known = model_fields(scope)
    for parts in scope.addon.parts.values():
        for part in parts:
            if part.klass.kind == "abstract" or _is_abstract(scope, part):
                continue
            for method in part.klass.methods:
                yield from _judge(known, part, method)


def _is_abstract(scope: Scope, part: Part) -> bool:
    """An extension says ``models.Model`` even where it extends an abstract model."""
    return any(
        other.klass.kind == "abstract" for other in scope.parts(part.klass.model) if other.klass.defines
    )


def _judge(known: ModelFields, part: Part, method: MethodFact) -> Iterator[Hit]:
    if not _computes(known, part, method):
        return
    for decorator in method.decorators:
        if decorator.name.rpartition(".")[2] != "depends":
            continue
        steps = [known.unknown_in(part.klass.model, path) for path in decorator.args if _is_path(path)]
        unknown = list(dict.fromkeys(step for step in steps if step is not None))
        if unknown:
            names = ", ".join(f"{name} of {model}" for model, name in unknown[:5])
            names += ", …" if len(unknown) > 5 else ""
            yield Hit(
                Location(part.path, decorator.span),
                f"{method.name}() depends on what does not exist: {names}",
                entity=part.entity(method),
            )


def _computes(known: ModelFields, part: Part, method: MethodFact) -> bool:
    """Whether a field may be computed by the method: Odoo looks at the paths of no other."""
    if not _NO_COMPUTE.search(method.name):
        return True
    for declared in (known.of(part.klass.model) or {}).values():
        for field in declared:
            compute = field.kwargs.get("compute")
            if compute == method.name or (not isinstance(compute, str) and "compute" in field.dynamic):
                return True
    return False


def _is_path(value: object) -> bool:
    return isinstance(value, str) and bool(value)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=20,
    listeners=(OnAddon(check),),
)
