"""Fields that the attributes of a view's elements name: in domains, orders and expressions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from odoo_debt_lint.python.literals import UNKNOWN, literal
from odoo_debt_lint.rule import series_number

_MODIFIERS = ("invisible", "readonly", "required", "column_invisible")
"""Expressions over the fields of the record since 17.0; before, constants and tests of the context."""
_MODIFIERS_SINCE = 17
_NO_FIELDS = frozenset(
    (
        "True False None true false null self uid context parent context_today allowed_company_ids "
        "current_company_id time datetime relativedelta current_date today now abs len bool float str "
        "unicode set list tuple int active_id active_ids active_model companies id"
    ).split()
)
"""What expressions of views know besides the fields (Odoo's ``tools/view_validation.py``)."""
_VALUED = ("field", "button")
"""Elements whose context may hold values of the record."""
_RECORD_ID = re.compile(r"%\([\w.-]+\)[sd]")
_ORDER = re.compile(r"^\s*(\w+)(?:\s+(?:asc|desc))?(?:\s+nulls\s+\w+)?\s*$", re.I)
_ABOVE = "parent."
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


class Mention(NamedTuple):
    """A path of fields; ``behind``: of the comodel of the field whose element says so; ``above``: of the
    record around that of a sub-view."""

    path: str
    behind: bool = False
    above: bool = False


def mentions(tag: str, attributes: Mapping[str, str], series: str) -> Iterator[Mention]:
    """What the attributes of an element name besides the field that it shows."""
    for name, text in attributes.items():
        if name == "domain":
            for path in _domain(text):
                yield Mention(path, tag == "field")
            if tag == "field":
                yield from map(_told, _names(text))
        elif name == "filter_domain":
            yield from map(Mention, _domain(text))
        elif name == "attrs":
            yield from map(_told, _attrs(text))
        elif name == "default_order" or (name == "date" and tag == "filter"):
            yield from map(Mention, _order(text))
        elif name == "context" and tag in _VALUED:
            yield from map(_told, _names(text))
        elif name == "context" and tag == "filter":
            yield from map(Mention, _grouped(text))
        elif name.startswith("decoration-") or (
            name in _MODIFIERS and series_number(series) >= _MODIFIERS_SINCE
        ):
            yield from map(_told, _names(text))


def _told(path: str) -> Mention:
    above = path.startswith(_ABOVE)
    return Mention(path.removeprefix(_ABOVE), above=above)


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(_RECORD_ID.sub("0", text.strip()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@lru_cache(2048)
def _domain(text: str) -> tuple[str, ...]:
    """The paths in the leaves of a domain that is written out."""
    found = _leaves(_parsed(text)) if "(" in text or "[" in text else ()
    return tuple(path for path in found if not path.startswith(_ABOVE))


def _leaves(node: ast.expr | None) -> Iterator[str]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _leaves(node.left)
        yield from _leaves(node.right)
    elif isinstance(node, ast.IfExp):
        yield from _leaves(node.body)
        yield from _leaves(node.orelse)
    elif isinstance(node, ast.List | ast.Tuple):
        for item in node.elts:
            if isinstance(item, ast.Tuple | ast.List) and len(item.elts) == 3:
                path = literal(item.elts[0])
                if isinstance(path, str) and _PATH.fullmatch(path):
                    yield path


@lru_cache(2048)
def _attrs(text: str) -> tuple[str, ...]:
    """The fields in ``{"invisible": [("state", "=", "done")]}``."""
    node = _parsed(text)
    return (
        tuple(path for value in node.values for path in _leaves(value)) if isinstance(node, ast.Dict) else ()
    )


def _order(text: str) -> Iterator[str]:
    """The fields of ``date desc, id``."""
    return (match[1] for part in text.split(",") if (match := _ORDER.match(part)))


def _grouped(text: str) -> Iterator[str]:
    """The fields of ``{"group_by": "date:month"}``."""
    node = _parsed(text) if "group_by" in text else None
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            given = literal(value) if literal(key) == "group_by" else UNKNOWN
            for item in given if isinstance(given, list) else [given]:
                if isinstance(item, str) and _PATH.fullmatch(item.partition(":")[0]):
                    yield item.partition(":")[0]


@lru_cache(2048)
def _names(text: str) -> tuple[str, ...]:
    """The fields of an expression, with ``parent.x`` those of the record around."""
    node = _parsed(text)
    if node is None:
        return ()
    bound = {
        item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
    }
    found = [item.id for item in ast.walk(node) if isinstance(item, ast.Name)]
    read = [item for item in ast.walk(node) if isinstance(item, ast.Attribute)]
    above = [_ABOVE + item.attr for item in read if _is_above(item)]
    names = (name for name in found if name not in _NO_FIELDS and name not in bound)
    return tuple(dict.fromkeys((*names, *above)))


def _is_above(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "parent"
