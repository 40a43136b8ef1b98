"""The pipeline, from paths to a report. Read it from top to bottom: no stage knows another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from odoo_debt_lint.addons.discovery import discover
from odoo_debt_lint.addons.found import Discovered
from odoo_debt_lint.cache import folder_of
from odoo_debt_lint.deployment.stage import instance_of, judge_deployment
from odoo_debt_lint.engines.merge import join_engines, start_engines, stop_engines, without_doubles
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.index import AddonFacts, Core, Index
from odoo_debt_lint.judging.stage import Joined, superseded
from odoo_debt_lint.migration.stage import settled
from odoo_debt_lint.outcome.baseline import baseline_of
from odoo_debt_lint.outcome.meta import Meta
from odoo_debt_lint.reading.loading import ask_git, core_of, load_addons, manifest_problems
from odoo_debt_lint.reading.stage import Reading
from odoo_debt_lint.registry import all_rules, expand, recall, selected
from odoo_debt_lint.report.assemble import report_of
from odoo_debt_lint.report.model import Report, Sources
from odoo_debt_lint.rule import Rule
from odoo_debt_lint.settings import Settings

if TYPE_CHECKING:
    from odoo_debt_lint.deployment.instance import Instance
    from odoo_debt_lint.engines.process import Outcome, Running
    from odoo_debt_lint.infrastructure.facts import Infrastructure
    from odoo_debt_lint.inventory.collect import Inventory
    from odoo_debt_lint.outcome.baseline import Entry
    from odoo_debt_lint.reading.stage import Progress


def run(
    paths: Iterable[str],
    settings: Settings,
    progress: Progress = lambda done, total: None,
    unsaved: Mapping[str, bytes] | None = None,
) -> Report:
    """Lints the addons in ``paths``. Raises UsageError for input that makes no sense.

    ``unsaved`` is content by real path that stands in for that of the files (an editor's buffer).
    """
    unsaved = unsaved or {}
    baseline = baseline_of(settings)
    found = discover(
        paths, excludes=settings.exclude, respect_gitignore=settings.respect_gitignore, unsaved=unsaved
    )
    recall(folder_of(found.root, settings.cache_dir) if settings.cache else None)
    rules = selected(settings.select, settings.ignore, settings.extend_select)
    expand(name for names in settings.per_file_ignores.values() for name in names)  # unknown names
    if not found.addons and not found.deployment:
        raise UsageError("no addon found: no folder with a __manifest__.py in " + ", ".join(paths))
    engines = start_engines(found, settings)
    try:
        return _report(found, rules, baseline, engines, settings, progress, unsaved)
    finally:
        stop_engines(engines)


def _report(
    found: Discovered,
    rules: list[Rule],
    baseline: tuple[Entry, ...] | None,
    engines: list[Running | Outcome],
    settings: Settings,
    progress: Progress,
    unsaved: Mapping[str, bytes],
) -> Report:
    """The stages between the files and the report, while the engines are at work."""
    addons = load_addons(found, settings, unsaved)
    reading = Reading(found, addons, rules, settings, unsaved)
    core = cache(lambda: _asked(found, addons, rules, settings))
    reading.run(progress, core)
    results = dict(reading.results)
    problems = [problem for result in results.values() for problem in result.problems]
    problems += manifest_problems(addons)
    index = Index(addons, core(), settings)
    findings = [finding for result in results.values() for finding in result.findings]
    joined = Joined(index, reading, rules, found.root)
    judged = joined.judged()
    findings = superseded(findings, judged.findings)
    problems += judged.problems

    beside = judge_deployment(found, addons, rules, settings, unsaved)
    findings += beside.findings
    problems += beside.problems
    results |= beside.results

    others = join_engines(engines, found, expand(settings.ignore))
    findings += without_doubles(findings, others.findings)
    problems += others.problems
    found.notices += others.notices
    by_name = {**others.rules, **{rule.name: rule for rule in rules}}
    if any(by_name[item.rule].fact is not None for item in findings):
        reading.fill()
        findings = settled(findings, by_name, index)
    sources = Sources(found.root, unsaved)
    meta = Meta(tuple(rules), index)
    report = report_of(found, addons, results, findings, problems, by_name, settings, sources, meta, baseline)
    report.deployment = len(found.deployment)
    if settings.to:
        from odoo_debt_lint.migration.porting import porting_of

        reading.fill()
        report.porting = porting_of(index, report.findings, by_name)
        report.readiness = report.porting.summary if report.porting is not None else None
    report.survey = joined.inventory
    report.survey_instance = lambda: _infrastructure(
        beside.instance or instance_of(found, addons, settings, unsaved)
    )
    return report


def _asked(
    found: Discovered, addons: list[AddonFacts], rules: list[Rule], settings: Settings
) -> Mapping[str, Core]:
    """What is known of the addons and of Odoo from elsewhere. It needs nothing of what is being read."""
    ask_git(found, addons, rules)
    return core_of(found, addons, rules, settings)


def survey(paths: Iterable[str], settings: Settings, progress: Progress) -> Inventory:
    """The inventory alone: facts without findings."""
    found = discover(paths, excludes=settings.exclude, respect_gitignore=settings.respect_gitignore)
    if not found.addons:
        raise UsageError("no addon found: no folder with a __manifest__.py in " + ", ".join(paths))
    addons = load_addons(found, settings, {})
    reading = Reading(found, addons, [], settings, {})
    reading.run(progress)
    every = list(all_rules().values())
    index = Index(addons, _asked(found, addons, every, settings), settings)
    return Joined(index, reading, [], found.root).inventory()


def _infrastructure(instance: Instance | None) -> Infrastructure:
    from odoo_debt_lint.infrastructure.facts import Infrastructure

    if instance is None:
        return Infrastructure()
    # the readers are imported where there is something to read
    from odoo_debt_lint.infrastructure.collect import infrastructure_of

    return infrastructure_of(instance)
