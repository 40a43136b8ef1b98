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
_NEWER = re.compile(
    r"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+\w+\[|^[ \t]*type[ \t]+\w+[ \t]*[\[=]|^[ \t]*except[ \t]*\*",
    re.M,
)
"""Type parameters and ``type`` statements, since 3.12; groups of errors, since 3.11."""
_HIDDEN = re.compile(
    r"(?:^|;[ ]?)(?:exec\([^\n]{0,80}\b(?:marshal|zlib|base64|bz2|lzma)\.\w|__pyarmor__\()", re.M
)
"""What runs at the start of a file whose code is packed into a literal."""
_UNPARENTHESIZED = re.compile(r"^[ \t]*except[ \t]+(?=[\w.]+[ \t]*,)")
_TOLD_LATE = "except expressions without parentheses"
"""How 3.14 refuses, in the line after the handler, what older ones refuse at the first of the types."""


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


def hidden_code(path: str, text: str) -> Problem | None:
    """The problem of a file that runs code which it has packed into a literal, as vendors do who protect
    theirs."""
    found = _HIDDEN.search(text) if "exec(" in text or "pyarmor" in text else None
    if found is None:
        return None
    line = text.count("\n", 0, found.start()) + 1
    return Problem("hidden", path, "runs code packed into a literal: what it declares is not known", line)


def syntax_problem(path: str, text: str, error: BaseException) -> Problem:
    """The problem of a file that ``ast`` refuses."""
    line = getattr(error, "lineno", None) or 1
    column = max((getattr(error, "offset", None) or 1) - 1, 0)
    if isinstance(error, RecursionError | MemoryError):
        return Problem("syntax", path, "nested too deeply for Python to compile it", line, column)
    if isinstance(error, ValueError) and not isinstance(error, SyntaxError):
        return Problem("syntax", path, str(error), line, column)
    lines = text.splitlines()
    message = str(getattr(error, "msg", error))
    if message.startswith(_TOLD_LATE):
        line, column = _handler(lines, line, column)
        message = "multiple exception types must be parenthesized"
    near = "\n".join(item[:_MAX_LINE] for item in lines[max(line - 2, 0) : line + 1])
    if ("f-string" in message or _NEWER.search(near)) and _is_newer(text):
        return Problem(
            "newer-python", path, f"needs a newer Python to be read than this one: {message}", line, column
        )
    if _PYTHON_2.search(near):
        return Problem("syntax", path, f"this is Python 2: {message}", line, column)
    return Problem("syntax", path, message, line, column)


def _handler(lines: list[str], line: int, column: int) -> tuple[int, int]:
    """Where, up to a line, the last handler stands that has exceptions without parentheses."""
    for number in range(min(line, len(lines)), 0, -1):
        if match := _UNPARENTHESIZED.match(lines[number - 1]):
            return number, match.end()
    return line, column
