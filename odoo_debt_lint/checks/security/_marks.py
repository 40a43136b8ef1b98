"""Findings at marks: where a file has noted something and the index knows the rest."""

from __future__ import annotations

from collections.abc import Callable

from odoo_debt_lint.checks.security._sent import is_confirmed, sent_marks
from odoo_debt_lint.checks.security._web import audience, auth_known, handler_marks, without_login
from odoo_debt_lint.facts import MarkFact, RouteFact
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


def by_audience(
    rule: str,
    message: Callable[[MarkFact, str], str],
    whole: bool = False,
    unsure: Callable[[MarkFact, list[RouteFact]], bool] = lambda mark, found: False,
    spared: Callable[[Scope, str, MarkFact], bool] = lambda scope, path, mark: False,
) -> OnAddon:
    """A listener for what route handlers do: critical where no login is needed, less sure where that is not
    known. ``message`` is given the mark and who can call the route; ``whole`` asks for the request's own dict
    where handlers of other files lead to a mark; what ``unsure`` says has low confidence, and a mark is
    ``spared`` for what other files do."""

    def judge(path: str, mark: MarkFact, found: list[RouteFact], flow: tuple[Location, ...] = ()) -> Hit:
        severity = Severity.CRITICAL if without_login(found) else Severity.HIGH
        confidence = None if auth_known(found) else Confidence.MEDIUM
        if unsure(mark, found):
            confidence = Confidence.LOW
        text = message(mark, audience(found))
        where = Location(path, mark.span)
        return Hit(where, text, severity, confidence, flow=(*flow, *mark.flow), entity=mark.entity)

    def check(scope: Scope) -> Hits:
        for path, mark, found in handler_marks(scope, rule):
            if is_confirmed(scope, path, mark) and not spared(scope, path, mark):
                yield judge(path, mark, found)
        for path, mark, found, flow in sent_marks(scope, rule, whole):
            yield judge(path, mark, found, flow)

    return OnAddon(check)
