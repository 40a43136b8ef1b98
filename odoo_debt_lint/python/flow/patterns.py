"""Regular expressions as a check: whether what they let through is a word and nothing else."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.lazy import cst
from odoo_debt_lint.python.literals import dotted, literal

if TYPE_CHECKING:
    from odoo_debt_lint.python.flow.engine import Flow
    from odoo_debt_lint.python.module import PythonFile

PLAIN = frozenset({"isdigit", "isdecimal", "isnumeric", "isidentifier", "isalnum", "isalpha"})
"""Methods of a text that say likewise that it is nothing more."""
_MEMBER = r"\\[wd-]|[a-z]-[a-z]|[A-Z]-[A-Z]|\d-\d|[A-Za-z0-9_](?!-[^]])|(?<=\[)-|-(?=])"
_ATOM = rf"(?:\\[wd-]|[A-Za-z0-9_-]|\[(?:{_MEMBER})+\])"
_TIMES = r"(?:[+*?]|\{\d*,?\d*\})?\??"
_WORDS = rf"(?:{_ATOM}{_TIMES}|\((?:\?:)?|\){_TIMES})+"
_WHOLE = {
    "match": re.compile(rf"(?:\^|\\A)?{_WORDS}(?:\$|\\Z)"),
    "search": re.compile(rf"(?:\^|\\A){_WORDS}(?:\$|\\Z)"),
    "fullmatch": re.compile(rf"(?:\^|\\A)?{_WORDS}(?:\$|\\Z)?"),
}
"""Patterns of letters, digits, underscores and dashes that hold for all of a text, by how they are used."""
_LONGEST = 200


def checked(flow: Flow, call: cst.Call) -> Any:
    """The expression of which a match says that it is a word, else None."""
    owner, _, how = flow.symbol(call.func).rpartition(".")
    if how not in _WHOLE or any(arg.keyword is not None or arg.star for arg in call.args):
        return None
    nodes = [arg.value for arg in call.args]
    if owner == "re" and len(nodes) == 2:
        pattern, node = flow.values[id(nodes[0])].text if id(nodes[0]) in flow.values else None, nodes[1]
    elif len(nodes) == 1 and isinstance(call.func, cst.Attribute):
        pattern, node = _compiled(flow, call.func.value), nodes[0]
    else:
        return None
    return node if pattern is not None and is_word(how, pattern) else None


def is_word(how: str, pattern: str) -> bool:
    """Whether a pattern, used in this way, lets nothing through but a word."""
    return how in _WHOLE and len(pattern) < _LONGEST and bool(_WHOLE[how].fullmatch(pattern))


def _compiled(flow: Flow, node: Any) -> str | None:
    if isinstance(node, cst.Name):
        return compiled(flow.body.file, "", node.value)
    if isinstance(node, cst.Attribute):
        return compiled(flow.body.file, flow.body.unit.klass, node.attr.value)
    return None


def compiled(file: PythonFile, klass: str, name: str) -> str | None:
    """The text of a pattern that the module or class has compiled."""
    assigned = file.skeleton.values.get((klass, name), ())
    if len(assigned) != 1 or not isinstance(assigned[0], ast.Call) or len(assigned[0].args) != 1:
        return None
    text = literal(assigned[0].args[0])
    is_made = dotted(assigned[0].func).rpartition(".")[2] == "compile"
    return text if is_made and isinstance(text, str) else None
