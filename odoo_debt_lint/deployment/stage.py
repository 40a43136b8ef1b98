"""The stage of the pipeline that judges the files beside the addons.

They are few and small, and what one says matters for the others: all are read anew in each run, in the main
process.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.addons.found import Discovered
from odoo_debt_lint.dispatch import crash, failure, finding_of
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.finding import FIRST_LINE, Finding, Location, Problem, Span
from odoo_debt_lint.index import AddonFacts
from odoo_debt_lint.outcome.meta import ALONE, BESIDE
from odoo_debt_lint.reading.limits import Timeout, time_limit
from odoo_debt_lint.registry import handlers
from odoo_debt_lint.rule import Hit, Rule
from odoo_debt_lint.settings import Settings

if TYPE_CHECKING:
    from odoo_debt_lint.deployment.instance import Instance
    from odoo_debt_lint.deployment.lines import File

SECONDS = 20
"""Time after which reading all the files, or one rule, is given up."""


@dataclass
class Judged:
    """What the stage says: findings, problems, and the comments of each file."""

    findings: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    results: dict[str, FileResult] = field(default_factory=dict)
    instance: Instance | None = None


def judge_deployment(
    found: Discovered,
    addons: list[AddonFacts],
    rules: list[Rule],
    settings: Settings,
    unsaved: Mapping[str, bytes],
) -> Judged:
    """Reads and judges all deployment files; does nothing when no chosen rule listens."""
    judged = Judged()
    table = handlers(rules)
    listening = table.deployment or table.instance or table.comments
    if not found.deployment or not listening:
        return judged
    # the readers are imported where there is something to read
    from odoo_debt_lint.deployment.comments import suppressions_of
    from odoo_debt_lint.deployment.loading import load

    path = found.deployment[0].path
    try:
        with time_limit(SECONDS):
            instance = load(found, addons, settings, unsaved, judged.problems)
    except Timeout:
        judged.problems.append(Problem("timeout", path, f"deployment files given up after {SECONDS} s"))
        return judged
    except Exception as error:
        judged.problems.append(Problem("internal-error", path, failure("joining deployment files", error)))
        return judged
    for file in instance.files:
        comments = suppressions_of(file.text)
        judged.results[file.path] = FileResult(file.path, _role(file, instance), suppressions=comments)
    _without_development(instance)
    judged.instance = instance
    for file in instance.files:
        for rule, check in table.deployment.get(file.kind, ()):
            _collect(judged, rule, check, file, file.path)
    for rule, check in table.instance:
        _collect(judged, rule, check, instance, instance.paths[0])
    return judged


def _role(file: File, instance: Instance) -> str:
    """Says how much was known when the file was judged, if it was."""
    from odoo_debt_lint.deployment.lines import for_development

    if file.kind != "env" and for_development(file.path):
        return "deployment, development"
    return ALONE if instance.alone else BESIDE


def instance_of(
    found: Discovered, addons: list[AddonFacts], settings: Settings, unsaved: Mapping[str, bytes]
) -> Instance | None:
    """The instance as rules would see it, when none of them has asked for it."""
    if not found.deployment:
        return None
    from odoo_debt_lint.deployment.loading import load

    try:
        with time_limit(SECONDS):
            instance = load(found, addons, settings, unsaved, [])
    except (Exception, Timeout):  # it has been reported if a rule has asked for it
        return None
    _without_development(instance)
    return instance


def _without_development(instance: Instance) -> None:
    """What no production uses is not part of the instance that rules see."""
    from odoo_debt_lint.deployment.lines import for_development

    for kind, items in instance.by_kind.items():
        if kind != "env":
            items[:] = [
                file
                for file in items
                if not for_development(file.path) and not getattr(file, "development", False)
            ]


def _collect(judged: Judged, rule: Rule, check: Any, subject: File | Instance, path: str) -> None:
    """Findings of one listener; an exception in it becomes a problem, and so does one that takes too long."""
    before = len(judged.findings)
    try:
        with time_limit(SECONDS):
            hits: Iterable[Hit] = check(subject)
            for hit in hits:
                if isinstance(hit.where, Location):
                    place = hit.where
                else:
                    place = Location(path, hit.where if isinstance(hit.where, Span) else FIRST_LINE)
                judged.findings.append(finding_of(rule, hit, place, ""))
    except Timeout:
        del judged.findings[before:]
        judged.problems.append(Problem("timeout", path, f"rule {rule.name} given up after {SECONDS} s"))
    except Exception as error:
        judged.problems.append(crash(path, rule, error))
