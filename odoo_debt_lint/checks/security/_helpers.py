"""Functions of files without controllers, to which handlers of other files may pass what came with a request.

There are many of them, and few are ever given such a thing: they are judged by their ``ast`` alone.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

from odoo_debt_lint.checks.security._glance import keyword
from odoo_debt_lint.python.across.handing import REQUEST, Rights, Wholes, checks_caller, elevates, may_elevate
from odoo_debt_lint.python.across.names import Names
from odoo_debt_lint.python.across.taints import NOTHING, Taint
from odoo_debt_lint.python.flow.knowledge import FRAMEWORK_CALLS
from odoo_debt_lint.python.flow.values import Level
from odoo_debt_lint.python.literals import dotted
from odoo_debt_lint.rule import Mark

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

PUBLIC_MODELS = re.compile(
    r"^(res\.(country|lang|currency|city|company|groups)|product\.|uom\.|website|blog\.|"
    r"event\.(event|type|tag|booth|track)\b|"
    r"hr\.job|slide\.|forum\.|payment\.(provider|acquirer|method)|delivery\.carrier|ir\.(model|ui|http|module)|"
    r"ir\.config_parameter|utm\.|auth\.\w+\.provider|theme\.|"
    r"[\w.]+\.(styles?|themes?|stages?|tags?|types?|categor\w+|district|city|state)$)"
)
"""Models whose records everybody may read anyway."""
_HARMLESS_FIELDS = re.compile(
    r"(^|\.)(country|state|city|district|website|product|product_tmpl|categ|category|company|lang|currency|"
    r"pricelist|event|blog|page|stage|type|tag|uom|brand|store|shop|region)_ids?$"
)
_ID = re.compile(r"(^|[._])ids?$")
SEARCHES = frozenset("search search_read search_fetch read_group _read_group formatted_read_group".split())
EXCLUDING = frozenset({"!=", "<>", "not in"})
"""Operators which leave a record out instead of choosing it."""
_CHOOSING = SEARCHES | {"sudo", "browse"}


def selects_by_id(field: str) -> bool:
    """Whether a term on a field selects records one by one."""
    return bool(_ID.search(field)) and not _HARMLESS_FIELDS.search(field)


def written_values(call: ast.Call) -> ast.expr | None:
    """The values of a call that writes, if they may be a dict that was handed on."""
    func = call.func
    assert isinstance(func, ast.Attribute)
    if func.attr == "update" and isinstance(func.value, ast.Name) and func.value.id != "self":
        return None  # a dict nearly always
    if isinstance(func.value, ast.Call) and getattr(func.value.func, "id", "") == "super":
        return None
    spread = (word.value for word in call.keywords if word.arg is None)
    named = keyword(call, "vals", "values", "vals_list")
    values = named or (call.args[0] if call.args else next(spread, None))
    built = isinstance(values, ast.Constant) or (isinstance(values, ast.Dict) and None not in values.keys)
    return None if built else values


def written_wholes(file: PythonFile, names: frozenset[str]) -> Iterator[Mark]:
    """Calls of these names which write a parameter as it came."""
    for unit, found in _helpers(file, names):
        given = [(call, node) for call in found if (node := written_values(call)) is not None]
        wholes = Wholes(unit, file, handles=False) if given else None
        for call, node in given:
            name = wholes.of(node) if wholes is not None else ""
            owner = call.func.value  # type: ignore[attr-defined]
            if name and (_is_record(owner) or Names(file, unit).record(owner) is not None):
                data = {"call": call.func.attr, "sudo": ".sudo()" in dotted(owner)}  # type: ignore[attr-defined]
                yield _mark(file, unit, call, {name}, data)


def chosen_records(file: PythonFile) -> Iterator[Mark]:
    """Records which a parameter chooses and which are used with superuser rights."""
    if not may_elevate(file.text.text):
        return
    for unit, found in _helpers(file, _CHOOSING):
        text = file.source(unit)
        if may_elevate(text) and not checks_caller(text):
            yield from _chosen(file, unit, found)


def _helpers(file: PythonFile, names: frozenset[str]) -> Iterator[tuple[Unit, list[ast.Call]]]:
    """Functions which those of other files may call and give something, with their calls of these names."""
    if (
        file.role != "code"
        or file.embedded
        or any(klass.kind == "controller" for klass in file.facts.classes)
    ):
        return
    nodes = file.skeleton.kinds[ast.Call]
    found = [node for node in nodes if isinstance(node.func, ast.Attribute) and node.func.attr in names]
    units = file.units if found else []
    starts = [unit.first for unit in units]
    by_unit: dict[int, list[ast.Call]] = {}
    for call in found:
        by_unit.setdefault(bisect_right(starts, call.lineno) - 1, []).append(call)
    for index, inside in by_unit.items():
        unit = units[index]
        method = file.methods.get((unit.klass, unit.name)) if unit.method else None
        if method is not None and unit.name not in FRAMEWORK_CALLS:
            if len(method.params) > bool(unit.klass) or "request" in file.words:
                yield unit, inside


def _chosen(file: PythonFile, unit: Unit, found: list[ast.Call]) -> Iterator[Mark]:
    rights, names = Rights(unit), Names(file, unit)
    for call in found:
        func = call.func
        assert isinstance(func, ast.Attribute)
        taint = NOTHING
        if func.attr == "sudo" and elevates(call):
            taint = _browsed(func.value, rights, names)
        elif func.attr == "browse" and call.args and rights.of(func.value):
            taint = NOTHING if _is_held(call.args[0]) else names.of(call.args[0])
        elif func.attr in SEARCHES and rights.of(func.value):
            domain = keyword(call, "domain", "args") or (call.args[0] if call.args else None)
            taint = _searched(domain, names)
        if taint is NOTHING:
            continue
        record = names.record(func.value)
        if record is None or record.path or not PUBLIC_MODELS.match(record.model):
            params = {origin[3] for origin in taint.via | taint.chosen if origin[0] != "call"}
            sent = taint.origin >= Level.USER
            yield _mark(file, unit, call, params | ({REQUEST} if sent else set()), {"call": func.attr})


def _browsed(node: ast.expr, rights: Rights, names: Names) -> Taint:
    """What chose the record on which ``sudo()`` is called: ``self.browse(order_id).sudo()``."""
    if isinstance(node, ast.Name):
        values = rights.set.get(node.id, [])
        node = values[0] if len(values) == 1 and values[0] is not None else node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not rights.of(node.func.value):
        if node.func.attr == "exists":
            return _browsed(node.func.value, rights, names)
        if node.func.attr == "browse" and node.args:
            return names.of(node.args[0])
    return NOTHING


def _searched(domain: ast.expr | None, names: Names) -> Taint:
    """What chooses by an id in a domain that is not tied to another record."""
    found = NOTHING
    for term in domain.elts if isinstance(domain, ast.List) else ():
        if not isinstance(term, ast.Tuple | ast.List) or len(term.elts) != 3:
            continue
        field, sent = term.elts[0], term.elts[2]
        if not isinstance(field, ast.Constant) or not isinstance(field.value, str):
            return NOTHING
        tied = field.value.endswith("_id") and isinstance(sent, ast.Attribute) and sent.attr == "id"
        if tied and names.of(sent) is NOTHING:
            return NOTHING
        operator = getattr(term.elts[1], "value", "")
        if selects_by_id(field.value) and operator not in EXCLUDING and not _is_held(sent):
            found = found | names.of(sent)
    return found


def _is_held(ids: ast.expr) -> bool:
    """``order.partner_id.id``: what a record holds, which was chosen before and handed over itself."""
    return (
        isinstance(ids, ast.Attribute) and ids.attr in ("id", "ids") and isinstance(ids.value, ast.Attribute)
    )


def _is_record(node: ast.expr) -> bool:
    text = dotted(node)
    return "env[]" in text or ".sudo()" in text


def _mark(file: PythonFile, unit: Unit, call: ast.Call, given: set[str], data: dict[str, object]) -> Mark:
    """A mark for what parameters decide, or the request itself (see ``_sent``)."""
    names = sorted(given - {REQUEST})
    via = [("parameter", unit.klass, unit.name, name) for name in names]
    functions = [[unit.klass, unit.name]] if REQUEST in given else []
    known = {"away": True, "unfollowed": True, "via": via, "functions": functions}
    entity = f"{unit.klass}.{unit.name}" if unit.klass else unit.name
    return Mark(file.skeleton.span(call), {**known, **data}, entity=entity)
