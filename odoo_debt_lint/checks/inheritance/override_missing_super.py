"""Override that never calls super().

## What it does
Reports a method which overrides one of a parent model (in the given addons, their dependencies, Odoo's core
or the ORM itself) and calls `super()` on no path; also a property such as `SELF_READABLE_FIELDS`, which each
addon makes longer.

## Why is this bad
Everything that Odoo and other addons do in that method no longer happens: computed fields, access checks,
mail, stock and accounting entries. At the next upgrade the copied logic stays behind.

## How to fix
Call `super()` and add what is needed before or after it, or override a smaller hook.

## Not reported
First definitions; compute, inverse, search, selection and default methods of fields which the class itself
declares; parents that only pass, raise or return a constant; methods that always raise, themselves or by a
method of the class; calls through an alias of `super()`, in a nested function, in a helper of the class, or
as `Class.method(self)`; tests; files that nothing imports. Calls of another method through `super()` are
`super-calls-other-method`, copies of the parent's body `copied-core-method`, namesakes of the ORM's methods
that require what nobody gives `override-signature-mismatch`.
"""

from __future__ import annotations

import ast

from odoo_debt_lint.checks.inheritance._overrides import (
    PLAIN,
    Override,
    methods_of_models,
    of_own_field,
    overrides,
    overriding_properties,
)
from odoo_debt_lint.checks.inheritance.copied_core_method import LARGELY, copied
from odoo_debt_lint.checks.inheritance.override_signature_mismatch import is_namesake
from odoo_debt_lint.core.orm import CONTINUED, REPLACED
from odoo_debt_lint.facts import ClassFact, MethodFact
from odoo_debt_lint.index import Part, Scope
from odoo_debt_lint.python.literals import dotted
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.results import returned
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, Mark, Marks, OnAddon, OnModule, Rule, Severity

_STORING = frozenset({"create", "write", "unlink"})


def note(file: PythonFile) -> Marks:
    """Notes methods which raise at the end of each branch, themselves or through a method of the class, and
    properties that read the parent's: `super().NAME` is no call."""
    for klass, method in methods_of_models(file):
        if method.decorated("property"):
            node = file.skeleton.defs.get((klass.name, method.name))
            if node is not None and _names_super(node):
                yield Mark(method.span, {})
            continue
        if method.supers or method.body != "code":
            continue
        node = file.skeleton.defs.get((klass.name, method.name))
        body = _run(node.body) if node is not None else []
        if _raises(body, klass) and not returned(body):
            yield Mark(method.span, {})


def _names_super(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id == "super" for inner in nodes_of(node))


def _run(body: list[ast.stmt]) -> list[ast.stmt]:
    """A body without what stands after a ``raise``."""
    end = next((place for place, item in enumerate(body, 1) if isinstance(item, ast.Raise)), len(body))
    return body[:end]


def _raises(body: list[ast.stmt], klass: ClassFact) -> bool:
    """Whether a block can be left by an exception only, its own or that of a method of the class."""
    last = body[-1] if body else None
    if isinstance(last, ast.If):
        return _raises(last.body, klass) and _raises(last.orelse, klass)
    if isinstance(last, ast.With):
        return _raises(last.body, klass)
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        owner, _, name = dotted(last.value.func).rpartition(".")
        helper = klass.method(name) if owner == "self" else None
        return helper is not None and helper.body in ("raise", "raises")
    return isinstance(last, ast.Raise)


def check(scope: Scope) -> Hits:
    spared = {(path, mark.span) for path, mark in scope.marks("override-missing-super")}
    for item in (*overrides(scope), *overriding_properties(scope)):
        if _is_defect(item) and (item.part.path, item.method.span) not in spared:
            yield Hit(
                item.location,
                f"{item.method.name}() overrides {item.origin} and never calls super()",
                severity=_severity(item),
                confidence=_confidence(item),
                related=item.related,
                entity=item.entity,
            )


def _is_defect(item: Override) -> bool:
    method = item.method
    if method.supers or method.delegates or method.body in ("raise", "raises"):
        return False
    if item.parent is not None and _is_empty(*item.parent):
        return False
    if _is_continued_elsewhere(item):
        return False
    # one defect, one finding: a copy of its parent and a mere namesake are reported as that
    return not (of_own_field(item) or is_namesake(item)) and copied(item)[0] < LARGELY


def _is_empty(part: Part, method: MethodFact) -> bool:
    """Whether nothing is lost; what an addon says of records that others extend in turn, as providers of
    payments do, is."""
    return method.body in PLAIN or (method.body == "default" and part.klass.kind == "abstract")


def _is_continued_elsewhere(item: Override) -> bool:
    """Whether a helper of the same class, which overrides nothing itself, calls the parent's method."""
    return any(
        any(call.method == item.name for call in other.supers)
        for other in item.part.klass.methods
        if other.name != item.name and other.supers and item.scope.method(item.part, other.name) is None
    )


def _severity(item: Override) -> Severity:
    if _is_orm(item) or item.business:
        return Severity.HIGH
    return Severity.MEDIUM


def _is_orm(item: Override) -> bool:
    """Whether a method of the ORM is meant, and no mixin's that has only its name."""
    if not item.orm or item.parent is None:
        return item.orm
    return not is_namesake(Override(item.scope, *item.parent, None))


def _confidence(item: Override) -> Confidence:
    """Some things are ordinary in a new model of one's own: to name and find its records in another way, to
    store those of an SQL view elsewhere, to build a layer on a base of the same addon, and to replace private
    steps of Odoo's mixins or of the concrete model from which it is copied. What a mixin of the same addon
    does in full is at least asked."""
    new = item.part.klass.defines
    elsewhere = item.name in _STORING and item.part.klass.attrs.get("_auto") is False
    if new and (item.name in REPLACED or elsewhere):
        return Confidence.LOW
    if item.parent is None or _is_orm(item) or item.business:
        return Confidence.HIGH
    part, _ = item.parent
    own = part.addon == item.part.addon and part.klass.model != item.part.klass.model
    step = new and item.name.startswith("_") and item.name not in CONTINUED
    concrete = part.klass.kind != "abstract"
    if own:
        return Confidence.LOW if concrete or item.part.klass.kind == "abstract" else Confidence.MEDIUM
    return Confidence.LOW if step and (concrete or _is_core(item.scope, part)) else Confidence.HIGH


def _is_core(scope: Scope, part: Part) -> bool:
    addon = scope.visible(part.addon)
    return addon is not None and addon.core


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.CODE,
    minutes=60,
    listeners=(OnModule(note), OnAddon(check, bodies="closure", data="closure")),
    tags=("upgrade",),
)
