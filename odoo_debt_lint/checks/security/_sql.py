"""What the SQL rules share: is this call a query, and which of its arguments is the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.calls import is_cursor
from odoo_debt_lint.python.knowledge import EXECUTE, EXECUTE_FUNCTIONS, SQL_TEXT
from odoo_debt_lint.python.values import Value

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body


_KNOWN = EXECUTE | EXECUTE_FUNCTIONS


def is_execute(call: Any, body: Body) -> bool:
    """Whether the call runs SQL: by the cursor it is called on, or by the look of its text."""
    if not call.args:
        return False
    if isinstance(call.func, cst.Attribute) and call.func.attr.value not in _KNOWN:
        return False
    symbol = body.callee(call)
    owner, _, name = symbol.rpartition(".")
    if name in EXECUTE_FUNCTIONS:
        return len(call.args) > 1
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
