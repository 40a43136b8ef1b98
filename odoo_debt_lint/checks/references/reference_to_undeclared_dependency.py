"""Use of something that belongs to an addon outside of the dependencies.

## What it does
Reports XML ids, inherited models, comodels of fields, models of records, actions, views and reports, imports,
assets, templates of the browser (`t-inherit`) and `env["model"]`, also in the code of server actions, which
belong to a known addon that is not among those which the addon depends on, directly or through others. A
record whose id begins with the name of such an addon counts: Odoo refuses it.

## Why is this bad
The addon installs only where the other one happens to be installed before it, and breaks on the first
database where it is not.

## How to fix
Add the addon to `depends`, or move the part that needs it into a small addon of its own (`auto_install`).

## Not reported
Anything while an addon of the closure is not known; uses which the code guards (`try`, `"model" in
self.env`, `raise_if_not_found=False`, a look whether a module is installed), which no `_inherit` and no field
can be; tests; models which no known addon defines; ids which that addon does not have either
(`env-ref-unknown`). Views that a context asks for (`form_view_ref`) are low confidence: without them Odoo
shows another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from odoo_debt_lint.checks.references._guards import ANY, MAY_GUARD, guarded, note_guards
from odoo_debt_lint.checks.references._nowhere import is_nowhere
from odoo_debt_lint.checks.references._xmlids import IN_SQL, exists, loaded_files, mentions
from odoo_debt_lint.core.addons import core_addons
from odoo_debt_lint.facts import STATIC, FileResult, RecordFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Index, Scope
from odoo_debt_lint.rule import (
    Block,
    Confidence,
    Hit,
    Hits,
    Mark,
    Marks,
    OnAddon,
    OnElement,
    OnModule,
    Rule,
    Severity,
)
from odoo_debt_lint.xml.families import families, inheriting

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.xml.document import XmlFile

_NAME = "reference-to-undeclared-dependency"
_ABOUT = frozenset({"res_model", "binding_model", "src_model"})
"""Fields of records that name a model which must exist."""
_OF_MODEL = {"ir.ui.view": "model", "ir.actions.report": "model", "ir.filters": "model_id"}
"""The same, of some records alone."""
_IMPORT = re.compile(r"(?:odoo|openerp)\.addons\.(\w+)")


class _Use(NamedTuple):
    """A thing that is not visible, and the addon it belongs to. ``firm``: where classes are put together, no
    code can ask before. ``idle``: without it Odoo takes another and says nothing."""

    place: Location
    thing: str
    owner: str
    entity: str = ""
    firm: bool = False
    idle: bool = False


def note_models(file: PythonFile) -> Marks:
    """Models which the code of actions takes from the environment."""
    if not file.embedded or "env[" not in file.text.text or MAY_GUARD.search(file.text.text):
        return
    for call in file.facts.calls:
        if call.callee.endswith("env[]") and isinstance(call.literal, str) and not call.guarded:
            yield Mark(call.span, {"models": [call.literal]})


def note_assets(element: Any, file: XmlFile) -> Marks:
    """Scripts and styles that a template loads."""
    for name in ("src", "href"):
        path = element.get(name) or ""
        if path.startswith("/") and "/static/" in path:
            yield Mark(file.attribute_span(element, name), {"asset": path})


def note_called(element: Any, file: XmlFile) -> Marks:
    """The model on which a data file calls a method, or whose records it deletes."""
    yield Mark(file.span(element), {"models": [element.get("model") or ""]})


def check(scope: Scope) -> Hits:
    if not scope.complete or not scope.addon.manifest.installable:
        return
    guards = [(path, mark) for path, mark in scope.marks(_NAME) if "names" in mark.data]
    seen: set[tuple[str, str, str | int]] = set()
    for use in _uses(scope):
        place, thing, owner, entity = use.place, use.thing, use.owner, use.entity
        asked = set() if use.firm else guarded(guards, place)
        # a method is mended as a whole, a record by itself
        key = (place.path, thing, entity or place.span.start_line)
        if key in seen or thing in asked or owner in asked:
            continue
        seen.add(key)
        unsure = use.idle or ANY in asked or _comes_along(scope, owner, set())
        yield Hit(
            place,
            f"{thing} belongs to {owner}, which is not among the dependencies",
            confidence=Confidence.LOW if unsure else None,
            entity=entity,
        )


def _comes_along(scope: Scope, name: str, seen: set[str]) -> bool:
    """Whether Odoo installs an addon by itself as soon as what it depends on is there (``web``, ``bus``)."""
    if scope.visible(name) is not None:
        return True
    addon = scope.index.addon(name, scope.addon.series)
    if addon is None or name in seen or not addon.manifest.auto_install:
        return False
    seen.add(name)
    depends = addon.manifest.items("depends") or ("base",)
    return all(_comes_along(scope, item, seen) for item in depends)


def _uses(scope: Scope) -> Iterator[_Use]:
    """Everything that is not visible."""
    yield from _records(scope)
    yield from _declared(scope)
    yield from _templates(scope)
    for result in scope.addon.files:
        if result.python is not None and result.role in ("code", "hook"):
            yield from _imports(scope, result)
            yield from _models(scope, result)
    for _, path, span in scope.addon.manifest.assets:
        yield from _asset(scope, Location(scope.addon.manifest.path, span), path)


def _is_outside(scope: Scope, module: str) -> bool:
    """Whether a module is known and not in the closure."""
    if scope.visible(module) is not None:
        return False
    series = scope.addon.series
    return scope.index.addon(module, series) is not None or module in core_addons(series)


def _records(scope: Scope) -> Iterator[_Use]:
    for mention in mentions(scope):
        if mention.optional or mention.xmlid in IN_SQL or not _is_outside(scope, mention.module):
            continue
        if not exists(scope, mention.xmlid) and not is_nowhere(scope, mention):
            idle = mention.kind == "view_ref"
            yield _Use(mention.location, mention.xmlid, mention.module, mention.entity, idle=idle)


def _declared(scope: Scope) -> Iterator[_Use]:
    """Records that bear the name of an addon, or are of or about a model, that Odoo does not find."""
    listed = loaded_files(scope.addon)
    for result in scope.addon.files:
        if result.data is None or result.path not in listed:
            continue
        for record in result.data.records:
            module = record.xmlid.partition(".")[0]
            if record.tag != "function" and module != scope.addon.name and _is_outside(scope, module):
                yield _Use(Location(result.path, record.span), record.xmlid, module)
            elif owner := _owner(scope, record.model):
                yield _Use(Location(result.path, record.span), record.model, owner)
            for value in record.values:
                named = value.name in _ABOUT or value.name == _model_field(record)
                if named and value.kind == "text" and (owner := _owner(scope, value.value)):
                    yield _Use(Location(result.path, value.span), value.value, owner)
                elif record.model == "ir.asset" and value.name in ("path", "target"):
                    yield from _asset(scope, Location(result.path, value.span), value.value)
    for path, mark in scope.marks(_NAME):
        if path not in listed:
            continue
        for model in mark.data.get("models", ()):
            if owner := _owner(scope, model):
                yield _Use(Location(path, mark.span), model, owner)
        yield from _asset(scope, Location(path, mark.span), mark.data.get("asset", ""))


def _model_field(record: RecordFact) -> str:
    """The field of a record that names its model; what a view inherits from tells the same."""
    inherits = record.model == "ir.ui.view" and any(value.name == "inherit_id" for value in record.values)
    return "" if inherits else _OF_MODEL.get(record.model, "")


def _asset(scope: Scope, place: Location, path: str) -> Iterator[_Use]:
    """A file of ``static`` in another addon."""
    module = path.lstrip("/").partition("/")[0]
    if "/static/" in path and _is_outside(scope, module):
        yield _Use(place, path, module)


def _templates(scope: Scope) -> Iterator[_Use]:
    """Templates of the browser that are inherited."""
    for result, view in inheriting(scope):
        name = view.inherit.removesuffix(STATIC)
        module = name.partition(".")[0]
        if _is_outside(scope, module) and families(scope).view(view.inherit) is None:
            yield _Use(Location(result.path, view.span), name, module)


def _imports(scope: Scope, result: FileResult) -> Iterator[_Use]:
    for item in result.python.imports if result.python is not None else ():
        match = _IMPORT.match(item.target)
        if match is None or item.guarded or match[1] == scope.addon.name:
            continue
        if scope.visible(match[1]) is None:
            yield _Use(Location(result.path, item.span), f"odoo.addons.{match[1]}", match[1])


def _models(scope: Scope, result: FileResult) -> Iterator[_Use]:
    """Models that are inherited, pointed at by a field, or taken from the environment."""
    assert result.python is not None
    for klass in result.python.classes:
        if not klass.is_model:
            continue
        for model in klass.inherit:
            if owner := _owner(scope, model):
                yield _Use(Location(result.path, klass.span), model, owner, klass.name, True)
        for field in klass.fields:
            if field.comodel and (owner := _owner(scope, field.comodel)):
                entity = f"{klass.name}.{field.name}"
                yield _Use(Location(result.path, field.span), field.comodel, owner, entity, True)
    for call in result.python.calls:
        if call.callee.endswith("env[]") and isinstance(call.literal, str) and not call.guarded:
            if owner := _owner(scope, call.literal):
                entity = ".".join(part for part in (call.klass, call.method) if part)
                yield _Use(Location(result.path, call.span), call.literal, owner, entity)


def _owner(scope: Scope, model: str) -> str:
    """The addon outside of the closure that defines a model; empty for what is visible or known nowhere."""
    if scope.defines(model):
        return ""
    names = [*scope.index.once(_NAME, lambda: _definers(scope.index)).get(model, ())]
    if scope.core is not None:
        names += scope.core.definers(model)
    return next((name for name in names if scope.visible(name) is None), "")


def _definers(index: Index) -> dict[str, list[str]]:
    """The addons of the set that bring each model into being."""
    table: dict[str, list[str]] = {}
    for addon in index.addons.values():
        for model, parts in addon.parts.items():
            if any(part.klass.defines for part in parts):
                table.setdefault(model, []).append(addon.name)
    return table


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=20,
    listeners=(
        OnModule(note_guards),
        OnModule(note_models, embedded=True),
        OnElement(("script", "link"), note_assets),
        OnElement(("function", "delete"), note_called),
        OnAddon(check, bodies="closure"),
    ),
    roles=frozenset({"code", "hook", "data", "demo"}),
    tags=("dependencies",),
)
