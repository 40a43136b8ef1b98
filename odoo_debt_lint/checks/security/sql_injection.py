"""Text put together into SQL.

## What it does
Follows the query of every `execute()` back to where it was built: f-strings, `%`, `.format()`, `+`, `+=`,
`join`, through variables, branches, loops, aliases of the cursor and helpers, also those of other files and
addons of the set, and in the Python of server actions. The query of `pandas.read_sql()`, what SQLAlchemy's
`text()` is made of, and values sent from outside which `AsIs()` makes text of the query count as well. It
is critical when the text comes from a request or from an argument of a public method, which any user can
call through RPC.

## Why is this bad
Whoever controls the text controls the database: all companies' data, passwords and access rights.

## How to fix
Pass values as parameters: `cr.execute("... WHERE name = %s", (name,))`. Build identifiers with
`odoo.tools.SQL` or `psycopg2.sql`, or check them against a fixed list.

## Not reported
Parameters; `psycopg2.sql` and `odoo.tools.SQL` over constant text; `self._table` and other names the ORM
fixes; `",".join(["%s"] * n)`; `%d`; module constants and helpers that return constants; values checked for
membership in constants. Numbers, dates and ids put in as text have low confidence, and so has what a
regular expression lets through as a word, or what `init()` of a view puts together from its own methods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._across import Arrival, Judged, arriving, noted
from odoo_debt_lint.checks.security._sql import as_is, has_as_is, is_execute, queries, query_value
from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.flow.calls import is_cursor
from odoo_debt_lint.python.flow.knowledge import EXECUTE
from odoo_debt_lint.python.flow.values import Level, Value
from odoo_debt_lint.rule import Block, Confidence, Hit, Marks, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit


_SETUP = frozenset({"init", "_auto_init"})
"""Methods that Odoo calls while it installs: what they read is written by developers."""


def check(call: Any, body: Body) -> Marks:
    """Judges the query argument of one call."""
    if not is_execute(call, body) and not _on_cursor(call):
        return
    value = as_is(call, body) or query_value(call, body)
    if value is None or (value.composed and not value.built) or value.level <= Level.CLEAN:
        return
    yield from noted(body, call, value)
    judged = judge(value)
    if judged is not None:
        message, severity, confidence = judged
        if body.file.role == "migration" or (body.unit.name in _SETUP and value.level is Level.UNKNOWN):
            confidence = Confidence.LOW
        yield Hit(call, message, severity, confidence, flow=lambda: body.flow_locations(value))


def _on_cursor(call: Any) -> bool:
    """``cursor.execute(...)``, wherever the variable comes from: ``cursor = self.source_id.open()``."""
    function = call.func
    return (
        bool(call.args)
        and isinstance(function, cst.Attribute)
        and function.attr.value in EXECUTE
        and isinstance(function.value, cst.Name)
        and is_cursor(function.value.value)
    )


def judge(value: Value | Arrival) -> Judged | None:
    """What to say of a query with this value, in this file or when all files are known."""
    if not value.built and value.level < Level.ARGUMENT:
        return None
    severity, confidence, origin = _origin(value)
    return f"SQL is put together as text {origin}", severity, confidence


def _origin(value: Value | Arrival) -> tuple[Severity, Confidence, str]:
    if value.level is Level.USER:
        return Severity.CRITICAL, Confidence.HIGH, "from a request value; pass it as a parameter"
    if value.level is Level.ARGUMENT:
        text = "from an argument that any user can send through RPC; pass it as a parameter"
        return Severity.CRITICAL, Confidence.HIGH, text
    if value.level is Level.STORED:
        return Severity.HIGH, Confidence.HIGH, "from a field that users write; pass it as a parameter"
    if value.level is Level.UNKNOWN:
        return Severity.HIGH, Confidence.HIGH, "from a value that nobody has checked; pass it as a parameter"
    if value.level is Level.VAGUE:
        return Severity.HIGH, Confidence.LOW, "from a value that cannot be followed; pass it as a parameter"
    return Severity.HIGH, Confidence.LOW, "from a number, date or ids; pass it as a parameter"


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether some query is more than literals."""
    return any(texts is None or has_as_is(file) for texts in queries(unit, file))


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.SECURITY,
    minutes=60,
    offset=30,
    listeners=(OnNode(("Call",), check), arriving("sql-injection", judge)),
    roles=frozenset({"code", "hook", "data", "migration"}),
    tags=("data-flow",),
    triggers=(b"execute", b"copy_expert", b"read_sql"),
    glance=glance,
)
