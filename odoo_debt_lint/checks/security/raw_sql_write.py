"""INSERT, UPDATE or DELETE in SQL where the ORM should write.

## What it does
Reports every `execute()` whose text changes a table, also when the table's name is put in
(`UPDATE "%s" SET ...` with `self._table`), in a later statement of the same text or below a `WITH`.

## Why is this bad
The statement passes by access rights, record rules, constraints, computed and tracked fields, translations
and the cache: records in memory keep their old values and may write them back.

## How to fix
`create`, `write` and `unlink` on a recordset, in batches. Where only SQL is fast enough, call
`env.invalidate_all()` and `modified()` afterwards and accept the finding with a reason.

## Not reported
Migration scripts, tests, installation hooks, `init` and `_auto_init`; the view or table of a class with
`_auto = False`; tables which the same file creates in SQL, or in a schema of their own (`audit.log`);
PostgreSQL's own catalogues; connections which the code opened itself, past Odoo's registry.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.security._patterns import foreign_connection, in_hook, in_shell
from odoo_debt_lint.checks.security._sql import is_execute, queries, query_value
from odoo_debt_lint.python.flow.values import HOLE
from odoo_debt_lint.rule import Block, Hit, Hits, OnNode, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.python.units import Unit

_NAME = rf'"?((?:public"?\.)?"?(?:%\(\w+\)s|%s|{{{{?\w*}}}}?|[\w.{HOLE}])+)"?'
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.S)
_WRITE = re.compile(
    rf"(?:^|;|\bAS\s*\(|\)|\bEXISTS\s*\()\s*"
    rf"(INSERT\s+INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM(?:\s+ONLY)?|TRUNCATE(?:\s+TABLE)?)\s+{_NAME}",
    re.I,
)
_VERB = re.compile(r"\b(?:INSERT|UPDATE|DELETE|TRUNCATE)\b", re.I)
_NO_TABLE = re.compile(r"^(pg_|information_schema|set$|of$|skip$|nowait$)", re.I)
_CREATED = re.compile(r"\bCREATE\s+(?:\w+\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?\"?(\w+)", re.I)


def check(call: Any, body: Body) -> Hits:
    if in_hook(body) or "/migrations/" in f"/{body.file.inside}" or not is_execute(call, body):
        return
    if in_shell(body) or foreign_connection(body.origin(call).rpartition(".")[0], body):
        return
    value = query_value(call, body)
    if value is None or value.text is None:
        return
    for match in _WRITE.finditer(_COMMENT.sub(" ", value.text)):
        verb, table = match[1].split()[0].upper(), match[2]
        if not (_NO_TABLE.match(table) or _in_own_schema(table) or _is_own_table(table, body)):
            place = "a table" if HOLE in table or not table[:1].isalpha() else table
            yield Hit(
                call, f"{verb} on {place} bypasses the ORM: no access rights, no computed fields, stale cache"
            )
            return


def _in_own_schema(table: str) -> bool:
    """``audit.log``: tables of models stand in the schema ``public``."""
    schema, dot, _ = table.replace('"', "").partition(".")
    return bool(dot) and re.fullmatch(r"\w+", schema) is not None and schema.lower() != "public"


def _is_own_table(table: str, body: Body) -> bool:
    """The table behind a class with ``_auto = False``, or one that the same file creates."""
    klass = body.klass
    if klass is not None and klass.attrs.get("_auto") is False:
        own = str(klass.attrs.get("_table") or klass.model.replace(".", "_"))
        if HOLE in table or table in (own, "%s"):
            return True
    return table.lower() in {name.lower() for name in _CREATED.findall(body.file.text.text)}


def glance(unit: Unit, file: PythonFile) -> bool:
    """Whether some query may change rows."""
    return any(texts is None or any(_VERB.search(text) for text in texts) for texts in queries(unit, file))


RULE = Rule(
    severity=Severity.MEDIUM,
    block=Block.SECURITY,
    minutes=60,
    listeners=(OnNode(("Call",), check),),
    roles=frozenset({"code", "data"}),
    triggers=(b"execute",),
    glance=glance,
)
