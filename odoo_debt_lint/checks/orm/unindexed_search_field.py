"""Field that is searched for often and has no index.

## What it does
Reports a stored field of the addon, in a model of its own or one it extends, which is the only key of a
search in a place that runs often: in a loop, in a constraint, in `create`, `write` or a compute method, in a
scheduled action or a route. A field that tells records apart by its name (`external_ref`, `token`, `barcode`)
counts wherever it is searched.

## Why is this bad
PostgreSQL reads the whole table for each such search. That is nothing with a hundred records, and minutes
with a million.

## How to fix
`index=True` on the field; from 16.0 `index="btree_not_null"` where most records leave it empty.

## Not reported
Fields with an index or a unique constraint; searches with another indexed key; Selection and Boolean fields,
where an index does not help; `ilike`, `!=` and alternatives (`"|"`); models of set-up; fields of other
addons; wizards.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from odoo_debt_lint.checks.orm.search_without_limit import SMALL, model_of
from odoo_debt_lint.facts import FieldFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Part, Scope
from odoo_debt_lint.python.code import RECORDS, Code
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, Mark, Marks, OnAddon, OnModule, Rule, Severity

_SEARCHES = ("search", "search_count", "search_read", "search_fetch")
_EXACT = frozenset({"=", "in", "=?"})
_TYPES = frozenset({"Char", "Integer", "Many2one", "Date", "Datetime", "Text", "Many2oneReference"})
_OFTEN = ("constrains", "depends", "model_create_multi", "route", "onchange")
_NAMES = ("create", "write", "name_search", "_name_search")
_KEY = re.compile(
    r"(^|_)(ref|reference|barcode|ean\d*|uuid|guid|token|sku|hash|imei|vin|number|serial|external_id|remote_id"
    r"|message_id|key)$"
)
"""Names of fields whose value only one record has, or few: they are there to be searched for."""


def note(file: PythonFile) -> Marks:
    """Notes the keys of exact searches in places that run often."""
    for name in _SEARCHES:
        for event in file.skeleton.events.get(name, ()):
            domain, often = _domain(event.node), event.loop or _runs_often(event.root)
            if not isinstance(event.node.func, ast.Attribute):
                continue
            if isinstance(domain, ast.Name) and often:
                domain = _written(file.code(event.root, event.klass), domain)
            keys = _keys(domain) if isinstance(domain, ast.List) else []
            if not keys or not (often or all(map(_KEY.search, keys))):
                continue
            code = file.code(event.root, event.klass)
            receiver = event.node.func.value
            model = model_of(code, receiver) if code.kind(receiver) == RECORDS else ""
            if model:
                yield Mark(file.skeleton.span(event.node), {"model": model, "keys": keys}, entity=code.entity)


def _domain(call: ast.Call) -> ast.expr | None:
    named = (word.value for word in call.keywords if word.arg in ("domain", "args"))
    return call.args[0] if call.args else next(named, None)


def _written(code: Code, name: ast.Name) -> ast.expr | None:
    """The domain which a variable holds, when nothing adds to it."""
    bound = code.bindings.get(name.id, [])
    uses = (node for node in code.nodes if isinstance(node, ast.Name) and node.id == name.id)
    if len(bound) != 1 or bound[0][0] != "value":
        return None
    return (
        None
        if any(isinstance(code.parent(use), ast.Attribute | ast.AugAssign) for use in uses)
        else bound[0][1]
    )


def _keys(domain: ast.List) -> list[str]:
    """Field names of a domain in which all conditions must hold; a condition that is not exact has an
    empty name."""
    found: list[str] = []
    for item in domain.elts:
        if isinstance(item, ast.Constant) and item.value == "&":
            continue
        if not isinstance(item, ast.Tuple | ast.List) or len(item.elts) != 3:
            return []
        name, operator = item.elts[0], item.elts[1]
        if not (isinstance(name, ast.Constant) and isinstance(operator, ast.Constant)):
            return []
        value = item.elts[2]
        empty = isinstance(value, ast.Constant) and isinstance(value.value, bool | None)
        found.append(str(name.value) if operator.value in _EXACT and not empty else "")
    return found


def _runs_often(root: ast.AST) -> bool:
    decorators = " ".join(ast.unparse(item) for item in getattr(root, "decorator_list", ()))
    if any(word in decorators for word in _OFTEN):
        return True
    name = getattr(root, "name", "")
    return name in _NAMES or name.startswith("_compute") or "cron" in name


def judge(scope: Scope) -> Hits:
    seen: set[tuple[str, str]] = set()
    for path, mark in scope.marks("unindexed-search-field"):
        model = mark.data["model"]
        fields = _own_fields(scope, model)
        exact = [name for name in mark.data["keys"] if name]
        if not fields or any(
            name not in fields or _is_indexed(scope, model, fields[name][1]) for name in exact
        ):
            continue
        for name in exact:
            part, field = fields[name]
            if _deserves(field) and (model, name) not in seen:
                seen.add((model, name))
                yield Hit(
                    Location(part.path, field.span),
                    f"{name} is searched for often and has no index",
                    related=(Location(path, mark.span, "searched here"),),
                    entity=f"{part.klass.name}.{name}",
                )
                break


def _deserves(field: FieldFact) -> bool:
    """A field of few values, such as the company, is in every second record: an index does not help. What a
    field without a comodel only redeclares is not known here."""
    if field.type == "Many2one" and not field.comodel:
        return False
    return field.type in _TYPES and not SMALL.match(field.comodel) and field.name != "company_id"


def _own_fields(scope: Scope, model: str) -> dict[str, tuple[Part, FieldFact]]:
    """Stored fields which the addon itself brings, with a model of its own or for another addon's."""
    parts = [] if SMALL.match(model) else scope.addon.parts.get(model, [])
    known: set[str] = set()
    if not any(part.klass.defines for part in parts):
        others = [part for part in scope.parts(model) if part.addon != scope.addon.name]
        if not scope.complete or not any(
            part.klass.defines and part.klass.kind == "model" for part in others
        ):
            return {}
        known = {field.name for part in others for field in part.klass.fields}
    return {
        field.name: (part, field)
        for part in parts
        for field in part.klass.fields
        if part.klass.kind == "model" and field.name not in known and _is_stored(field.kwargs, field)
    }


def _is_stored(words: dict[str, object], field: FieldFact) -> bool:
    if "store" in words or "store" in field.dynamic:
        return words.get("store") is True
    return not {"compute", "related"} & ({*words, *field.dynamic})


def _is_indexed(scope: Scope, model: str, field: FieldFact) -> bool:
    if field.kwargs.get("index") or "index" in field.dynamic or "**" in field.dynamic:
        return True
    return any(field.name in constraint for constraint in _constraints(scope, model))


def _constraints(scope: Scope, model: str) -> Iterator[str]:
    """Texts of SQL constraints: a unique one has an index. From 19.0 they are attributes of their own."""
    for part in scope.addon.parts.get(model, ()):
        for item in part.klass.attrs.get("_sql_constraints") or ():
            if isinstance(item, list) and len(item) > 1:
                yield str(item[1])
        if any(name.startswith("_") for name in part.klass.unread):
            yield " ".join(field.name for field in part.klass.fields)


RULE = Rule(
    severity=Severity.LOW,
    block=Block.PERFORMANCE,
    minutes=5,
    listeners=(OnModule(note), OnAddon(judge, bodies="closure", data="closure")),
    confidence=Confidence.MEDIUM,
)
