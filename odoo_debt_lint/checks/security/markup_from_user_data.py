"""Text of users put into a page as markup.

## What it does
Reports `Markup(...)` over text that has been put together or whose lines were broken by `<br/>`, `t-raw` in
templates (of the browser too), and `fields.Html(sanitize=False)` which users can write.

## Why is this bad
A name such as `<script>...` runs in the browser of everybody who sees the page, with their rights.

## How to fix
`Markup("<b>%s</b>") % name` escapes what it puts in. `t-out` instead of `t-raw` from 15.0 on, `t-esc`
before. Leave `sanitize` on.

## Not reported
`Markup("...") % x` and `Markup("...").format(x)`; numbers; what went through `escape`; `t-raw="0"`,
numbers, labels for printers, literals and variables which the same template fills with `t-set`; Html fields
that are computed, read-only or for administrators; those which only managers write have low confidence. So
has `t-raw` of a field which is Html wherever it is declared: it has been cleaned, and of what is called like
an amount where its type is not known.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._across import Arrival, Judged, arriving, noted
from odoo_debt_lint.checks.security._raw import is_amount, is_converted
from odoo_debt_lint.checks.security._rights import for_administrators, is_written, managers_write, users_write
from odoo_debt_lint.checks.security._web import argument, broken_lines
from odoo_debt_lint.index import AddonFacts, Index, Scope
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.values import Level
from odoo_debt_lint.rule import (
    Block,
    Confidence,
    Hit,
    Hits,
    Location,
    Mark,
    Marks,
    OnAddon,
    OnElement,
    OnNode,
    Rule,
    Severity,
)

if TYPE_CHECKING:
    from odoo_debt_lint.facts import FieldFact
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.xml.document import XmlFile

_MESSAGE = 'Markup() over text that was put together before escapes nothing; write Markup("...%s") % value'
_ESCAPES = re.compile(r"escape|sanitize|plaintext2html|text2html|nl2br|quote")
_FIELD = re.compile(r"^\s*[a-z_]\w*(?:\.\w+)*\.(\w+)\s*$")
_KANBAN = re.compile(r"^\s*record\.(\w+)\.(raw_)?value\s*$")
_NUMERIC = frozenset("Integer Float Monetary Boolean Date Datetime Id".split())
_COUNTING = frozenset({"len", "int", "float", "round", "abs", "bool"})
_PRINTER = re.compile(r"\^(XA|FD|FO)|^[A-Z]{1,3}\s?,?\d+,\d+,", re.M)
"""The languages of label printers."""
_WRAPPERS = frozenset({"t", "template", "record", "field", "odoo", "openerp", "data", "templates"})


def check_call(call: Any, body: Body) -> Marks:
    """``Markup(...)`` over built text."""
    named = body.callee(call).rpartition(".")[2] == "Markup"
    node = argument(call, 0, "base", "object") if named else None
    if node is None:
        return
    value = body.flow.value(node)
    yield from noted(body, call, value)
    # who breaks the lines of a text takes it for plain, yet escapes nothing
    broken = broken_lines(body, node)
    built = value.built or value.level >= Level.ARGUMENT or (broken and not _ESCAPES.search(broken))
    if value.level <= Level.NUMBER or not built:
        return
    escapes = any(_ESCAPES.search(item.name) for item in body.flow.met.values() if item.node is not call)
    if value.level is Level.VAGUE and escapes:
        return
    collected = isinstance(node, cst.Name) or (isinstance(node, cst.Call) and "join" in body.callee(node))
    unsure = value.level is Level.VAGUE or (
        escapes and collected and value.level in (Level.UNKNOWN, Level.STORED)
    )
    yield Hit(
        call,
        _MESSAGE,
        confidence=Confidence.LOW if unsure else None,
        flow=lambda: body.flow_locations(value),
    )


def judge(found: Arrival) -> Judged | None:
    """Request values and texts which another file has put together."""
    return (_MESSAGE, None, None) if found.level >= Level.ARGUMENT else None


def check_element(element: Any, file: XmlFile) -> Marks:
    """``t-raw`` in templates, also where an extension sets it."""
    expression = element.get("t-raw")
    if expression is None:
        if element.tag != "attribute" or element.get("name") != "t-raw" or not (element.text or "").strip():
            return
        expression, where = element.text.strip(), file.span(element)
    else:
        where = file.attribute_span(element, "t-raw")
    if is_converted(expression, element.get("t-options", "")) or _is_plain_text(element):
        return
    if file.role != "static" and _is_number(expression):
        return
    if _is_set_here(element, expression.strip()):
        return
    series = file.series.partition(".")[0]
    instead = "t-esc" if series.isdigit() and int(series) < 15 else "t-out"
    text = f't-raw="{expression.strip()[:60]}" puts text into the page unescaped; use {instead}'
    sure = Confidence.LOW if is_amount(expression) else Confidence.MEDIUM
    if file.role == "static":
        yield Hit(where, text, confidence=sure)
    elif kanban := _KANBAN.match(expression):
        yield Mark(where, {"shown": kanban[1], "raw": bool(kanban[2]), "text": text})
    elif field := _FIELD.match(expression):
        yield Mark(where, {"field": field[1], "text": text})
    elif expression.strip().isidentifier():
        yield Mark(where, {"variable": expression.strip(), "text": text})
    else:
        yield Hit(where, text, confidence=sure)


def note_set(element: Any, file: XmlFile) -> Marks:
    """``<t t-set="header"><b t-esc="title"/></t>``: a variable that templates of this file render."""
    name = element.get("t-set")
    if name is not None and element.get("t-value") is None and file.role != "static":
        if len(element) or (element.text or "").strip():
            yield Mark(element, {"rendered": name})


def _is_number(expression: str) -> bool:
    """``len(lines)``, ``int(total)``, ``page_nr + 1``: no text can come out of it."""
    try:
        return _counts(ast.parse(expression.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError):
        return False


def _counts(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _COUNTING
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not | ast.USub)
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Add):
            return _counts(node.left) or _counts(node.right)
        return isinstance(node.op, ast.Sub | ast.Div | ast.FloorDiv | ast.Pow)
    return isinstance(node, ast.Compare) or (
        isinstance(node, ast.Constant) and type(node.value) in (int, float)
    )


def check_marks(scope: Scope) -> Hits:
    """``t-raw`` of fields: an Html field holds markup that has been cleaned, as far as all of its name do;
    and of variables, which templates that call this one may have rendered."""
    html: dict[str, bool] = {}
    for path, mark in scope.marks("markup-from-user-data"):
        data = mark.data
        if "text" not in data:
            continue
        harmless = False
        if "field" in data:
            name = data["field"]
            if name not in html:
                html[name] = _is_html(scope, name)
            harmless = html[name]
        elif "shown" in data:
            harmless = _is_numeric(scope, data["shown"], data["raw"])
        elif "variable" in data:
            harmless = _is_rendered(scope, data["variable"])
        confidence = Confidence.LOW if harmless else Confidence.MEDIUM
        yield Hit(Location(path, mark.span), data["text"], confidence=confidence, entity=mark.entity)


def _is_numeric(scope: Scope, name: str, raw: bool) -> bool:
    """Whether all fields of a name hold numbers; of a many2one the raw value is its id. Where no field of the
    name is known, as in series without an index, a counter is one."""
    types = _NUMERIC | {"Many2one"} if raw else _NUMERIC
    found = [field.type for field in _fields(scope, name)]
    return types.issuperset(found) if found else name.endswith(("_counter", "_count"))


def _is_rendered(scope: Scope, name: str) -> bool:
    """Whether templates of this addon, or of one that depends on it, render a variable."""
    index = scope.index
    known = index.once("rendered-variables", lambda: _rendering(index))
    return any(scope.addon.name in index.closure_of(addon)[0] for addon in known.get(name, {}).values())


def _rendering(index: Index) -> dict[str, dict[str, AddonFacts]]:
    """The addons, by name, whose templates render each variable."""
    known: dict[str, dict[str, AddonFacts]] = {}
    for addon in index.all:
        for result in addon.files:
            for mark in result.marks:
                if mark.rule == "markup-from-user-data" and "rendered" in mark.data:
                    known.setdefault(mark.data["rendered"], {})[addon.name] = addon
    return known


def _fields(scope: Scope, name: str) -> Iterator[FieldFact]:
    """The fields of a name which the addon can see, of all models."""
    for addon in scope.addons:
        for part in addon.classes():
            for field in part.klass.fields:
                if field.name == name:
                    yield field


def _is_html(scope: Scope, name: str) -> bool:
    """Whether all fields of a name which the addon can see are Html fields that clean what is written."""
    found = [
        field.type == "Html" and (field.kwargs.get("sanitize") is not False or not is_written(field))
        for field in _fields(scope, name)
    ]
    return bool(found) and all(found)


def _is_plain_text(element: Any) -> bool:
    """Whether the template makes no page at all but text for a printer or a file."""
    root = element
    while root.getparent() is not None and root.tag not in ("template", "record", "templates"):
        root = root.getparent()
    tags = {item.tag for item in root.iter() if isinstance(item.tag, str)}
    if root.tag not in ("template", "record") or not tags <= _WRAPPERS:
        return False
    return bool(_PRINTER.search("".join(root.itertext())))


def _is_set_here(element: Any, name: str) -> bool:
    """Whether the template itself renders the variable: ``<t t-set="name">...</t>``."""
    if not name.isidentifier():
        return False
    found = element.getroottree().getroot().iterfind(f".//*[@t-set='{name}']")
    return any(item.get("t-value") is None and (len(item) or (item.text or "").strip()) for item in found)


def check_fields(scope: Scope) -> Hits:
    """Html fields that are stored as they come."""
    for part in scope.addon.classes():
        if not part.klass.is_model:
            continue
        for field in part.klass.fields:
            if field.type != "Html" or field.kwargs.get("sanitize") is not False:
                continue
            if not is_written(field) or field.kwargs.get("readonly") is True or for_administrators(field):
                continue
            written = users_write(scope, part.klass.model)
            if written is False:
                continue
            yield Hit(
                Location(part.path, field.span),
                f"{part.klass.model}.{field.name} keeps any script that a user writes into it",
                confidence=_confidence(scope, part.klass.model, written),
                entity=part.entity(field),
            )


def _confidence(scope: Scope, model: str, written: bool | None) -> Confidence:
    if written is None:
        return Confidence.MEDIUM
    return Confidence.LOW if managers_write(scope, model) else Confidence.HIGH


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=20,
    listeners=(
        OnNode(("Call",), check_call),
        OnElement(("*",), check_element),
        OnElement(("t",), note_set),
        OnAddon(check_fields),
        OnAddon(check_marks),
        arriving("markup-from-user-data", judge),
    ),
    roles=frozenset({"code", "hook", "static"}),
    tags=("data-flow",),
    triggers=(b"Markup", b"t-raw"),
)
