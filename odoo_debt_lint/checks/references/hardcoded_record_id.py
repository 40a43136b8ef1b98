"""Number of a database row written into code or data.

## What it does
Reports literal database ids: `browse(42)`, `("partner_id", "=", 3)`, `{"company_id": 1}`, `record.id == 7`,
`[(4, 5)]` and `Command.link(5)`, `WHERE partner_id = 3` in SQL, `location_id=8` as an argument or the default
of a parameter, and the same in `eval`, domains, contexts and conditions of data files.

## Why is this bad
Ids are given by the database: the same record has another one on the next server, after a restored backup
or in the test system. The code then silently works on the wrong partner, company or account.

## How to fix
Give the record an XML id, search it by what it means, or make it a setting.

## Not reported
0, `False`, `None`, `SUPERUSER_ID`; numbers that are no ids (limits, sequences, colours); `search_default_…`
in contexts; ids of other systems such as `client_id`; tests and migrations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.references._bound import first_number, text_of
from odoo_debt_lint.checks.references._found import FOREIGN
from odoo_debt_lint.checks.references._ids import BY_NAME, CANDIDATES, LEAF, literal_ids
from odoo_debt_lint.checks.references._pieces import pieces
from odoo_debt_lint.rule import Block, Confidence, Hit, Hits, OnElement, OnModule, Rule, Severity

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.xml.document import XmlFile

_EXPRESSIONS = re.compile(
    r"^(eval|domain|context|filter_domain|search|attrs|invisible|readonly|required|column_invisible|options|"
    r"t-if|t-elif|t-value|t-foreach|t-att\S*|decoration-\w+)$"
)
_TEXTS = frozenset({"domain", "context", "domain_force", "filter_domain"})
_ENTRY = re.compile(
    r"[\"']((?:default_)?\w+_id|force_company|allowed_company_ids)[\"']\s*:\s*[\[(]?\s*([1-9]\d*)\b(?!\.)"
)
_COMMANDS = re.compile(
    r"[\"']((?:default_)?\w+_ids?)[\"']\s*:\s*\[\s*[(\[]\s*"
    r"(?:[1-5]\s*,\s*([1-9]\d*)\b|6\s*,\s*\w+\s*,\s*[\[(]\s*([1-9]\d*))"
)
_COMPARED = re.compile(
    r"(\b\w+_id(?:\.raw_value)?|\.id|\buid)\s*(?:[!=]==?\s*|(?:not\s+)?in\s+[\[(]\s*)([1-9]\d*)\b"
)
_BROWSED = re.compile(r"browse\(\s*\[?\s*[1-9]\d*\b")
_SET = re.compile(r"\s*\[\s*\(\s*(?:4\s*,\s*[1-9]|6\s*,\s*(?:0|False)\s*,\s*\[\s*[1-9])")
"""What links records whatever the field is called."""
_REFS = r"(?:ref\([^()]*\)\s*,\s*)*"
_LINKED = re.compile(
    rf"[(\[]\s*[1-5]\s*,\s*([1-9]\d*)\b|[(\[]\s*6\s*,\s*\w+\s*,\s*[\[(]\s*{_REFS}([1-9]\d*)|"
    rf"Command\.(?:link|set|unlink|delete|update)\(\s*\[?\s*{_REFS}([1-9]\d*)"
)
_RECORDS = re.compile(r"\s*\[\s*([1-9]\d*)\s*[,\]]")
_ALL_VALUES = re.compile(r"\s*[\[(](?=\s*\[)")
_ANY_NUMBER = re.compile(r"[1-9]")


def check_python(file: PythonFile) -> Hits:
    constants, queries = _constants(file), _queries(file)
    for piece in pieces(file, CANDIDATES + BY_NAME if any(constants.values()) else CANDIDATES):
        for found in literal_ids(piece, constants, queries):
            if found.name.rpartition(".")[2] not in _numbers(file):
                yield Hit(
                    file.skeleton.span(found.node),
                    f"{found.what} is a database id, which differs in every database",
                    confidence=None if found.sure else Confidence.MEDIUM,
                )


def _constants(file: PythonFile) -> dict[str, int]:
    """Positive numbers, or lists of them, to which the module gives a name, once; those to which a class
    does are named as code reads them: ``self.PARTNER``, ``Order.PARTNER``."""
    found: dict[str, int] = {}
    for (klass, name), values in file.skeleton.values.items():
        number = first_number(values[0]) if len(values) == 1 else 0
        if not klass and name != "SUPERUSER_ID":
            found[name] = number
        elif number and name.isupper():
            found.update({f"self.{name}": number, f"{klass}.{name}": number})
    return found


def _queries(file: PythonFile) -> dict[str, str]:
    """Texts to which the module gives a name, once, of a file that runs SQL."""
    if "execute" not in file.words:
        return {}
    values = (
        (name, values[0])
        for (klass, name), values in file.skeleton.values.items()
        if len(values) == 1 and not klass
    )
    return {name: text for name, value in values if (text := text_of(value))}


def _numbers(file: PythonFile) -> set[str]:
    """Fields of the file's own models that hold no references."""
    kinds = ("Integer", "Char", "Selection", "Float")
    return {field.name for klass in file.facts.classes for field in klass.fields if field.type in kinds}


