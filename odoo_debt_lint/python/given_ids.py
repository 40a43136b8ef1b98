"""Records which Python code makes and gives an XML id (``_load_records``, ``_update_xmlids``).

Data files do not declare them, but refer to them. The code may give the id to a helper first, or keep it in a
variable: the text is searched, because an id too many does no harm.
"""

from __future__ import annotations

import re

from odoo_debt_lint.facts import DataFacts, RecordFact

_XMLID = r"['\"]([a-z]\w*\.[\w.-]+)['\"]"
_GIVEN = re.compile(r"xml_id(?:(?<=['\"]xml_id)['\"]\s*:|(?<!\wxml_id)=(?!=))\s*([^\n]*)")
_LITERAL = re.compile(_XMLID)
_VALUE = re.compile(r"=\s*" + _XMLID)
_NO_WORD = re.compile(r"\W")
_LONGEST = 200
"""Characters of a name and of what stands before the sign."""
_NAME = re.compile(r"[a-z_]\w*")


def given_ids(content: bytes) -> DataFacts | None:
    """The records to which a file gives an XML id, without their models; None where it gives none."""
    if b"xml_id" not in content:
        return None
    text = content.decode("utf-8", "replace")
    found: dict[str, None] = {}
    variables: dict[str, list[str]] = {}
    for match in _VALUE.finditer(text):
        before = _NO_WORD.split(text[max(match.start() - _LONGEST, 0) : match.start()].rstrip())[-1]
        if _NAME.fullmatch(before):
            variables.setdefault(before, []).append(match[1])
    for value in _GIVEN.findall(text):
        found.update(dict.fromkeys(_LITERAL.findall(value)))
        for name in _NAME.findall(value):
            found.update(dict.fromkeys(variables.get(name, ())))
    return DataFacts(tuple(RecordFact(xmlid, "", noupdate=True) for xmlid in found)) if found else None
