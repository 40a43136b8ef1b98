"""What the SQL rules share: is this call a query, and which of its arguments is the text."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._glance import called_name, calls, keyword, texts_of
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.calls import is_cursor
from odoo_debt_lint.python.flow.knowledge import EXECUTE, EXECUTE_FUNCTIONS, SQL_READERS, SQL_TEXT
from odoo_debt_lint.python.flow.values import Level, Value, raw_part

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit


_KNOWN = EXECUTE | EXECUTE_FUNCTIONS | SQL_READERS


def is_execute(call: Any, body: Body) -> bool:
    """Whether the call runs SQL: by the cursor it is called on, or by the look of its text."""
    if not call.args:
        return False
    if isinstance(call.func, cst.Attribute) and call.func.attr.value not in _KNOWN:
        return False
    symbol = body.origin(call)
    owner, _, name = symbol.rpartition(".")
    if name in EXECUTE_FUNCTIONS:
        return len(call.args) > 1
    if name in SQL_READERS:
        return owner.partition(".")[0] == "pandas"
    if name not in EXECUTE:
        return False
    if name.startswith("execute_query") or is_cursor(owner):
        return True
    value = body.flow.value(call.args[0].value)
    return value.text is not None and bool(SQL_TEXT.match(value.text))


def query_value(call: Any, body: Body) -> Value | None:
    """The value of the query argument."""
    name = body.callee(call).rpartition(".")[2]
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value in ("query", "sql"):
            return body.flow.value(arg.value)
    index = 1 if name in EXECUTE_FUNCTIONS else 0
    if len(call.args) <= index or call.args[index].star or call.args[index].keyword is not None:
        return None
    return body.flow.value(call.args[index].value)


def as_is(call: Any, body: Body) -> Value | None:
    """A parameter that ``AsIs`` puts into the query as text, and that somebody outside sends."""
    if not has_as_is(body.file):
        return None
    values = (body.flow.value(arg.value) for arg in call.args[1:])
    found = raw_part(values)
    return found if found is not None and found.level >= Level.ARGUMENT else None


def has_as_is(file: PythonFile) -> bool:
    """Whether a file knows ``AsIs``."""
    return "AsIs" in file.words


def queries(unit: Unit, file: PythonFile) -> Iterator[list[str] | None]:
    """What the ``ast`` of a body tells of each of its queries: the texts of which it is put together when all
    are written in the source, else None."""
    heads: set[int] = set()
    for call in calls(unit):
        name = called_name(call, file)
        if name not in _KNOWN or not (call.args or call.keywords):
            continue
        heads.add(id(call.func))
        index = 1 if name in EXECUTE_FUNCTIONS else 0
        if len(call.args) <= index or keyword(call, "query", "sql") is not None:
            yield None
        else:
            yield texts_of(unit, file, call.args[index])
    for node in unit.nodes:
        # a cursor's method that is put into a variable or handed on
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if name and id(node) not in heads and file.names.get(name, name).rpartition(".")[2] in _KNOWN:
            yield None
