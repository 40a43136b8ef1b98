"""Which tables and columns the SQL of a Python file names: where a model or a field goes, no ORM says so.

Only columns that stand behind the name of a table or its alias are told, and those which an UPDATE sets.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from odoo_debt_lint.facts import UseFact
from odoo_debt_lint.finding import Span
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.trees import nodes_of

_NAME = r"\"?\b([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\b\"?(?!\s*[(.])"
_ALIAS = (
    r"(?:(?:\s+as)?\s+\"?(?!(?:on|using|where|set|values|join|left|right|inner|outer|full|cross|natural|group|"
    r"order|having|limit|union|returning|as|add|drop|alter|select|for|window|offset|tablesample)\b)"
    r"([a-z_]\w*)\"?)?"
)
_TABLE = re.compile(rf"\b(?:from|join|into|update|table|exists|only|using)\s+{_NAME}{_ALIAS}", re.I)
_MORE = re.compile(rf"\s*,\s*{_NAME}{_ALIAS}", re.I)
"""``FROM account_invoice i, res_partner p``."""
_COLUMN = re.compile(r"(?<![\w.%\"])\"?\b([a-z_]\w*)\"?\.\"?([a-z_]\w*)\b(?!\s*[(.])", re.I)
_SETS = re.compile(r"(?:\bset|,)\s*\"?\b([a-z_]\w*)\"?\s*=", re.I)
_AFTER_SET = re.compile(r"\b(?:from|where|returning)\b", re.I)
_HERE = re.compile(
    r"\b([a-z_]\w*)\s+as\s*(?:(?:not\s+)?materialized\s*)?\(|\)\s*(?:as\s+)?\"?([a-z_]\w*)", re.I
)
"""Names that a query gives to a part of itself: ``WITH x AS (...)``, ``(SELECT ...) x``."""
_PAIRS = (
    ("select", "from"), ("insert", "into"), ("update", "set"), ("delete", "from"), ("join", " on "),
    ("create", "view"), ("create", "table"), ("alter", "table"), ("drop", "table"), ("create", "index"),
)  # fmt: skip
_PART = re.compile(r"[frbu]*[\"'\s]*(FROM|JOIN|LEFT|RIGHT|INNER|UPDATE|DELETE)\b")
"""One piece of a query that is put together."""
_FILLED = re.compile(r"\{[^{}]*\}|/\*.*?\*/|--[^\n]*|(?:(?<=\n)|\A)[ \t]*#(?!>)[^\n]*", re.S)
"""What is filled in, and comments, also of Python between two pieces of a text."""
_JSON = re.compile(r"\"?\s*->")
_VISIBLE = re.compile(r"[^\n]")
_MAX_TEXT, _MAX_USES = 100_000, 5_000


def tables_of(file: PythonFile) -> tuple[UseFact, ...]:
    """Uses of tables (kind ``table``) as those of the models which have them, unless these say otherwise."""
    if not _TABLE.search(file.text.text):
        return ()
    return tuple(islice((use for node in _texts(file.tree) for use in _of_text(file, node)), _MAX_USES))


def _texts(tree: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    """Literals, but for docstrings and what is inside of f-strings."""
    nodes = nodes_of(tree)
    left_out = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(inner) for inner in nodes_of(node)} - {id(node)}
    for node in nodes:
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        ):
            if id(node) not in left_out:
                yield node


def _of_text(file: PythonFile, node: ast.Constant | ast.JoinedStr) -> Iterator[UseFact]:
    first, last = node.lineno, node.end_lineno or node.lineno
    lines = file.text.lines[first - 1 : last]
    begin, end = file.text.column(first, node.col_offset), file.text.column(last, node.end_col_offset or 0)
    lines = [*lines[:-1], lines[-1][:end]] if lines else [""]
    text = "\n".join([" " * begin + lines[0][begin:], *lines[1:]])
    if len(text) > _MAX_TEXT or not _is_query(text):
        return
    text = _FILLED.sub(lambda match: _VISIBLE.sub(" ", match[0]), text)
    for table, name, start, stop in _named(text):
        json = "json" if _JSON.match(text, stop) else None
        line = first + text.count("\n", 0, start)
        column = start - (text.rfind("\n", 0, start) + 1)
        span = Span(line, column, line, column + stop - start)
        yield UseFact(table.replace("_", "."), (name,) if name else (), span, "table", value=json)


def _is_query(text: str) -> bool:
    lower = text.lower()
    whole = any(0 <= lower.find(one) < lower.rfind(other) for one, other in _PAIRS)
    return whole or _PART.match(text.lstrip()) is not None


def _named(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Tables and their columns with their places; a table itself has no column."""
    here = {name.lower() for match in _HERE.finditer(text) for name in match.groups() if name}
    called: defaultdict[str, set[str]] = defaultdict(set)
    for match in _tables(text):
        table = match[1].lower()
        if table in here:
            continue
        yield table, "", *match.span(1)
        called[(match[2] or table).lower()].add(table)
        if match[0][:6].lower() == "update":
            yield from _set(text, table, match.end())
    for match in _COLUMN.finditer(text):
        tables = called.get(match[1].lower(), ()) if match[1].lower() not in here else ()
        if text[match.start() - 1 : match.start()] == "'" == text[match.end() : match.end() + 1]:
            continue  # a text
        for table in tables if len(tables) == 1 else ():
            yield table, match[2].lower(), *match.span(2)


def _tables(text: str) -> Iterator[re.Match[str]]:
    for match in _TABLE.finditer(text):
        found: re.Match[str] | None = match
        while found is not None:
            yield found
            found = _MORE.match(text, found.end())


def _set(text: str, table: str, start: int) -> Iterator[tuple[str, str, int, int]]:
    """The columns that an UPDATE sets."""
    after = _AFTER_SET.search(text, start)
    for match in _SETS.finditer(text, start, after.start() if after is not None else len(text)):
        yield table, match[1].lower(), *match.span(1)
