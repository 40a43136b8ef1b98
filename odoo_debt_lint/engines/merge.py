"""Starts the engines that were asked for, and joins their findings with ours: one defect, one finding."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from importlib import import_module

import msgspec

from odoo_debt_lint.addons.found import Discovered
from odoo_debt_lint.addons.owner import innermost
from odoo_debt_lint.engines.process import Outcome, Running
from odoo_debt_lint.finding import Finding
from odoo_debt_lint.registry import is_among
from odoo_debt_lint.settings import Settings


def start_engines(found: Discovered, settings: Settings) -> list[Running | Outcome]:
    """The engines at work; one that is not installed is an outcome with a notice at once."""
    started: list[Running | Outcome] = []
    for name in settings.engines:
        try:
            running = import_module(f"odoo_debt_lint.engines.{name}").begin(found, settings)
        except OSError:
            hint = f"pip install 'odoo-debt-lint[{name}]'"
            started.append(Outcome(notices=[f"engine {name} is not installed and did not run: {hint}"]))
        else:
            started.append(running)
    return started


def stop_engines(started: Iterable[Running | Outcome]) -> None:
    """Ends the engines of a run that ends before them."""
    for item in started:
        if isinstance(item, Running):
            item.stop()


def join_engines(
    started: Iterable[Running | Outcome], found: Discovered, ignored: Collection[str] = ()
) -> Outcome:
    """What all engines brought together, but for what is ignored."""
    total, names = Outcome(), {item.path: item.name for item in found.addons}
    for item in started:
        outcome = item.join() if isinstance(item, Running) else item
        for finding in outcome.findings:
            if not is_among(finding.rule, ignored):
                total.findings.append(_placed(finding, names))
        total.rules.update(
            {name: rule for name, rule in outcome.rules.items() if not is_among(name, ignored)}
        )
        total.problems += outcome.problems
        total.notices += outcome.notices
    return total


def _placed(finding: Finding, names: Mapping[str, str]) -> Finding:
    """The finding with the addon in which its path lies, the innermost; ``names`` are by path."""
    folder = innermost(finding.location.path, names)
    return msgspec.structs.replace(finding, addon=names[folder] if folder is not None else "")


def without_doubles(own: Iterable[Finding], others: Iterable[Finding]) -> list[Finding]:
    """Findings of engines which say nothing that ours say already: same rule, overlapping lines."""
    known: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for finding in own:
        span = finding.location.span
        known.setdefault((finding.rule, finding.location.path), []).append((span.start_line, span.end_line))
    kept: list[Finding] = []
    for finding in sorted(others, key=lambda item: item.sort_key):
        span = finding.location.span
        lines = known.setdefault((finding.rule, finding.location.path), [])
        if all(span.end_line < first or last < span.start_line for first, last in lines):
            kept.append(finding)
            lines.append((span.start_line, span.end_line))
    return kept
