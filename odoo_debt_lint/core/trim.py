"""What the core index keeps of a file's facts: structure, no texts, no places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from lxml import etree

from odoo_debt_lint.core.arch import bare_view
from odoo_debt_lint.core.shingles import sketch
from odoo_debt_lint.facts import (
    ClassFact,
    DecoratorFact,
    FieldFact,
    ManifestFact,
    MethodFact,
    RecordFact,
    RouteFact,
    ValueFact,
    ViewFact,
)
from odoo_debt_lint.finding import FIRST_LINE, Span

replace = msgspec.structs.replace

_DECORATORS = frozenset(
    (
        "multi model model_create_multi model_create_single depends constrains onchange ondelete private "
        "returns autovacuum readonly depends_context route property staticmethod classmethod model_cr one"
    ).split()
)
_FIELD = frozenset(
    (
        "compute inverse search related inverse_name required readonly store groups company_dependent "
        "translate index copy ondelete relation column1 column2 currency_field check_company compute_sudo "
        "recursive precompute group_operator aggregator delegate auto_join bypass_search_access size digits "
        "sanitize attachment model_field"
    ).split()
)
_KEPT = {
    "ir.model.access": None,
    "ir.access": None,
    "ir.rule": tuple("model_id groups global active perm_read perm_write perm_create perm_unlink".split()),
    "ir.ui.menu": ("parent", "parent_id", "action", "groups", "groups_id", "group_ids"),
    "ir.actions.act_window": ("res_model", "view_id", "view_mode", "search_view_id", "binding_model_id"),
    "ir.actions.server": ("model_id", "binding_model_id", "state"),
    "ir.actions.report": ("model", "report_name", "report_type", "binding_model_id"),
    "ir.actions.client": ("tag",),
    "ir.cron": ("model_id",),
    "res.groups": ("implied_ids", "category_id", "privilege_id"),
    "ir.sequence": ("code",),
    "mail.template": ("model_id",),
    "base.automation": ("model_id",),
}
"""Models of which records keep values, and which; None: all."""
_VALUE = 200


def manifest(fact: ManifestFact) -> ManifestFact:
    names = ("depends", "python", "bin")
    lists = {
        name: tuple((item, FIRST_LINE) for item in fact.items(name)) for name in names if fact.items(name)
    }
    return ManifestFact(
        path="",
        version=fact.version,
        license=fact.license,
        installable=fact.installable,
        application=fact.application,
        auto_install=fact.auto_install,
        lists=lists,
    )


def klass(fact: ClassFact, lines: list[str], module: str) -> ClassFact:
    """A model or controller; ``lines`` are those of its file."""
    kept = ("fields", "methods", "kind", "bases", "model", "named", "inherit", "inherits")
    values = {name: getattr(fact, name) for name in kept}
    values["fields"] = tuple(_field(item) for item in fact.fields)
    values["methods"] = tuple(method(item, lines) for item in fact.methods)
    if fact.kind != "controller":
        values["bases"] = ()
    attrs = {name: value for name, value in fact.attrs.items() if _is_structure(name, value)}
    return ClassFact(fact.name, module=module, attrs=attrs, **values)


def _is_structure(name: str, value: Any) -> bool:
    if not name.startswith("_") or name in ("_description", "_sql_constraints"):
        return False
    return value is None or isinstance(value, bool | int) or len(str(value)) <= 100


def _field(fact: FieldFact) -> FieldFact:
    kwargs = {
        name: value
        for name, value in fact.kwargs.items()
        if name in _FIELD and (name == "groups" or not _is_phrase(value))
    }
    for name in ("selection", "selection_add"):
        if name in fact.kwargs:
            kwargs[name] = _keys(fact.kwargs[name])
    default = fact.kwargs.get("default")
    if isinstance(default, str | int | float) and len(str(default)) < 40 and not _is_phrase(default):
        kwargs["default"] = default
    comodel = "" if _is_phrase(fact.comodel) else fact.comodel
    return FieldFact(fact.name, fact.type, comodel=comodel, kwargs=kwargs, dynamic=fact.dynamic)


def _is_phrase(value: Any) -> bool:
    return isinstance(value, str) and " " in value.strip()


def _keys(selection: Any) -> Any:
    """The pairs of a selection without their labels; the name of a method stays."""
    if not isinstance(selection, list):
        return selection
    return [[item[0], ""] if isinstance(item, list) and len(item) == 2 else item for item in selection]


def method(fact: MethodFact, lines: list[str]) -> MethodFact:
    text = "\n".join(lines[fact.span.start_line - 1 : fact.end_line])
    return replace(
        fact,
        span=FIRST_LINE,
        end_line=0,
        complexity=0,
        decorators=tuple(_decorators(fact.decorators)),
        supers=tuple(replace(item, span=FIRST_LINE, count=-1, names=()) for item in fact.supers),
        skips=FIRST_LINE if fact.skips is not None else None,
        route=_route(fact.route) if fact.route is not None else None,
        sketch=sketch(text),
    )


def _route(fact: RouteFact) -> RouteFact:
    return replace(fact, span=FIRST_LINE)


def _decorators(facts: tuple[DecoratorFact, ...]) -> Iterator[DecoratorFact]:
    for fact in facts:
        last = fact.name.rpartition(".")[2]
        if last in _DECORATORS:
            args = () if last == "route" else fact.args
            yield DecoratorFact(fact.name, args=args, called=fact.called)


def ordinal(fact: ClassFact, number: int) -> ClassFact:
    """A class with its number in the addon for a place: what tells two of one model apart."""
    return replace(fact, span=Span(number, 0, number, 0))


def view(fact: ViewFact) -> ViewFact | None:
    """A bare view; None when its arch is none."""
    try:
        bare = bare_view(fact)
    except etree.XMLSyntaxError:
        return None
    return replace(fact, span=FIRST_LINE, places=(), **bare)


def record(fact: RecordFact) -> RecordFact:
    wanted = _KEPT.get(fact.model, ())
    values = tuple(
        ValueFact(item.name, kind=item.kind, value=item.value)
        for item in fact.values
        if wanted is None or item.name in wanted
        if item.name != "name" and item.value and len(item.value) <= _VALUE
    )
    tag = fact.tag if values else "record"
    return RecordFact(fact.xmlid, fact.model, values=values, noupdate=fact.noupdate, tag=tag)
