"""Python inside data files: the ``code`` of server actions, scheduled and automated actions.

The text is padded with blank lines so that every line keeps the number it has in the XML file.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from odoo_debt_lint.finding import Problem
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.problems import SYNTAX_ERRORS, syntax_problem

if TYPE_CHECKING:
    from odoo_debt_lint.xml.document import XmlFile

MODELS = frozenset({"ir.actions.server", "ir.cron", "base.automation"})


def embedded_code(file: XmlFile) -> Iterator[PythonFile | Problem]:
    """The code of each such record as a Python file, or the problem that it does not parse."""
    if file.root.tag not in ("odoo", "openerp", "data"):
        return
    for element in file.elements:
        if element.tag != "field" or element.get("name") != "code" or not (element.text or "").strip():
            continue
        record = element.getparent()
        if record is None or record.get("model") not in MODELS or len(element):
            continue
        line, column = file.content_start(element)
        code = _parsed(file, record.get("model"), padded(element.text, line, column))
        if isinstance(code, Problem):
            stripped = _parsed(file, record.get("model"), "\n" * (line - 1) + _stripped(element.text))
            code = code if isinstance(stripped, Problem) else stripped
        yield code


def _parsed(file: XmlFile, model: str, text: str) -> PythonFile | Problem:
    try:
        return PythonFile(
            file.path, text, addon=file.addon, series=file.series, role=file.role, embedded=model
        )
    except SYNTAX_ERRORS as error:
        return syntax_problem(file.path, text, error)


def _stripped(code: str) -> str:
    """What Odoo runs: blanks are taken from the ends of the whole text, so that its first line alone loses
    its indentation. A block below it may stand in the same column."""
    text = code.strip()
    return "\n" * code[: code.index(text)].count("\n") + text + "\n"


def padded(code: str, line: int, column: int) -> str:
    """The code at the line where it stands in its file; indented code comes under an ``if 1:``."""
    first, _, rest = code.partition("\n")
    if first.strip():
        # it starts on the line of the tag: only that line's column can be kept
        return (
            "\n" * (line - 1) + first.strip() + ("\n" + textwrap.dedent(rest) if rest.strip() else "") + "\n"
        )
    lines = rest.split("\n")
    indented = next((item for item in lines if item.strip()), "")[:1] in (" ", "\t")
    return "\n" * (line - 1) + ("if 1:" if indented else "") + "\n" + rest.rstrip() + "\n"
