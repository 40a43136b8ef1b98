"""The pipeline, from paths to a report. Read it from top to bottom: no stage knows another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from odoo_debt_lint.assemble import report_of
from odoo_debt_lint.baseline import baseline_of
from odoo_debt_lint.deployment.stage import instance_of, judge_deployment
from odoo_debt_lint.discovery import Discovered, UsageError, discover
from odoo_debt_lint.engines.merge import join_engines, start_engines, without_doubles
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.index import AddonFacts, Index
from odoo_debt_lint.judging import judge, superseded
from odoo_debt_lint.loading import ask_git, core_of, load_addons, manifest_problems
from odoo_debt_lint.meta import Meta
from odoo_debt_lint.migration.stage import settled
from odoo_debt_lint.reading import Reading
from odoo_debt_lint.registry import all_rules, expand, selected
from odoo_debt_lint.report.model import Report, Sources
from odoo_debt_lint.rule import Rule
from odoo_debt_lint.settings import Settings

if TYPE_CHECKING:
    from odoo_debt_lint.deployment.instance import Instance
    from odoo_debt_lint.infrastructure.facts import Infrastructure
    from odoo_debt_lint.inventory.collect import Inventory
    from odoo_debt_lint.reading import Progress


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
    rules = selected(settings.select, settings.ignore, settings.extend_select)
    expand(name for names in settings.per_file_ignores.values() for name in names)  # unknown names
    found = discover(paths, excludes=settings.exclude, respect_gitignore=settings.respect_gitignore)
    if not found.addons and not found.deployment:
        raise UsageError("no addon found: no folder with a __manifest__.py in " + ", ".join(paths))
    engines = start_engines(found, settings)

    addons, results = _read(found, rules, settings, progress, unsaved)
    problems = [problem for result in results.values() for problem in result.problems]
    problems += manifest_problems(addons)
    ask_git(found, addons, rules)
    index = Index(addons, core_of(found, addons, rules, settings), settings)
    findings = [finding for result in results.values() for finding in result.findings]
    judged = judge(index, results, rules, settings, found.root)
    findings = superseded(findings, judged.findings)
    problems += judged.problems

    beside = judge_deployment(found, addons, rules, settings, unsaved)
    findings += beside.findings
    problems += beside.problems
    results |= beside.results

    others = join_engines(engines, found)
    findings += without_doubles(findings, others.findings)
    problems += others.problems
    found.notices += others.notices
    by_name = {**others.rules, **{rule.name: rule for rule in rules}}
    findings = settled(findings, by_name, index)
    sources = Sources(found.root, unsaved)
    meta = Meta(tuple(rules), index)
    report = report_of(found, addons, results, findings, problems, by_name, settings, sources, meta, baseline)
    report.deployment = len(found.deployment)
    if settings.to:
        from odoo_debt_lint.migration.porting import porting_of

        report.porting = porting_of(index, report.findings, by_name)
        report.readiness = report.porting.summary if report.porting is not None else None
    report.survey = lambda: _inventory(index, settings)
    report.survey_instance = lambda: _infrastructure(
        beside.instance or instance_of(found, addons, settings, unsaved)
    )
    return report


def survey(paths: Iterable[str], settings: Settings, progress: Progress) -> Inventory:
    """The inventory alone: facts without findings."""
    found = discover(paths, excludes=settings.exclude, respect_gitignore=settings.respect_gitignore)
    if not found.addons:
        raise UsageError("no addon found: no folder with a __manifest__.py in " + ", ".join(paths))
    addons, _ = _read(found, [], settings, progress, {})
    every = list(all_rules().values())
    ask_git(found, addons, every)
    index = Index(addons, core_of(found, addons, every, settings), settings)
    return _inventory(index, settings)


def _inventory(index: Index, settings: Settings) -> Inventory:
    from odoo_debt_lint.inventory.collect import inventory_of

    return inventory_of(index, settings.own_authors)


def _infrastructure(instance: Instance | None) -> Infrastructure:
    from odoo_debt_lint.infrastructure.collect import infrastructure_of

    return infrastructure_of(instance)


def _read(
    found: Discovered,
    rules: list[Rule],
    settings: Settings,
    progress: Progress,
    unsaved: Mapping[str, bytes],
) -> tuple[list[AddonFacts], dict[str, FileResult]]:
    """The addons with the facts of their files, and the results by path."""
    addons = load_addons(found, settings, unsaved)
    results = Reading(found, addons, settings).run(rules, progress, unsaved)
    for addon, place in zip(addons, found.addons, strict=True):
        addon.files = [results[file.path] for file in place.files if file.path in results]
        addon.fill()
    return addons, results
