"""Archs without their texts: all nodes in their order, and of the attributes what views combine by.

Texts and long expressions become ``~``, with a short hash behind it where XPaths may test for the value:
``either`` writes an XPath so that it matches the plain and the hashed value. Whether an XPath tests what is
not there any more is told by ``judgeable``.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from lxml import etree

from odoo_debt_lint.facts import SpecFact, ViewFact
from odoo_debt_lint.xml.document import parser
from odoo_debt_lint.xml.xpath import TRANSLATED

HUMAN = TRANSLATED | {"text", "content", "arch", "tooltip"}
_EXACT = frozenset(
    (
        "name id class position ref t-name t-call t-inherit t-inherit-mode t-set t-foreach t-as t-field "
        "t-ref t-snippet t-call-assets inherit_id groups type model for widget add remove separator"
    ).split()
)
_LONG = 32
_GONE = "~"
_PHRASE = re.compile(r"'[^']* [^']*'|\"[^\"]* [^\"]*\"|^[A-Z][a-z]+ \w")
_TEST = re.compile(r"@([\w:-]+)\s*=\s*(\"([^\"]*)\"|'([^']*)')")
_TEXT_TEST = re.compile(r"\btext\(\)|\b(contains|starts-with|normalize-space|translate|string)\s*\(")
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'")
_VALUE_TEST = re.compile(
    r"(?<![\w@:.$-])(?:\.|[A-Za-z_][\w-]*)\s*!?=\s*''|''\s*!?=\s*(?:\.(?![./])|[A-Za-z_])"
)
"""Literals emptied, a node's own text compared with one: ``[.='Total']``, ``[span='Total']``."""
_NAME_TEST = re.compile(rf"\b(contains|starts-with)\s*\(\s*@({'|'.join(sorted(_EXACT))})\b")


@lru_cache(50_000)
def _hashed(value: str) -> str:
    return _GONE + urlsafe_b64encode(blake2b(value.encode(), digest_size=3).digest()).decode()


def bare_value(name: str, value: str) -> str:
    """What is kept of an attribute's value."""
    if name in _EXACT or not value.strip():
        return value
    if name == "string":
        return _hashed(value)
    if name not in HUMAN and len(value) <= _LONG and not _PHRASE.search(value):
        return value
    return _hashed(value) if name.startswith("t-") else _GONE


def bare_expression(expr: str) -> str:
    """An XPath that matches in bare archs what it matches in the plain ones."""
    return _TEST.sub(lambda match: _rewritten(match, False), expr)


def either(expr: str) -> str:
    """An XPath that matches in plain and in bare archs, also where they are combined."""
    return _TEST.sub(lambda match: _rewritten(match, True), expr)


def _rewritten(match: re.Match[str], both: bool) -> str:
    name, value = match[1], match[3] if match[3] is not None else match[4]
    bare = bare_value(name, value)
    if bare in (value, _GONE):
        return match[0]
    test = f"@{name}='{bare}'"
    return f"({match[0]} or {test})" if both else test


def judgeable(expr: str) -> bool:
    """Whether an XPath can be evaluated on bare archs: it tests no texts and no parts of values."""
    if _TEXT_TEST.search(_NAME_TEST.sub("", expr)) or _VALUE_TEST.search(_LITERAL.sub("''", expr)):
        return False
    return all(bare_value(name, one or two) != _GONE for name, _, one, two in _TEST.findall(expr))


def bare_view(view: ViewFact) -> dict[str, Any]:
    """The fields of a view that lose their texts. Raises etree.XMLSyntaxError for an arch that is none."""
    arch = view.arch
    if arch:
        root = etree.fromstring(arch, parser())
        for node in list(root.iter()):
            _strip(node)
        arch = etree.tostring(root, encoding="unicode")
    return {"arch": arch, "specs": tuple(_bare_spec(spec) for spec in view.specs), "bare": True}


def _bare_spec(spec: SpecFact) -> SpecFact:
    expr = bare_expression(spec.expr)
    return SpecFact(tag=spec.tag, expr=expr, position=spec.position, short=spec.short, keeps=spec.keeps)


def _strip(node: Any) -> None:
    """Takes the texts of one node, and the node itself when it is a comment."""
    node.tail = None
    if not isinstance(node.tag, str):
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)
        return
    text = (node.text or "").strip()
    node.text = text if text == "$0" else None
    if node.tag == "attribute" and text:
        node.text = bare_value(node.get("name") or "", text)
    for name, value in node.attrib.items():
        if name == "expr":
            bare = bare_expression(value)
        elif name == "name" and node.tag == "template":
            bare = _GONE
        else:
            bare = bare_value(name, value)
        if bare != value:
            node.set(name, bare)
