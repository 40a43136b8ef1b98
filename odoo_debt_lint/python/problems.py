"""Says why a Python text does not parse, and recognises Python 2."""

from __future__ import annotations

import re

from odoo_debt_lint.finding import Problem

_MAX_SECOND_LOOK = 400_000
_MAX_LINE = 2000
SYNTAX_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What ``ast.parse`` raises for a text it does not accept (NUL bytes, nesting, grammar)."""

_PYTHON_2 = re.compile(
    r"^[ \t]*print[ \t]+(?![=(.\[,:)])\S|^[ \t]*except[ \t]+[\w.]+[ \t]*,[ \t]*\w+[ \t]*:|"
    r"^[ \t]*raise[ \t]+[\w.]+[ \t]*,|^[ \t]*exec[ \t]+['\"\w]+[ \t]+in\b|\bur['\"]|(?<=\w)[ \t]*<>[ \t]*\w|"
    r"(?<![\w.])0[0-7]+\b(?!\.)|\d+[lL]\b|`[\w.()]+`",
    re.M,
)
_NEWER = re.compile(r"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+\w+\[|^[ \t]*type[ \t]+\w+[ \t]*[\[=]", re.M)
"""Type parameters and ``type`` statements, since 3.12."""


def _is_newer(text: str) -> bool:
    """Whether libcst, which knows the grammar of 3.12 under any Python, accepts the text."""
    import libcst

    if len(text) > _MAX_SECOND_LOOK:
        return False
    try:
        libcst.parse_module(text)
    except Exception:
        return False
    return True


def syntax_problem(path: str, text: str, error: BaseException) -> Problem:
    """The problem of a file that ``ast`` refuses."""
    line = getattr(error, "lineno", None) or 1
    column = max((getattr(error, "offset", None) or 1) - 1, 0)
    if isinstance(error, RecursionError | MemoryError):
        return Problem("syntax", path, "nested too deeply for Python to compile it", line, column)
    if isinstance(error, ValueError) and not isinstance(error, SyntaxError):
        return Problem("syntax", path, str(error), line, column)
    lines = text.splitlines()
    near = "\n".join(text[:_MAX_LINE] for text in lines[max(line - 2, 0) : line + 1])
    message = str(getattr(error, "msg", error))
    if ("f-string" in message or _NEWER.search(near)) and _is_newer(text):
        return Problem(
            "newer-python", path, f"needs a newer Python to be read than this one: {message}", line, column
        )
    if _PYTHON_2.search(near):
        return Problem("syntax", path, f"this is Python 2: {message}", line, column)
    return Problem("syntax", path, message, line, column)
