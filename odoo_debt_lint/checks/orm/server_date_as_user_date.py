"""Date of the server where the date of the user is meant.

## What it does
Reports `fields.Date.today`, `date.today`, `datetime.now` and `time.strftime` as the default of a Date
field, and their result where it is stored in a Date field of the model, also some days later (`date.today()
+ timedelta(7)`), as text, or where there is no other date (`order.date or date.today()`).

## Why is this bad
The server runs in UTC. In the evening in America and in the morning in Asia and Australia its date is not
the user's: documents are dated yesterday or tomorrow, and land in the wrong period.

## How to fix
`default=fields.Date.context_today` (without brackets), `fields.Date.context_today(self)` in methods.

## Not reported
Datetime fields, which hold UTC; `datetime.now()` of a given timezone; scheduled actions, which have no user;
comparisons and domains.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from odoo_debt_lint.checks.orm._fields import model_fields
from odoo_debt_lint.facts import ClassFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.python.literals import dotted, resolve
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.trees import holds_line, nodes_of
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
)

_TODAY = (
    *("Date.today", "date.today", "datetime.today", "datetime.now", "datetime.utcnow"),
    *("Datetime.now", "Datetime.today"),
)
_TEXT = "time.strftime"
_WORDS = ("today", "now", "utcnow", "strftime")
_SHAPING = frozenset({"replace", "strftime", "isoformat"})
_STORING = frozenset({"write", "create", "update", "copy", "new"})
_SAME = frozenset({"sudo", "with_context", "with_company", "with_user"})
_WRAPPING = (
    "Date.to_string",
    "Date.to_date",
    "Date.from_string",
    "Date.add",
    "Date.subtract",
    "Date.start_of",
    "Date.end_of",
)
_MESSAGE = "{} gets the server's date, which is not always the user's; use fields.Date.context_today"


def check(file: PythonFile) -> Hits | Marks:
    if file.words.isdisjoint(_WORDS):
        return
    told = sorted(line for word in _WORDS for line in _lines_with(file, f".{word}"))
    for klass in file.facts.classes:
        dates = frozenset(field.name for field in klass.fields if field.type == "Date")
        if not klass.is_model:
            continue
        yield from _defaults(file, klass, dates)
        for (owner, name), node in file.skeleton.defs.items():
            if owner == klass.name and "cron" not in name and holds_line(node, told):
                nodes = list(nodes_of(node))
                held = _todays(file, nodes)
                yield from _stored(file, nodes, held, dates, f"{owner}.{name}")
                yield from _elsewhere(file, nodes, held, klass, f"{owner}.{name}")


def _lines_with(file: PythonFile, word: str) -> list[int]:
    """The lines in which a word stands."""
    text, lines = file.text.text, []
    start = text.find(word)
    while start >= 0:
        lines.append(file.text.position(start)[0])
        start = text.find(word, start + 1)
    return lines


def _defaults(file: PythonFile, klass: ClassFact, dates: frozenset[str]) -> Iterator[Hit]:
    for field in klass.fields:
        if field.name not in dates or "default" not in field.dynamic:
            continue
        for value in file.skeleton.values.get((klass.name, field.name), ()):
            for word in value.keywords if isinstance(value, ast.Call) else ():
                given = word.value.body if isinstance(word.value, ast.Lambda) else word.value
                called = isinstance(word.value, ast.Lambda)
                if word.arg != "default":
                    continue
                told = _is_it(file, given, frozenset()) if called else _is_today(file, given, False)
                if told or _gives_today(file, klass, _moved(given) if called else given, called):
                    span = file.skeleton.span(word.value)
                    yield Hit(span, _MESSAGE.format(field.name), entity=f"{klass.name}.{field.name}")


def _gives_today(file: PythonFile, klass: ClassFact, node: ast.expr, called: bool) -> bool:
    """``default=_default_date`` and ``default=lambda self: self._default_date()``, where the method of the
    class returns nothing else."""
    if called:
        node = node.func if isinstance(node, ast.Call) else node
    name = node.attr if called and isinstance(node, ast.Attribute) else getattr(node, "id", "")
    method = file.skeleton.defs.get((klass.name, name)) if name else None
    if method is None:
        return False
    nodes = list(nodes_of(method))
    held = _todays(file, nodes)
    values = [inner.value for inner in nodes if isinstance(inner, ast.Return)]
    return bool(values) and all(value is not None and _is_it(file, value, held) for value in values)


def _is_today(file: PythonFile, node: ast.expr, called: bool) -> bool:
    """``date.today`` as it stands, or its call; also ``datetime.now().date()``."""
    if called:
        if not isinstance(node, ast.Call):
            return False
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr == "date":
            node = function.value if isinstance(function.value, ast.Call) else node
        if len(node.args) == 1 and resolve(dotted(node.func), file.names) == _TEXT:
            return True
        if any("utc" not in ast.unparse(given).lower() for given in (*node.args, *node.keywords)):
            # datetime.now(timezone) is the date of those who live there
            return False
        node = node.func
    if not isinstance(node, ast.Attribute):
        return False
    return resolve(dotted(node), file.names).endswith(_TODAY)


def _todays(file: PythonFile, nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Variables that hold nothing but the server's date."""
    held: dict[str, bool] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            held[name] = held.get(name, True) and _is_today(file, _moved(node.value), True)
    return frozenset(name for name, holds in held.items() if holds)


