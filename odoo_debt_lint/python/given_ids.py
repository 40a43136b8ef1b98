"""Records which Python code makes and gives an XML id (``_load_records``, ``_update_xmlids``).

Data files do not declare them, but refer to them. The code may give the id to a helper first, or keep it in a
variable: the text is searched, because an id too many does no harm.
"""

from __future__ import annotations

import re

from odoo_debt_lint.facts import DataFacts, RecordFact

_XMLID = r"['\"]([a-z]\w*\.[\w.-]+)['\"]"
_GIVEN = re.compile(r"(?:['\"]xml_id['\"]\s*:|\bxml_id=(?!=))\s*([^\n]*)")
_LITERAL = re.compile(_XMLID)
_VARIABLE = re.compile(r"\b([a-z_]\w*)\s*=\s*" + _XMLID)
_NAME = re.compile(r"[a-z_]\w*")


def given_ids(content: bytes) -> DataFacts | None:
    """The records to which a file gives an XML id, without their models; None where it gives none."""
    if b"xml_id" not in content:
        return None
    text = content.decode("utf-8", "replace")
    found: dict[str, None] = {}
    variables: dict[str, list[str]] = {}
    for name, xmlid in _VARIABLE.findall(text):
        variables.setdefault(name, []).append(xmlid)
    for value in _GIVEN.findall(text):
        found.update(dict.fromkeys(_LITERAL.findall(value)))
        for name in _NAME.findall(value):
            found.update(dict.fromkeys(variables.get(name, ())))
    return DataFacts(tuple(RecordFact(xmlid, "", noupdate=True) for xmlid in found)) if found else None
