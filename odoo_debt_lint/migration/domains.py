"""Domains of ``attrs`` as Python expressions that the web client of 17.0 and later evaluates alike.

Up to 16.0 the client compared the values of a record with those of a domain by JavaScript's rules: strictly,
so that neither 0 nor an empty list is equal to ``False``, and with operators that the server does not have
so. Where the types of the fields are known the expression does exactly the same; where they are not, they
are guessed from names and operators (``Expression.assumed``: wrong in 25 of 7,761 expressions of addons whose
models are known, and in all of them the condition could never hold before); and where the domain did what
nobody can have meant, what was meant is written and a doubt is noted. What the client could not evaluate is
refused.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from odoo_debt_lint.migration.expressions import (
    FALSE,
    TRUE,
    Binding,
    Expression,
    Refusal,
    all_of,
    any_of,
    comparison,
    negation,
)

Types: TypeAlias = Callable[[str], str]
"""The type of a field by its name (``parent.x`` for one of the parent record); empty when not known."""

NUMBERS = frozenset({"integer", "float", "monetary"})
LISTS = frozenset({"one2many", "many2many"})
TEXTS = frozenset({"char", "text", "html", "selection", "date", "datetime", "reference", "binary", "image"})
IDS = frozenset({"many2one", "many2one_reference"})
_NAME = re.compile(r"(?:parent\.)*[A-Za-z_]\w*")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_ORDER = ("<", ">", "<=", ">=")


@dataclass(frozen=True, slots=True)
class Code:
    """A value that is no literal: the placeholder of an XML id, or a name."""

    text: str
    known: bool = True


def no_types(_: str) -> str:
    """Nothing is known of any field."""
    return ""


def kind_of(name: str, types: Types) -> tuple[str, bool]:
    """The type of a field, and whether that was guessed."""
    known = types(name)
    if known:
        return known, False
    last = name.rpartition(".")[2]
    if last in ("id", "active_id", "uid"):
        return "many2one", False
    if last.endswith("_ids") or last == "groups_id":
        return "many2many", True
    if last.endswith(("_id", "_uid")):
        return "many2one", True
    return ("selection", True) if last in ("state", "type") else ("", True)


def literal(node: ast.expr, names: bool = False) -> Any:
    """The value of a node: a literal, a list of such, or Code; ``names`` may stand for values."""
    if isinstance(node, ast.Constant) and not isinstance(node.value, bytes | complex):
        return node.value
    if (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.op, ast.USub)
        and isinstance(node.operand, ast.Constant)
    ):
        if isinstance(node.operand.value, int | float):
            return -node.operand.value
    if isinstance(node, ast.List | ast.Tuple):
        return [literal(item, names) for item in node.elts]
    if isinstance(node, ast.Name | ast.Attribute) or (names and isinstance(node, ast.Call)):
        text = ast.unparse(node)
        known = {"true": True, "false": False, "null": None}
        return known.get(text, Code(text, names or text.startswith("XMLID_")))
    raise Refusal(f"{ast.unparse(node)} is no literal")


def domain(node: ast.expr, types: Types = no_types, names: bool = False) -> Expression:
    """The expression of a domain; an empty one holds for every record. Up to 16.0 ``names`` stood for
    values only where the domain was written as a text."""
    if not isinstance(node, ast.List | ast.Tuple):
        raise Refusal("the domain is no list")
    terms: list[Expression] = []
    rest: Sequence[Any] = [_item(item, names) for item in node.elts]
    while rest:
        term, rest = _term(rest, types)
        terms.append(term)
    return all_of(terms)


def _item(node: ast.expr, names: bool) -> Any:
    value = literal(node, names)
    if isinstance(value, str) and value in ("&", "|", "!"):
        return value
    if isinstance(value, list) and len(value) == 3:
        return value
    raise Refusal(f"{ast.unparse(node)} is no part of a domain")


def _term(items: Sequence[Any], types: Types) -> tuple[Expression, Sequence[Any]]:
    """The first complete term of a domain in prefix notation, and what follows it."""
    if not items:
        raise Refusal("the domain is not complete")
    first, rest = items[0], items[1:]
    if first == "!":
        inner, rest = _term(rest, types)
        return negation(inner), rest
    if first in ("&", "|"):
        left, rest = _term(rest, types)
        right, rest = _term(rest, types)
        return (all_of if first == "&" else any_of)((left, right)), rest
    return leaf(first[0], first[1], first[2], types), rest


def leaf(name: Any, operator: Any, value: Any, types: Types = no_types) -> Expression:
    """The expression of one condition."""
    if operator in ("=", "==") and value == 1 and name in (0, 1):
        return TRUE if name else FALSE
    if not isinstance(name, str) or not _NAME.fullmatch(name) or any(map(keyword.iskeyword, name.split("."))):
        raise Refusal(f"{name!r} is no field of the record")
    kind, guessed = kind_of(name, types)
    if guessed and kind == "many2one" and value == 0 and value is not False:
        kind = ""  # a number by its value
    result = _leaf(name, operator, value, kind)
    return replace(result, assumed=guessed and result.assumed)


def _leaf(name: str, operator: Any, value: Any, kind: str) -> Expression:
    if operator in ("=", "=="):
        return _equal(name, value, kind)
    if operator in ("!=", "<>"):
        return negation(_equal(name, value, kind))
    if operator in ("in", "not in"):
        found = _among(name, value if isinstance(value, list) else [value], kind)
        return found if operator == "in" else negation(found)
    if operator in _ORDER:
        return _ordered(name, operator, value, kind)
    if operator in ("like", "ilike", "=like", "=ilike"):
        return _like(name, operator, value, kind)
    if operator == "=?":
        return TRUE if value is None or value is False else _equal(name, value, kind)
    raise Refusal(f"the web client has no operator {operator!r}")


def _atom(name: str) -> Expression:
    return Expression(name, assumed=True)


def _equal(name: str, value: Any, kind: str) -> Expression:
    if isinstance(value, list):
        return _equal_list(name, value, kind)
    if isinstance(value, bool) or value is None:
        return _equal_constant(name, value, kind)
    if isinstance(value, int | float) and value in (0, 1):
        return _equal_flag(name, value, kind)
    return _doubt_code(comparison(name, "==", text_of(value)), value)


def _equal_list(name: str, value: list[Any], kind: str) -> Expression:
    if len(value) == 1 and not isinstance(value[0], list) and kind not in LISTS:
        return _equal(name, value[0], kind).doubted(f"{name} was never equal to a list")
    if value:
        raise Refusal("lists of several records cannot be compared")
    empty = negation(_atom(name))
    return empty if kind in LISTS or not kind else empty.doubted(f"{name} is not a list of records")


def _equal_constant(name: str, value: bool | None, kind: str) -> Expression:
    """A value is never equal to ``None``, and only a boolean is equal to ``True``."""
    result = _atom(name) if value else negation(_atom(name))
    if value is None:
        return result.doubted(f"{name} was never equal to None")
    if value and kind not in ("boolean", ""):
        return result.doubted(f"{name} was never equal to True")
    if not value and (kind in NUMBERS or kind in LISTS):
        return result.doubted(f"{name} was never equal to False")
    return result


def _equal_flag(name: str, value: float, kind: str) -> Expression:
    """In expressions, unlike in domains, ``True`` is 1 and ``False`` is 0."""
    if kind == "boolean" or (not value and kind and kind not in NUMBERS):
        result = _atom(name) if value else negation(_atom(name))
        return result.doubted(f"{name} was never equal to {value}")
    return replace(comparison(name, "==", text_of(value)), assumed=True)


def _among(name: str, values: list[Any], kind: str) -> Expression:
    if any(isinstance(value, list) for value in values):
        raise Refusal("only plain values can be looked for")
    values = [value for value in values if value is not None]  # no field ever holds None
    if kind in LISTS and values != [False]:
        held = [comparison(text_of(value), "in", name) for value in values if value is not False]
        return _doubt_code(replace(any_of(held), assumed=True), *values)
    if not values:
        return FALSE
    if len(values) == 1:
        return replace(_equal(name, values[0], kind), assumed=True)
    listed = ", ".join(map(text_of, values))
    return _doubt_code(replace(comparison(name, "in", f"({listed})"), assumed=True), *values)


def _ordered(name: str, operator: str, value: Any, kind: str) -> Expression:
    """Of what is no number, ``False`` is neither less nor greater than a text."""
    if isinstance(value, bool) and kind:
        value = int(value)
    if isinstance(value, str) and kind in (*NUMBERS, "") and _NUMBER.fullmatch(value):
        value = float(value) if "." in value else int(value)
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and (not kind or kind in NUMBERS or kind in IDS or kind == "boolean")
    ):
        return replace(comparison(name, operator, text_of(value)), assumed=True)
    if isinstance(value, str) and (kind in TEXTS or not kind) and not _numeric(value):
        return replace(all_of((_atom(name), comparison(name, operator, text_of(value)))), assumed=True)
    raise Refusal(f"{name} cannot be compared with {text_of(value)}")


def _numeric(text: str) -> bool:
    """Whether JavaScript may take the text for a number when it compares it with one."""
    return (
        not text.strip()
        or re.match(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$|\s*0[xob]|Infinity", text, re.I) is not None
    )


def _like(name: str, operator: str, value: Any, kind: str) -> Expression:
    """The client took ``like`` for "holds", and ``=like`` for a regular expression found anywhere."""
    if not isinstance(value, str) or (kind and kind not in TEXTS):
        raise Refusal(f"{name} is no text to be searched")
    if operator.startswith("="):
        value = value.strip("%")
        if re.search(r"[^\w\s@#,;:'\"!&<>=~/-]", value):
            raise Refusal(f"{value!r} was taken for a regular expression")
    subject = name
    if operator.endswith("ilike"):
        if not value.isascii():
            raise Refusal(f"{value!r} may not be the same in lower case for Python and the client")
        subject, value = f"{name}.lower()", value.lower()
    return replace(all_of((_atom(name), comparison(text_of(value), "in", subject))), assumed=True)


def _doubt_code(expression: Expression, *values: Any) -> Expression:
    names = [value.text for value in values if isinstance(value, Code) and not value.known]
    return expression.doubted(*(f"{name} was no literal" for name in names))


def text_of(value: Any) -> str:
    """A literal as the client's Python reads it."""
    if isinstance(value, Code):
        return value.text
    if isinstance(value, str):
        if re.search(r"[\\\x00-\x1f]", value):
            raise Refusal("the text holds characters that must be escaped")
        quote = '"' if "'" in value and '"' not in value else "'"
        if quote in value:
            raise Refusal("the text holds both kinds of quotes")
        return f"{quote}{value}{quote}"
    if isinstance(value, int) and abs(value) >= 2**53:
        raise Refusal("the number is too large for the client")
    if isinstance(value, float) and not re.fullmatch(r"-?\d+\.\d+", repr(value)):
        raise Refusal(f"{value} is no plain number")
    return repr(value)


__all__ = ["Binding", "Code", "Types", "domain", "kind_of", "leaf", "literal", "no_types", "text_of"]
