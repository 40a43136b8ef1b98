"""The one filter: suppressions, excluded files, severity and confidence, applied to all findings alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from odoo_debt_lint.addons.ignore import spec_of
from odoo_debt_lint.facts import FileResult, SuppressionFact
from odoo_debt_lint.finding import Finding, Span
from odoo_debt_lint.registry import expand, is_among
from odoo_debt_lint.settings import Settings


class Selection(msgspec.Struct):
    """Findings by what becomes of them."""

    shown: list[Finding] = []
    suppressed: list[Finding] = []
    unsure: list[Finding] = []
    filtered: int = 0
    used: set[tuple[str, Span, str]] = set()
    """Path and place of each comment that accepts a finding, with the finding's rule."""

    def add(self, other: Selection) -> None:
        """Takes in what was found later."""
        for name in ("shown", "suppressed", "unsure"):
            both = [*getattr(self, name), *getattr(other, name)]
            setattr(self, name, sorted(both, key=lambda finding: finding.sort_key))
        self.filtered += other.filtered


def select_findings(
    findings: Iterable[Finding],
    results: Mapping[str, FileResult],
    hidden: frozenset[str],
    settings: Settings,
    named: bool = False,
) -> Selection:
    """Sorts findings into shown, suppressed, unsure and filtered; ``hidden`` paths are not reported.

    ``named``: only a comment that names the rule accepts, as for findings about comments.
    """
    selection = Selection()
    ignores = [
        (spec_of([pattern], "per-file-ignores"), expand(rules))
        for pattern, rules in settings.per_file_ignores.items()
    ]
    for finding in findings:
        path = finding.location.path
        result = results.get(path)
        covering = _covering(result.suppressions if result else (), finding, named)
        selection.used.update((path, fact.span, finding.rule) for fact in covering)
        if path in hidden:
            selection.filtered += 1
        elif covering:
            reason = covering[0].reason or "-"
            selection.suppressed.append(msgspec.structs.replace(finding, suppressed=reason))
        elif finding.severity < settings.min_severity or any(
            is_among(finding.rule, rules) and spec.match_file(path) for spec, rules in ignores
        ):
            selection.filtered += 1
        elif finding.confidence < settings.min_confidence:
            selection.unsure.append(finding)
        else:
            selection.shown.append(finding)
    return selection


def _covering(
    suppressions: tuple[SuppressionFact, ...], finding: Finding, named: bool
) -> list[SuppressionFact]:
    """The comments that accept a finding, our own first: they give reasons."""
    found = [fact for fact in suppressions if fact.accepts(finding) and (fact.rules or not named)]
    return sorted(found, key=lambda fact: fact.source != "own")
