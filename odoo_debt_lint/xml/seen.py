"""What is told of a spec once the views are combined."""

from __future__ import annotations

import re

import msgspec

from odoo_debt_lint.facts import SpecFact, ViewFact
from odoo_debt_lint.finding import Location

_TEST = re.compile(r"\[@([^]]*)\]")


class Dependent(msgspec.Struct, frozen=True):
    """A spec of another addon that anchors on a replaced node, or inside of it."""

    addon: str
    xmlid: str
    location: Location | None
    inside: bool


class Seen(msgspec.Struct, frozen=True):
    """A spec of an addon and what became of it.

    ``matches`` is how many nodes it finds, None where that cannot be known. ``error`` tells what is wrong
    with the expression. ``owner`` is the addon that put the node there (empty: not known), ``dependents`` is
    who else needs it where it is replaced. ``root`` is the primary view of the family, ``kind`` the combined
    arch's root tag, and ``trail`` the fields in whose sub-views the spec puts its content, outermost first.
    """

    path: str
    view: ViewFact
    spec: SpecFact
    matches: int | None = None
    error: str = ""
    owner: str = ""
    dependents: tuple[Dependent, ...] = ()
    root: ViewFact | None = None
    kind: str = ""
    trail: tuple[str, ...] = ()

    @property
    def lost(self) -> bool:
        """Whether it surely finds nothing."""
        return self.matches == 0

    @property
    def how(self) -> str:
        """The spec as its author wrote it, in short."""
        if not self.spec.short:
            return self.spec.expr or "<xpath> without expr"
        tests = _TEST.findall(self.spec.expr)
        return f"<{' '.join([self.spec.tag, *tests])}>"
