"""Fields and methods which the arch of a view uses, with the chain from the view's model to each of them.

What an inheriting view puts beside a field may land in a sub-view: such a chain begins with ``?`` and the
name of that field, and is worked out when the views are combined.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from odoo_debt_lint.python.records.chains import Records
from odoo_debt_lint.xml.use_sink import Source, XmlSink

_EXPRESSIONS = frozenset({"invisible", "readonly", "required", "column_invisible"})
_NAMING = frozenset(
    (
        "date_start date_stop date_delay date_deadline color all_day default_group_by avatar_field "
        "dependency_field"
    ).split()
)
"""Attributes of views that are names of fields."""
_ROOTS = frozenset(
    "form tree list kanban search calendar graph pivot activity gantt cohort map grid hierarchy".split()
)
_NO_FIELDS = frozenset("context uid time datetime parent id True False None context_today".split())
_STEP = re.compile(r"field\[@name\s*=\s*['\"](\w+)['\"]\]")
_RECORD = re.compile(r"(?<![\w.])record\.(\w+)\b(?!\()")
_KEYS = re.compile(r"['\"](default_)(\w+)['\"]\s*:|['\"]group_by['\"]\s*:\s*\[?\s*['\"](\w+)[:\w]*['\"]")
_ORDER = re.compile(r"\s*([A-Za-z_]\w*)(?:\.\w+)?(?:\s+(?:asc|desc))?\s*(?:,|$)", re.I)
_RECORD_ID = re.compile(r"%\([\w.-]+\)[sd]")
_OPTION = re.compile(r"['\"](currency_field|rate_field|start_date_field)['\"]\s*:\s*['\"](\w+)['\"]")


class _Name(NamedTuple):
    """A name in an expression: its place, whether it is of the record around (``parent.x``), and the texts
    that it is compared with."""

    name: str
    start: int
    up: bool
    texts: list[str] | None


class ViewUses:
    """The arch of one view."""

    def __init__(self, sink: XmlSink, model: str, inherits: bool) -> None:
        self.sink, self.file, self.inherits = sink, sink.file, inherits
        self.owner = Records(model)

    def arch(self, nodes: list[Any]) -> None:
        """The top nodes of an arch."""
        for node in nodes:
            if not isinstance(node.tag, str):
                continue
            if not self.inherits:
                if node.tag in _ROOTS:
                    self._element(node, self.owner)
            elif node.tag == "data":
                self.arch(list(node))
            else:
                self._spec(node)

    def _spec(self, node: Any) -> None:
        """What a spec puts in, or changes."""
        trail, anchor = _trail(node)
        if trail is None:
            return
        position = node.get("position") or "inside"
        owner = Records(self.owner.model, trail)
        if position == "attributes":
            for change in node.iter("attribute"):
                name = change.get("name") or ""
                self._value(name, Source(self.file, change), owner, owner.step(anchor) if anchor else None)
            return
        if position == "inside" and anchor:
            inside = owner.step(anchor)
            owner = inside if inside is not None else owner
        for child in node:
            self._element(child, owner)

    def _element(self, node: Any, owner: Records) -> None:
        """An element and all that is in it."""
        if not isinstance(node.tag, str) or node.get("position"):
            return
        name = node.get("name") or ""
        inner: Records | None = owner
        if node.tag in ("field", "groupby") and name:
            self.sink.attribute(owner, node, "name", "view")
            inner = owner.step(name)
        elif node.tag == "button" and node.get("type") == "object":
            self.sink.attribute(owner, node, "name", "call")
        elif node.tag == "label" and node.get("for"):
            self.sink.attribute(owner, node, "for", "view")
        elif node.tag == "progressbar" and node.get("field"):
            self.sink.attribute(owner, node, "field", "view")
        for attribute in node.attrib:
            self._value(str(attribute), Source(self.file, node, str(attribute)), owner, inner)
        for child in node if inner is not None else ():
            self._element(child, inner or owner)

    def _value(self, name: str, source: Source, owner: Records, inner: Records | None) -> None:
        """What the value of one attribute names; ``inner`` are the records of a field's element."""
        text = source.text
        if name in _EXPRESSIONS or name.startswith("decoration-"):
            if len(text) > 1:
                self._expression(source, owner)
        elif name in ("attrs", "filter_domain", "domain"):
            self.sink.domain(inner if name == "domain" else owner, source)
            self._expression(source, owner)
        elif name == "context":
            self._context(source, owner, inner)
            self._expression(source, owner)
        elif name == "default_order":
            for match in _ORDER.finditer(text):
                self.sink.path(owner, source, match.start(1), match[1])
        elif name in _NAMING or (name == "date" and source.element.tag == "filter"):
            if source.element.tag in _ROOTS or source.element.tag == "filter":
                self.sink.path(owner, source, 0, text.partition(":")[0])
        elif name == "options":
            for match in _OPTION.finditer(text):
                self.sink.path(owner, source, match.start(2), match[2])
        elif "record." in text:
            for match in _RECORD.finditer(text):
                self.sink.path(owner, source, match.start(1), match[1], "read")

    def _context(self, source: Source, owner: Records, inner: Records | None) -> None:
        """Defaults are values of a field's comodel; ``group_by`` of a filter is a field of the model."""
        is_field = inner is not owner
        for match in _KEYS.finditer(source.text):
            if match[1] and is_field:
                self.sink.path(inner, source, match.start(2), match[2], "values")
            elif match[3] and not is_field:
                self.sink.path(owner, source, match.start(3), match[3])

    def _expression(self, source: Source, owner: Records) -> None:
        for name, start, up, texts in _names(source.text):
            base = Records(owner.model, owner.path[:-1]) if up else owner
            if not up or owner.path:
                self.sink.path(base, source, start, name, "compare" if texts else "read", texts)


