"""What becomes of the specs of an addon when its views are combined."""

from __future__ import annotations

import re

import msgspec

from odoo_debt_lint.facts import SpecFact, ViewFact
from odoo_debt_lint.index import Scope

_TEST = re.compile(r"\[@([^]]*)\]")


class Seen(msgspec.Struct, frozen=True):
    """A spec of an addon. ``matches`` is how many nodes it finds, None where that cannot be known."""

    path: str
    view: ViewFact
    spec: SpecFact
    matches: int | None = None

    @property
    def lost(self) -> bool:
        """Whether it surely finds nothing."""
        return self.matches == 0

    @property
    def how(self) -> str:
        """The spec as its author wrote it, in short."""
        if not self.spec.short:
            return self.spec.expr
        tests = _TEST.findall(self.spec.expr)
        return f"<{' '.join([self.spec.tag, *tests])}>"


def seen(scope: Scope) -> list[Seen]:
    """All specs of the addon's data files."""
    return [
        Seen(result.path, view, spec)
        for result in scope.addon.files
        if result.data is not None and result.role in ("data", "demo")
        for view in result.data.views
        for spec in view.specs
    ]
