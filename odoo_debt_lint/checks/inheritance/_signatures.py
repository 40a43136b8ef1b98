"""Compares the parameters of an override with those of what it overrides, as its callers meet them."""

from __future__ import annotations

from dataclasses import dataclass

from odoo_debt_lint.facts import MethodFact, ParamFact, SuperFact


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference. ``kind``: ``missing``, ``required``, ``default`` (an optional one became required),
    ``moved``, ``renamed`` (an optional parameter, which callers give by name), ``name`` (a required one,
    which they mostly give by position), ``open`` (extra arguments are no longer taken)."""

    kind: str
    text: str


def compare(own: MethodFact, parent: MethodFact) -> list[Mismatch]:
    """What breaks callers of the parent; empty when the override takes all that the parent takes."""
    mine, theirs = _Shape(own), _Shape(parent)
    if mine.static or theirs.static:
        return []
    found = _positional(mine, theirs)
    found += _keywords(mine, theirs)
    if not found and theirs.many and not mine.many and not mine.keywords and not mine.rest:
        found.append(Mismatch("open", "no longer takes **" + theirs.many))
    return found


def shared(own: MethodFact, parent: MethodFact) -> set[str]:
    """The names of parameters which two methods have in common."""
    return _Shape(own).names & _Shape(parent).names


def beyond(method: MethodFact, call: SuperFact) -> str:
    """What a call gives that the method does not take, in words; empty when it takes all."""
    theirs = _Shape(method)
    if call.count > len(theirs.positional) and not theirs.rest and not theirs.static:
        return f"{call.count} arguments, of which it takes {len(theirs.positional)}"
    if theirs.many or theirs.static:
        return ""
    taken = {param.name for param in (*theirs.positional, *theirs.keywords)}
    return ", ".join(name for name in call.names if name not in taken)


class _Shape:
    """Parameters by kind, without ``self``."""

    def __init__(self, method: MethodFact) -> None:
        positional = [param for param in method.params if param.kind == "p"]
        self.rest = next((param.name for param in method.params if param.kind == "*"), "")
        self.many = next((param.name for param in method.params if param.kind == "**"), "")
        self.static = not positional and not self.rest
        self.positional = positional[1:]
        self.keywords = [param for param in method.params if param.kind == "k"]
        self.names = {_bare(param.name) for param in (*self.positional, *self.keywords)}


def _bare(name: str) -> str:
    return name.strip("_")


def _positional(mine: _Shape, theirs: _Shape) -> list[Mismatch]:
    found = []
    for index, param in enumerate(theirs.positional):
        if index >= len(mine.positional):
            if not mine.rest and not (mine.many or _bare(param.name) in mine.names):
                found.append(Mismatch("missing", f"lacks the parameter {param.name}"))
            continue
        found += _at(index, mine, theirs, mine.positional[index], param)
    for param in mine.positional[len(theirs.positional) :]:
        known = _bare(param.name) in theirs.names
        if not param.default and not theirs.rest and not theirs.many and not known:
            found.append(Mismatch("required", f"requires {param.name}, which callers do not give"))
    return found


def _at(index: int, mine: _Shape, theirs: _Shape, own: ParamFact, param: ParamFact) -> list[Mismatch]:
    """What is wrong with the parameter at one position."""
    found = []
    if _bare(own.name) != _bare(param.name):
        if _bare(own.name) in theirs.names:
            found.append(Mismatch("moved", f"takes {own.name} where callers give {param.name}"))
        elif _bare(param.name) not in mine.names and not mine.many:
            kind = "renamed" if param.default else "name"
            found.append(Mismatch(kind, f"calls the parameter {param.name} {own.name}"))
    if param.default and not own.default and not (index < len(mine.positional) and mine.rest):
        found.append(Mismatch("default", f"requires {own.name}, which callers may leave out"))
    return found


def _keywords(mine: _Shape, theirs: _Shape) -> list[Mismatch]:
    found = []
    for param in theirs.keywords:
        if not mine.many and _bare(param.name) not in mine.names:
            found.append(Mismatch("missing", f"lacks the parameter {param.name}"))
    for param in mine.keywords:
        if not param.default and _bare(param.name) not in theirs.names and not theirs.many:
            found.append(Mismatch("required", f"requires {param.name}, which callers do not give"))
    return found
