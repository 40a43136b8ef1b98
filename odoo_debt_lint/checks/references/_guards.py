"""Models and modules for which code asks whether they are there, before it uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from odoo_debt_lint.checks._hints import Hints
from odoo_debt_lint.facts import MarkFact
from odoo_debt_lint.finding import FIRST_LINE, Location, Span
from odoo_debt_lint.rule import Mark, Marks

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

ANY = "*"
"""The file asks for models whose names it computes, or the function for a field."""
_GUARD = re.compile(r"[\"']([\w.]+)[\"']\s+(?:not\s+)?in\s+[\w.]*(?:env|registry|pool|models)\b")
MAY_GUARD = re.compile(r"in(?:(?<=[\"'\s]\sin)|(?<=not\sin))\s+[\w.]*(?:env|registry|pool|models|_fields)\b")
_GET = re.compile(r"\.get\((?:(?<=env.get\()|(?<=pool.get\()|(?<=registry.get\())\s*[\"']([\w.]+)[\"']")
_ASKED_FOR = re.compile(r"model[\"']\s*,\s*[\"']=[\"']\s*,\s*[\"']([\w.]+)[\"']")
"""A search for the record of a model."""
_NAMED = re.compile(r"\(\s*[\"'](\w[\w.]*)[\"']")
_GOTTEN = re.compile(r"_get(?<!\w_get)\w*\(\s*[\"'](\w[\w.]*)[\"']")
_ASKING = Hints({"": "has Has exist installed available"})
"""What the names of functions hold that tell whether something is there."""
_DYNAMIC = re.compile(
    r" in (?:(?<![\"'] in )(?<!not in )|(?<=not in )(?<![\"'] not in ))"
    r"(?:self\.|request\.|http\.request\.)?env\b(?![.\[])"
)
_HAS = re.compile(r"hasattr\([^,()]*,\s*[\"']([a-z]+)")
_IN_FIELDS = re.compile(r"[\"']([a-z]+)(?![a-z])\w*[\"']\s+(?:not\s+)?in\s+[\w.]*_fields\b")
_WORD = re.compile(r"[\"']([a-z]\w*)[\"']")
_IN_WORD = re.compile(r"\w\w")


def note_guards(file: PythonFile) -> Marks:
    """Models and modules for which the file asks whether they are there."""
    yield from file.memo.once(note_guards, lambda: list(_noted(file)))


def _noted(file: PythonFile) -> Marks:
    text, words = file.text.text, file.words
    guarded: set[str] = set()
    asked: list[re.Match[str]] = []
    if MAY_GUARD.search(text):
        for found in _IN_FIELDS.finditer(text):
            guarded.add(found[1])
            last = _reach(file, found.start())[1]
            if last:  # whose field it is may be of any addon
                yield Mark(Span(file.text.position(found.start())[0], 0, last, 0), {"names": [ANY]})
        asked += _GUARD.finditer(text)
    if "ir" in words and "model" in words:
        asked += _ASKED_FOR.finditer(text)
    for match in asked:
        first, last = _reach(file, match.start())
        if last:
            yield Mark(Span(first, 0, last, 0), {"names": [match[1]]})
        else:
            guarded.add(match[1])
    if "get" in words:
        guarded.update(_GET.findall(text))
    asking = _ASKING.words(file)
    for word in asking:
        # a group is asked for the user's rights, not for what is there
        if not word.startswith("_get") and not word.endswith(("has_group", "has_groups")):
            guarded.update(_asked(text, f"{word}("))
    guarded.update(_GOTTEN.findall(text))
    if "hasattr" in words:
        guarded.update(_HAS.findall(text))
    if any("installed" in word for word in asking) or ("ir" in words and "ir.module.module" in text):
        guarded |= set(_WORD.findall(text))
    if "env" in words and _DYNAMIC.search(text):
        guarded.add(ANY)
    if guarded:
        yield Mark(FIRST_LINE, {"names": sorted(guarded)})


def _reach(file: PythonFile, place: int) -> tuple[int, int]:
    """The lines of the function in which something is asked; none where others may ask through it."""
    line = file.text.position(place)[0]
    for unit in file.units:
        if unit.first <= line <= unit.last:
            asked = unit.name and len(re.findall(rf"\b{re.escape(unit.name)}\b", file.text.text)) > 1
            return (0, 0) if asked or not unit.method else (unit.first, unit.last)
    return 0, 0


def _asked(text: str, call: str) -> Iterator[str]:
    """The names with which a function is called."""
    start = text.find(call)
    while start >= 0:
        match = _NAMED.match(text, start + len(call) - 1)
        if match is not None and not (start and _IN_WORD.match(text, start - 1)):
            yield match[1]
        start = text.find(call, start + 1)


def guarded(guards: list[tuple[str, MarkFact]], place: Location) -> set[str]:
    """What is asked for in the file, or in the function, of a place."""
    found: set[str] = set()
    for path, mark in guards:
        first, last = mark.span.start_line, mark.span.end_line
        if path == place.path and (mark.span == FIRST_LINE or first <= place.span.start_line <= last):
            found.update(mark.data["names"])
    return found