@lru_cache(4096)
def _names(text: str) -> tuple[_Name, ...]:
    """The names of an expression."""
    lead = len(text) - len(text.lstrip())
    try:
        plain = _RECORD_ID.sub(lambda match: "0".ljust(len(match[0])), text.strip())
        tree = ast.parse(plain, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(_collected(tree, lead))


def _collected(tree: ast.AST, lead: int) -> Iterator[_Name]:
    compared = {
        id(node.left): _texts(node.comparators[0]) for node in ast.walk(tree) if isinstance(node, ast.Compare)
    }
    for node in ast.walk(tree):
        texts = compared.get(id(node))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "parent" and node.lineno == 1:
                yield _Name(node.attr, lead + (node.end_col_offset or 0) - len(node.attr), True, texts)
        elif isinstance(node, ast.Name) and node.id not in _NO_FIELDS and node.lineno == 1:
            yield _Name(node.id, lead + node.col_offset, False, texts)


def _texts(node: ast.expr) -> list[str] | None:
    """The texts of a constant or a list of constants."""
    items = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
    found = [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return found or None


def _trail(node: Any) -> tuple[tuple[str, ...] | None, str]:
    """The fields in whose sub-views a spec looks for its node, and the field it looks for, if it is one.

    The trail is None where the expression does not tell, and begins with ``?`` where others have to say.
    """
    if node.tag != "xpath":
        anchor = (node.get("name") or "") if node.tag == "field" else ""
        return ((f"?{anchor}",) if anchor else ()), anchor
    expr = (node.get("expr") or "").strip()
    while expr.endswith("/.."):
        expr = expr[:-3]
    if "::" in expr or ".." in expr or "|" in expr:
        return None, ""
    names = _STEP.findall(expr)
    last = _STEP.search(expr.rpartition("/")[2])
    anchor = last[1] if last is not None else ""
    trail = tuple(names[:-1] if anchor else names)
    if not trail and anchor and expr.startswith("//field"):
        trail = (f"?{anchor}",)
    return trail, anchor
