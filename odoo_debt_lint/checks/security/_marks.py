"""Findings at marks: where a file has noted something and the index knows the rest."""

from __future__ import annotations

from collections.abc import Callable

from odoo_debt_lint.checks.security._web import audience, auth_known, handler_marks, without_login
from odoo_debt_lint.facts import MarkFact
from odoo_debt_lint.finding import Confidence, Location, Severity
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Hit, Hits, OnAddon


def hit_at(
    path: str,
    mark: MarkFact,
    message: str,
    severity: Severity | None = None,
    confidence: Confidence | None = None,
) -> Hit:
    """A hit at the place of a mark, with its entity and its steps."""
    where = Location(path, mark.span)
    return Hit(where, message, severity, confidence, flow=mark.flow, entity=mark.entity)


def by_audience(rule: str, message: Callable[[MarkFact, str], str]) -> OnAddon:
    """A listener for what route handlers do: critical where no login is needed, less sure where that is not
    known. ``message`` is given the mark and who can call the route."""

    def check(scope: Scope) -> Hits:
        for path, mark, found in handler_marks(scope, rule):
            severity = Severity.CRITICAL if without_login(found) else Severity.HIGH
            confidence = None if auth_known(found) else Confidence.MEDIUM
            yield hit_at(path, mark, message(mark, audience(found)), severity, confidence)

    return OnAddon(check)
