"""Where findings about a whole addon stand: line 1 of its manifest, or an item there."""

from __future__ import annotations

from odoo_debt_lint.finding import FIRST_LINE, Location, Span
from odoo_debt_lint.index import Scope


def first_line(scope: Scope) -> Location:
    """Line 1 of the manifest, for what is missing from the addon."""
    return Location(scope.addon.manifest.path, FIRST_LINE)


def in_manifest(scope: Scope, span: Span) -> Location:
    """A place in the manifest."""
    return Location(scope.addon.manifest.path, span)
