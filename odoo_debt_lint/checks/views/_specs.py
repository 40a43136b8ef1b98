"""What the rules on inheriting views share: the specs of an addon, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator

from odoo_debt_lint.facts import STATIC
from odoo_debt_lint.finding import Confidence, Location, Severity
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Hit, Hits
from odoo_debt_lint.xml.combine import seen
from odoo_debt_lint.xml.seen import Dependent, Seen
from odoo_debt_lint.xml.xpath_form import form

TAG = "fragile-xpath"
"""The tag of the whole group."""


def located(scope: Scope) -> Iterator[Seen]:
    """Specs of the addon that find a node, or of which nobody knows."""
    return (item for item in seen(scope) if not item.lost)


def by_form(scope: Scope, *kinds: str) -> Iterator[Seen]:
    """Specs whose expression is fragile for one of the reasons (see ``xml.xpath.form``)."""
    return (item for item in located(scope) if form(item.spec.expr) in kinds)


def hit(
    item: Seen, message: str, severity: Severity | None = None, confidence: Confidence | None = None
) -> Hit:
    """A hit at the spec's start tag."""
    place = Location(item.path, item.spec.span)
    return Hit(place, message, severity, confidence, entity=item.view.xmlid)


def form_hits(scope: Scope, kind: str, message: str) -> Hits:
    """Hits for all expressions of one form; ``{}`` in the message is how the spec finds its node."""
    for item in by_form(scope, kind):
        yield hit(item, message.format(item.how))


def others_said(others: tuple[Dependent, ...]) -> str:
    """Who else needs a node, in words."""
    names = sorted({f"{other.addon} ({other.xmlid.removesuffix(STATIC)})" for other in others})
    if not names:
        return ""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f" on which others anchor: {', '.join(names[:3])}{more}"
