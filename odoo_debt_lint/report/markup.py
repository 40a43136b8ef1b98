"""Text of other people in Markdown: it stays text, opens no table, link, tag or mention."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"[&<>|`*\[\]#~\\!$]|(?<![^\W_])_|_(?![^\W_])|:(?=//)")


def md(text: str) -> str:
    """The text on one line, for a table or a list. A mention would call people to a pull request: what
    follows an ``@`` is held off by a space of no width."""
    flat = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    escaped = _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", flat)
    return escaped.replace("@", "@&#8203;")


def code(text: str) -> str:
    """The text as code."""
    return f"<code>{md(text)}</code>"


def hours(minutes: int) -> str:
    """``"12.5 h"``."""
    return f"{minutes / 60:.1f} h"