def _stored(
    file: PythonFile, nodes: Iterable[ast.AST], held: frozenset[str], dates: frozenset[str], entity: str
) -> Iterator[Hit]:
    for node in nodes:
        if isinstance(node, ast.Assign) and _is_it(file, node.value, held):
            for target in node.targets:
                name = _target(target)
                if name in dates:
                    yield Hit(file.skeleton.span(node.value), _MESSAGE.format(name), entity=entity)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in dates and _is_it(file, value, held):
                    yield Hit(file.skeleton.span(value), _MESSAGE.format(key.value), entity=entity)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
            for word in node.keywords:
                if word.arg in dates and _is_it(file, word.value, held):
                    yield Hit(file.skeleton.span(word.value), _MESSAGE.format(word.arg), entity=entity)


def _elsewhere(
    file: PythonFile, nodes: list[ast.AST], held: frozenset[str], klass: ClassFact, entity: str
) -> Marks:
    """What the method stores in fields of its records which another class declares: the index knows their
    types."""
    own = {field.name for field in klass.fields}
    dates = {field.name for field in klass.fields if field.type == "Date"}
    loops = [node for node in nodes if isinstance(node, ast.For)]
    records = {"self", *(getattr(loop.target, "id", "") for loop in loops if dotted(loop.iter) == "self")}
    for node in nodes:
        for model, name, value in _given(node, records):
            known = own if model is None else dates
            if name not in known and _is_it(file, value, held):
                data = {"model": model or klass.model, "field": name, "entity": entity}
                yield Mark(file.skeleton.span(value), data)


def _given(node: ast.AST, records: set[str]) -> Iterator[tuple[str | None, str, ast.expr]]:
    """``record.field = value``, ``record.write({"field": value})``, ``self.env["x"].create({…})``, with the
    model where it is another one."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and dotted(target.value) in records:
                yield None, target.attr, node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _STORING:
        receiver = _receiver(node.func.value)
        model = _model(receiver)
        if not model and dotted(receiver) not in records:
            return
        for values in _dicts(node.args[:1]):
            for key, value in zip(values.keys, values.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield model or None, str(key.value), value


def _receiver(node: ast.expr) -> ast.expr:
    """The records behind ``self.sudo()`` and its like."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _SAME:
        node = node.func.value
    return node


def _model(node: ast.expr) -> str:
    """The model of ``self.env["x"]``."""
    if isinstance(node, ast.Subscript) and dotted(node.value).rpartition(".")[2] == "env":
        return str(node.slice.value) if isinstance(node.slice, ast.Constant) else ""
    return ""


def _dicts(given: list[ast.expr]) -> Iterator[ast.Dict]:
    """The values of one record, or of several."""
    for item in given:
        if isinstance(item, ast.Dict):
            yield item
        elif isinstance(item, ast.List):
            yield from _dicts(item.elts)


def judge(scope: Scope) -> Hits:
    """What was noted, once the fields of the whole model are known."""
    for path, mark in scope.marks("server-date-as-user-date"):
        name = mark.data["field"]
        fields = model_fields(scope).of(mark.data["model"]) or {}
        declared = fields.get(name, ())
        if declared and all(field.type == "Date" for field in declared):
            place = Location(path, mark.span)
            yield Hit(place, _MESSAGE.format(name), entity=mark.data["entity"])


def _target(node: ast.expr) -> str:
    """The field behind ``record.date = …`` and ``vals["date"] = …``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    key = node.slice if isinstance(node, ast.Subscript) else None
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


def _is_it(file: PythonFile, node: ast.expr, held: frozenset[str]) -> bool:
    node = _moved(node)
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        return _is_it(file, node.values[-1], held)
    if isinstance(node, ast.IfExp):
        return _is_it(file, node.body, held) or _is_it(file, node.orelse, held)
    return node.id in held if isinstance(node, ast.Name) else _is_today(file, node, True)


def _moved(node: ast.expr) -> ast.expr:
    """The date of ``date.today() + timedelta(days=30)``, ``date.today().replace(day=1)`` and
    ``fields.Date.to_string(date.today())``."""
    while True:
        function = node.func if isinstance(node, ast.Call) else None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and _is_span(node.right):
            node = node.left
        elif isinstance(function, ast.Attribute) and function.attr in _SHAPING and dotted(function) != _TEXT:
            node = function.value
        elif isinstance(node, ast.Call) and node.args and dotted(node.func).endswith(_WRAPPING):
            node = node.args[0]
        else:
            return node


def _is_span(node: ast.expr) -> bool:
    """A length of time, and not a second date or text."""
    return isinstance(node, ast.Call) and dotted(node.func).endswith(("timedelta", "relativedelta"))


RULE = Rule(
    severity=Severity.LOW,
    block=Block.CODE,
    minutes=5,
    listeners=(OnModule(check), OnAddon(judge, bodies="closure", data="closure")),
    confidence=Confidence.MEDIUM,
)
