"""Whether a password in a deployment file is one that anybody would try first."""

from __future__ import annotations

import re

SHORT = 8
_USUAL = frozenset(
    (
        "admin password odoo postgres root secret changeme change_me change-me master superadmin "
        "administrator test demo guest default letmein qwerty welcome pass passwd user redis toor azerty"
    ).split()
)
_PLACEHOLDER = re.compile(
    r"change[-_ ]?(me|this|it)|your[-_ ]|example|placeholder|replace[-_ ]?(me|this)", re.I
)
_TAIL = re.compile(r"[\d!@#$%.*_-]*$")


def weakness(value: str, *names: str) -> str:
    """Why a password is weak, or nothing. ``names`` are those it must not repeat: the user, the database."""
    lowered = value.lower()
    bare = _TAIL.sub("", lowered)
    if lowered in _USUAL:
        return "is one of those that are tried first"
    if _PLACEHOLDER.search(value):
        return "is still the placeholder of a template"
    if names and lowered in {name.lower() for name in names if name}:
        return "is the name of the user or database"
    if bare in _USUAL or not bare:
        return "is a usual word or number with nothing but digits and signs behind it"
    if len(bare) > 4 and bare.startswith(("password", "passw0rd", "odoo1")):
        return "begins with a word that is tried first"
    return f"is shorter than {SHORT} characters" if len(value) < SHORT else ""