def check_data(root: Any, file: XmlFile) -> Hits:
    """All elements of a data file, for its root."""
    if root is not file.root:
        return
    for element, attributes in file.attributes:
        for name, value in attributes:
            if _is_expression(name) and _ANY_NUMBER.search(value):
                found = next(_in_expression(value), "") or _in_eval(element, name, value)
                if found:
                    yield Hit(file.attribute_span(element, name), f"{found} is a database id")
        if element.tag in ("field", "attribute"):
            text = element.text
            found = _in_text(element, text) if text and _ANY_NUMBER.search(text) else ""
            if found:
                yield Hit(element, f"{found} is a database id")


@lru_cache(1000)
def _is_expression(name: str) -> bool:
    return _EXPRESSIONS.match(name) is not None


def _in_expression(text: str) -> Iterator[str]:
    """Conditions, contexts and comparisons of an expression."""
    for match in LEAF.finditer(text):
        if not FOREIGN.search(match[1]):
            yield f"({match[1]}, …, {match[2]})"
    for match in _ENTRY.finditer(text):
        if not FOREIGN.search(match[1]):
            yield f"{match[1]}: {match[2]}"
    for match in _COMMANDS.finditer(text):
        if not FOREIGN.search(match[1]):
            yield f"{match[1]}: {match[2] or match[3]}"
    for match in _COMPARED.finditer(text):
        if not FOREIGN.search(match[1]) and (match[1], match[2]) != ("uid", "1"):
            yield match[0]
    for match in _BROWSED.finditer(text) if "browse(" in text else ():
        yield f"{match[0]})"


def _is_value(element: Any) -> bool:
    """Whether a ``<field>`` sets a reference of a record."""
    parent = element.getparent()
    name = element.get("name") or ""
    inside = element.tag == "field" and parent is not None and parent.tag == "record"
    return inside and name.endswith(("_id", "_ids")) and not FOREIGN.search(name)


def _in_eval(element: Any, attribute: str, value: str) -> str:
    if attribute != "eval":
        return ""
    if element.tag == "value":
        return _called_on(element, value)
    if element.tag == "function":
        return _of_first(element, _ALL_VALUES.sub("", value, count=1)) if _ALL_VALUES.match(value) else ""
    name = element.get("name") or ""
    if not _is_value(element):
        found = _SET.match(value) if element.tag == "field" else None
        return f"{name}: {found[0].strip()}" if found else ""
    if name.endswith("_ids") or "[" in value:
        match = _LINKED.search(value)
        return f"{name}: {match[0]}" if match else ""
    return f"{name}: {value.strip()}" if re.fullmatch(r"\s*[1-9]\d*\s*", value) else ""


def _called_on(element: Any, value: str) -> str:
    """The records on which a ``<function>`` calls a method: its first value is a list of ids."""
    parent = element.getparent()
    before = [item for item in element.itersiblings(preceding=True) if isinstance(item.tag, str)]
    if parent is None or parent.tag != "function" or before:
        return ""
    return _of_first(parent, value)


def _of_first(function: Any, value: str) -> str:
    match = _RECORDS.match(value)
    return f"{function.get('name')}() of {match[1]}" if match else ""


def _in_text(element: Any, text: str) -> str:
    name = element.get("name") or ""
    if name in _TEXTS or (element.tag == "attribute" and _is_expression(name)):
        return next(_in_expression(text), "")
    if _is_value(element) and name.endswith("_id") and text.strip().isdigit():
        return f"{name}: {text.strip()}"
    return ""


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=45,
    listeners=(OnModule(check_python, embedded=True), OnElement(("odoo", "openerp", "data"), check_data)),
    roles=frozenset({"code", "hook", "data", "demo"}),
    tags=("upgrade",),
)
