"""The one filter: suppressions, excluded files, severity and confidence, applied to all findings alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec
import pathspec

from odoo_debt_lint.facts import FileResult, SuppressionFact
from odoo_debt_lint.finding import Finding
from odoo_debt_lint.registry import expand
from odoo_debt_lint.settings import Settings
from odoo_debt_lint.suppress import covers


@dataclass(slots=True)
class Selection:
    """Findings by what becomes of them."""

    shown: list[Finding] = field(default_factory=list)
    suppressed: list[Finding] = field(default_factory=list)
    unsure: list[Finding] = field(default_factory=list)
    filtered: int = 0
    used: set[tuple[str, int]] = field(default_factory=set)


def select_findings(
    findings: Iterable[Finding], results: Mapping[str, FileResult], hidden: frozenset[str], settings: Settings
) -> Selection:
    """Sorts findings into shown, suppressed, unsure and filtered; ``hidden`` paths are not reported."""
    selection = Selection()
    ignores = [
        (pathspec.GitIgnoreSpec.from_lines([pattern]), expand(rules))
        for pattern, rules in settings.per_file_ignores.items()
    ]
    for finding in findings:
        path = finding.location.path
        result = results.get(path)
        covering = _covering(result.suppressions if result else (), finding)
        if covering is not None:
            selection.used.add((path, covering.span.start_line))
            reason = covering.reason or "-"
            selection.suppressed.append(msgspec.structs.replace(finding, suppressed=reason))
        elif (
            path in hidden
            or any(finding.rule in rules and spec.match_file(path) for spec, rules in ignores)
            or finding.severity < settings.min_severity
        ):
            selection.filtered += 1
        elif finding.confidence < settings.min_confidence:
            selection.unsure.append(finding)
        else:
            selection.shown.append(finding)
    return selection


def _covering(suppressions: tuple[SuppressionFact, ...], finding: Finding) -> SuppressionFact | None:
    return next((fact for fact in suppressions if covers(fact, finding)), None)
