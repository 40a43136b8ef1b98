"""Images whose software gets no fixes any more, as of January 2026: reports stay reproducible."""

from __future__ import annotations

import re

_NUMBERED: dict[str, tuple[float, str]] = {
    "postgres": (13, "PostgreSQL"),
    "postgis": (13, "PostgreSQL"),
    "postgresql": (13, "PostgreSQL"),
    "redis": (6.0, "Redis"),
    "odoo": (16, "Odoo"),
    "ubuntu": (20.04, "Ubuntu"),
    "python": (3.09, "Python"),
    "debian": (10, "Debian"),
    "node": (18, "Node.js"),
    "nginx": (1.24, "nginx"),
}
"""The last version without fixes."""
_NAMED = {
    "debian": frozenset({"wheezy", "jessie", "stretch", "buster"}),
    "ubuntu": frozenset({"trusty", "xenial", "bionic", "focal"}),
    "centos": frozenset({"6", "7", "8"}),
}


def end_of_life(image: str) -> str:
    """What an image holds that gets no fixes any more, or nothing."""
    match = re.fullmatch(r"(?:.*/)?([\w.-]+):v?([\w.-]+?)(?:@.*)?", image)
    if match is None:
        return ""
    name, tag = match[1].lower(), match[2].lower()
    named = _NAMED.get(name, frozenset())
    word = tag.split("-")[0]
    if word in named or word.split(".")[0] in named:
        return f"{name} {word}"
    inside = re.search(r"(?:^|-)pg(\d+)", tag)
    if inside is not None and int(inside[1]) <= _NUMBERED["postgres"][0]:
        return f"PostgreSQL {inside[1]}"
    last, title = _NUMBERED.get(name, (0.0, ""))
    number = re.match(r"(\d+)(?:\.(\d{1,9}))?", tag)
    if not last or number is None or len(number[1]) > 2:
        return ""
    pointed = "." in f"{last:g}"
    if pointed and number[2] is None and int(number[1]) == int(last):
        return ""  # the newest of its line, which goes on
    version = float(f"{number[1]}.{int(number[2] or 0):02d}") if pointed else float(number[1])
    if name == "redis":
        version = float(number[1] + "." + (number[2] or "9"))
    return f"{title} {number[0]}" if version <= last else ""
