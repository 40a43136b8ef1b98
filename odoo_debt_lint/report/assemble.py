"""Puts the report together: filter, charge, sum up, and say what the reader should know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from odoo_debt_lint.addons.found import Discovered
from odoo_debt_lint.addons.owner import innermost
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.finding import Finding, Problem
from odoo_debt_lint.index import AddonFacts
from odoo_debt_lint.outcome.baseline import Compared, Entry, compare
from odoo_debt_lint.outcome.debt import Debt, debt_of, merged, with_minutes
from odoo_debt_lint.outcome.fingerprint import fingerprinted
from odoo_debt_lint.outcome.meta import Meta
from odoo_debt_lint.outcome.select import select_findings
from odoo_debt_lint.report.model import AddonReport, Report, Sources
from odoo_debt_lint.rule import Rule
from odoo_debt_lint.settings import Settings


def report_of(
    found: Discovered,
    addons: list[AddonFacts],
    results: dict[str, FileResult],
    findings: list[Finding],
    problems: list[Problem],
    by_name: Mapping[str, Rule],
    settings: Settings,
    sources: Sources,
    meta: Meta,
    baseline: Iterable[Entry] | None = None,
) -> Report:
    """Filters, charges and sums up."""
    unique = sorted({(f.sort_key, f.severity): f for f in findings}.values(), key=lambda f: f.sort_key)
    files = [file for addon in found.addons for file in addon.files]
    hidden = frozenset(file.path for file in files if not file.reported)
    excluded = frozenset(file.path for file in files if file.excluded)
    partial = hidden != excluded or (found.alone and bool(addons))
    folders = {addon.name: addon.path for addon in addons}

    def identified(items: list[Finding]) -> list[Finding]:
        return fingerprinted(items, sources.text, folders)

    # before the selection, so that what is hidden does not change the identity of what is shown
    everything = identified(unique)
    selection = select_findings(everything, results, hidden, settings)
    own = identified(meta.findings(selection.used, results, problems))
    selection.add(select_findings(own, results, hidden, settings, named=True))
    compared = None
    if baseline is not None:
        judged = () if partial else tuple(addon.path for addon in addons)
        compared = compare(baseline, [*everything, *own], by_name, judged)
    paths = frozenset(addon.path for addon in addons)

    def charged(items: list[Finding]) -> list[Finding]:
        return with_minutes(
            items, by_name, settings.min_confidence, lambda item: innermost(item.location.path, paths) or ""
        )

    shown, compared = _charged(selection.shown, compared, charged, settings.new_only)
    lines = _addon_lines(addons, shown, by_name, settings)
    return Report(
        root=found.root,
        sources=sources,
        rules=by_name,
        addons=tuple(lines),
        findings=tuple(shown),
        debt=merged([line.debt for line in lines]),
        suppressed=tuple(selection.suppressed),
        unsure=tuple(selection.unsure),
        filtered=selection.filtered,
        problems=tuple(
            sorted(
                (item for item in problems if _concerns(item, hidden, excluded)),
                key=lambda problem: (problem.path, problem.line, problem.message),
            )
        ),
        notices=tuple(_notices(found, addons)),
        files=len(results),
        partial=partial,
        compared=compared,
    )


def _concerns(problem: Problem, hidden: frozenset[str], excluded: frozenset[str]) -> bool:
    """Whether a problem is to be told: our own faults are, but for files that the user excludes."""
    return problem.path not in (excluded if problem.kind == "internal-error" else hidden)


def _charged(
    findings: list[Finding],
    compared: Compared | None,
    charge: Callable[[list[Finding]], list[Finding]],
    new_only: bool,
) -> tuple[list[Finding], Compared | None]:
    """The findings to show, with their minutes. Known ones bear what a rule costs once per addon: new debt is
    what comes on top of them, whether they are shown or not."""
    if compared is None:
        return charge(findings), None
    ordered = sorted(findings, key=lambda finding: finding.fingerprint not in compared.known)
    charged = sorted(charge(ordered), key=lambda item: item.sort_key)
    if not new_only:
        return charged, compared
    hidden = tuple(finding for finding in charged if finding.fingerprint in compared.known)
    shown = [finding for finding in charged if finding.fingerprint not in compared.known]
    return shown, replace(compared, hidden=hidden)


def _addon_lines(
    addons: list[AddonFacts], shown: list[Finding], rules: Mapping[str, Rule], settings: Settings
) -> list[AddonReport]:
    """One line an addon, and one without a name for findings in files beside the addons."""
    own: dict[str, list[Finding]] = {addon.path: [] for addon in addons}
    for finding in shown:
        own.setdefault(innermost(finding.location.path, own) or "", []).append(finding)
    lines = [
        AddonReport(
            addon.name,
            addon.path,
            addon.series,
            addon.series_source,
            addon.manifest.version,
            len(addon.files),
            _debt(own[addon.path], addon, rules, settings),
        )
        for addon in addons
    ]
    if "" in own:
        debt = debt_of(own[""], 0, rules, settings.minutes_per_line)
        paths = {finding.location.path for finding in own[""]}
        lines.append(AddonReport("", "", "", "", "", len(paths), debt))
    return lines


def _debt(findings: list[Finding], addon: AddonFacts, rules: Mapping[str, Rule], settings: Settings) -> Debt:
    return debt_of(findings, addon.loc, rules, settings.minutes_per_line, lambda finding: addon.series)


def _notices(found: Discovered, addons: list[AddonFacts]) -> Iterable[str]:
    """What the reader of the report should know about how it was made."""
    yield from found.notices
    twice = sorted(name for name, count in Counter(addon.name for addon in addons).items() if count > 1)
    if twice:
        yield f"{len(twice)} addon name(s) stand for several folders, others see the last: {_few(twice)}"
    for source in ("option", "inferred from the set"):
        names = [addon.name for addon in addons if addon.series_source == source]
        if names:
            how = "from --series" if source == "option" else source
            yield f"series {how} for {len(names)} addon(s): {_few(names)}"
    unknown = [addon.name for addon in addons if not addon.series]
    if unknown:
        yield f"no series known for {len(unknown)} addon(s), give --series: {_few(unknown)}"


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
