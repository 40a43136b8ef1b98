"""@api.depends on a field that does not exist.

## What it does
Follows every path in `@api.depends("a.b.c")` from model to model, with all fields that the addon, its
dependencies, their mixins and `_inherits` bring, and reports the step which its model does not have, and
the step behind a field that leads to no model (`name.code`). A path with `id` is reported wherever it stands.

## Why is this bad
Odoo refuses to load the registry with `Wrong @depends on ...`: the addon does not install, or breaks the
database at the next upgrade. On `id` it raises `Compute method cannot depend on field 'id'` at the import.

## How to fix
Name an existing field, or add the addon that declares the field to `depends`. The `id` of a record never
changes: leave it out.

## Not reported
Abstract models, which Odoo checks only where they are inherited; models of which some dependency, parent or
class is not known; paths over references and properties; names that a function computes; manual fields
(`x_...`); a second `@api.depends` under the first, which replaces it; onchanges, checks and actions that
compute no field. Fields of an addon of Odoo that installs itself have low confidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from odoo_debt_lint.checks._bringers import whose
from odoo_debt_lint.checks.orm._fields import ModelFields, model_fields
from odoo_debt_lint.companions import with_companions
from odoo_debt_lint.facts import MethodFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Part, Scope
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnAddon, Rule, Severity

_NO_COMPUTE = re.compile(r"onchange|on_change|constrain|^_?(check|action|button)_")
"""Names of methods that other decorators call."""


def check(scope: Scope) -> Hits:
    known = model_fields(scope)
    for parts in scope.addon.parts.values():
        for part in parts:
            unsure = not scope.complete or part.klass.kind == "abstract" or _is_abstract(scope, part)
            for method in part.klass.methods:
                yield from _judge(None if unsure else known, part, method)


def _is_abstract(scope: Scope, part: Part) -> bool:
    """An extension says ``models.Model`` even where it extends an abstract model."""
    return any(
        other.klass.kind == "abstract" for other in scope.parts(part.klass.model) if other.klass.defines
    )


def _judge(known: ModelFields | None, part: Part, method: MethodFact) -> Iterator[Hit]:
    """What one method depends on; without knowledge of the models only that which no model allows. Of several
    decorators Odoo keeps the first, which is run last."""
    stacked = [item for item in method.decorators if item.name.rpartition(".")[2] == "depends"]
    for decorator in stacked:
        paths = [path for path in decorator.args if isinstance(path, str) and path]
        unknown = _unknown(known, part, method, paths) if known and decorator is stacked[0] else []
        found = []
        unsure = known is not None and bool(unknown) and _come_along(known, unknown)
        if known is not None and unknown:
            found.append(f"what does not exist: {_text(known.scope, unknown)}")
        if any("id" in path.split(".") for path in paths):
            found.append("id, on which Odoo lets no method depend")
        if found:
            yield Hit(
                Location(part.path, decorator.span),
                f"{method.name}() depends on {', and on '.join(found)}",
                confidence=Confidence.LOW if unsure and len(found) == 1 else None,
                entity=part.entity(method),
            )


def _come_along(known: ModelFields, unknown: list[tuple[str, str]]) -> bool:
    """Whether addons that install themselves, and are loaded before, have all of the fields."""
    beside = with_companions(known.scope)
    wider = model_fields(beside) if beside is not None else None
    return wider is not None and all(name in (wider.of(model) or {}) for model, name in unknown)


def _text(scope: Scope, unknown: list[tuple[str, str]]) -> str:
    if len(unknown) == 1:
        return f"{unknown[0][1]} of {unknown[0][0]}{whose(scope, *unknown[0])}"
    names = ", ".join(f"{name} of {model}" for model, name in unknown[:5])
    return names + (", …" if len(unknown) > 5 else "")


def _unknown(known: ModelFields, part: Part, method: MethodFact, paths: list[str]) -> list[tuple[str, str]]:
    """The steps that do not exist, as model and name."""
    if not _computes(known, part, method):
        return []
    steps = [known.unknown_in(part.klass.model, path) for path in paths]
    return list(dict.fromkeys(step for step in steps if step is not None))


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


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=20,
    listeners=(OnAddon(check, bodies="closure", data="closure"),),
)
