"""Variables in the values of compose files and ``.env`` files: ``$A``, ``${A:-b}`` and their kin.

What neither the files nor a default tell makes the whole value unknown (``None``): compose takes the
environment of whoever starts it, and no file says what is in there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BRACED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?+])(.*))?", re.S)
_MAX_DEPTH = 20


def interpolated(text: str, values: Mapping[str, str | None], depth: int = 0) -> str | None:
    """The text with its variables replaced, ``None`` when one is not known or compose would refuse it.

    ``values`` are the variables that the files set; ``None`` is the value of one that is set to something
    unknown.
    """
    if "$" not in text:
        return text
    made, place = [], 0
    while (start := text.find("$", place)) >= 0:
        made.append(text[place:start])
        found, place = _replaced(text, start, values, depth)
        if found is None:
            return None
        made.append(found)
    return "".join((*made, text[place:]))


def _replaced(text: str, start: int, values: Mapping[str, str | None], depth: int) -> tuple[str | None, int]:
    """What stands for the ``$`` at ``start``, and where the text goes on."""
    following = text[start + 1 : start + 2]
    if following == "$":
        return "$", start + 2
    if following == "{":
        end = _closing(text, start + 1)
        match = _BRACED.fullmatch(text[start + 2 : end]) if end > 0 else None
        known = match is not None and depth < _MAX_DEPTH
        return (_value(match, values, depth) if match and known else None), end + 1
    name = _NAME.match(text, start + 1)
    return (values.get(name[0]), name.end()) if name else ("$", start + 1)


def _closing(text: str, start: int) -> int:
    """The brace that closes the one at ``start``; -1 without."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if not depth:
            return place
    return -1


def _value(match: re.Match[str], values: Mapping[str, str | None], depth: int) -> str | None:
    name, operator, rest = match[1], match[2] or "", match[3] or ""
    found = values.get(name)
    missing = name not in values or (operator.startswith(":") and found == "")
    if operator.endswith("-") and missing:
        return interpolated(rest, values, depth + 1)
    if operator.endswith("?") and missing:
        return None
    if operator.endswith("+") and name in values:
        if missing or (operator == ":+" and found is None):
            return found
        return interpolated(rest, values, depth + 1)
    return found
