"""Model that nothing defines.

## What it does
Reports comodels of fields, `env["model"]`, and the models of records, views and actions in data files, which
neither the addon, nor its dependencies, nor any other known addon of the series defines.

## Why is this bad
A field whose comodel is unknown is no use and breaks the views that show it, the environment raises
`KeyError`, a record of such a model stops the installation. Usually the model was renamed or removed in this
series, and the addon was ported by half.

## How to fix
Name the model as it is called in this series, or drop what used it.

## Not reported
Addons of whose dependencies one, or a file of one, is not known; models which an addon outside the
dependencies defines (`reference-to-undeclared-dependency`); `_inherit` (`unknown-inherit`); models made at
run time (`x_...`); uses which the code guards (`try`, `"model" in self.env`); tests; data files that the
manifest does not list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from odoo_debt_lint.checks.references._guards import ANY, guarded, note_guards
from odoo_debt_lint.checks.references._xmlids import loaded_files
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Index, Scope
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnAddon, OnModule, Rule, Severity

_NAME = "unknown-model"
_ABOUT = frozenset({"res_model", "binding_model", "src_model", "model"})
"""Fields of records that name a model which must exist."""
_SHOWING = frozenset({"ir.ui.view", "ir.actions.act_window", "ir.actions.report", "mail.template"})


class _Use(NamedTuple):
    """A model, and where it is named. ``firm``: where classes are put together, no code can ask before."""

    place: Location
    model: str
    entity: str = ""
    firm: bool = False


def check(scope: Scope) -> Hits:
    if not scope.complete or scope.unread or not scope.addon.manifest.installable:
        return
    guards = [(path, mark) for path, mark in scope.marks(_NAME) if "names" in mark.data]
    seen: set[tuple[str, str, str | int]] = set()
    for use in _uses(scope):
        if not _is_unknown(scope, use.model):
            continue
        asked = set() if use.firm else guarded(guards, use.place)
        # a method is mended as a whole, a record by itself
        key = (use.place.path, use.model, use.entity or use.place.span.start_line)
        if use.model in asked or key in seen:
            continue
        seen.add(key)
        yield Hit(
            use.place,
            f"no known addon{_of(scope)} defines the model {use.model}",
            confidence=Confidence.LOW if ANY in asked else None,
            entity=use.entity,
        )


def _of(scope: Scope) -> str:
    return f" of {scope.addon.series}" if scope.addon.series else ""


def _uses(scope: Scope) -> Iterator[_Use]:
    listed = loaded_files(scope.addon)
    for result in scope.addon.files:
        if result.python is not None and result.role in ("code", "hook"):
            yield from _of_python(result)
        elif result.data is not None and result.path in listed:
            yield from _of_data(result)


def _of_python(result: FileResult) -> Iterator[_Use]:
    assert result.python is not None
    for klass in result.python.classes:
        for field in klass.fields if klass.is_model else ():
            if field.comodel:
                yield _Use(
                    Location(result.path, field.span), field.comodel, f"{klass.name}.{field.name}", True
                )
    for call in result.python.calls:
        if call.callee.endswith("env[]") and isinstance(call.literal, str) and not call.guarded:
            entity = ".".join(part for part in (call.klass, call.method) if part)
            yield _Use(Location(result.path, call.span), call.literal, entity)


def _of_data(result: FileResult) -> Iterator[_Use]:
    assert result.data is not None
    for record in result.data.records:
        yield _Use(Location(result.path, record.span), record.model, record.xmlid)
        for value in record.values if record.model in _SHOWING else ():
            if value.name in _ABOUT and value.kind == "text":
                yield _Use(Location(result.path, value.span), value.value, record.xmlid)


def _is_unknown(scope: Scope, model: str) -> bool:
    if not model or model.startswith("x_") or "." not in model or scope.defines(model):
        return False
    if scope.core is not None and scope.core.definers(model):
        return False
    return model not in scope.index.once(_NAME, lambda: _defined(scope.index))


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
    minutes=45,
    listeners=(OnModule(note_guards), OnAddon(check, bodies="closure", data="closure")),
    roles=frozenset({"code", "hook", "data"}),
    tags=("upgrade",),
)
