"""The index stage of a migration: what needs other files or Odoo's index; and one finding a place.

Where two facts speak of the same place the harder one stays: a deprecation and the later removal are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from odoo_debt_lint.finding import Finding
from odoo_debt_lint.index import Index, Scope
from odoo_debt_lint.migration.facts import Fact
from odoo_debt_lint.migration.plan import Journey, Plan
from odoo_debt_lint.rule import Rule, series_number


def migration_findings(scope: Scope, plan: Plan) -> Iterator[Finding]:
    """What facts say of an addon beyond its single files."""
    tables = plan.tables(scope.addon.series)
    if not tables:
        return
    # what finds them is imported where there is something to find
    from odoo_debt_lint.migration.context import context_places
    from odoo_debt_lint.migration.engine import finding
    from odoo_debt_lint.migration.hooks import hook_places
    from odoo_debt_lint.migration.manifest import manifest_places

    for wanted, location in manifest_places(scope, tables):
        yield finding(wanted, location, scope.addon.name)
    for wanted, location, fix in hook_places(scope, tables):
        yield finding(wanted, location, scope.addon.name, fix)
    for found in context_places(scope, tables):
        yield finding(found.wanted, found.location, scope.addon.name, found.fix, found.entity)


def plan_of(rules: Iterable[Rule], index: Index) -> Plan:
    """The plan of a run."""
    return Plan(rules, Journey(index.settings.from_series, index.settings.to))


def settled(findings: list[Finding], rules: Mapping[str, Rule], index: Index) -> list[Finding]:
    """All findings, without calls of methods that are the set's own, and with one of facts at each place."""
    own = _own_methods(index)
    receivers = _Receivers(index)
    return hardest(
        (item for item in findings if not _is_own(item, rules[item.rule], own) or receivers.of_odoo(item)),
        rules,
    )


class _Receivers:
    """The models on which methods are called whose name is that of one of the set's, too."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._calls: dict[str, dict[tuple[str, int, int], bool]] = {}

    def of_odoo(self, finding: Finding) -> bool:
        """Whether the call is one on records of a model that surely has no such method of the set's."""
        if finding.addon not in self._calls:
            known = finding.addon in self.index.addons and self.index.settings.to
            self._calls[finding.addon] = self._judged(self.index.scope(finding.addon)) if known else {}
        location = finding.location
        place = (location.path, location.span.start_line, location.span.start_column)
        return self._calls[finding.addon].get(place, False)

    def _judged(self, scope: Scope) -> dict[tuple[str, int, int], bool]:
        from odoo_debt_lint.migration.resolve import resolver, steps

        series = scope.settings.from_series or scope.addon.series
        known = resolver(scope, series)
        return {
            (step.path, step.use.span.start_line, step.use.span.start_column): (
                step.name not in known.own(step.model).instead and known.has_method(step.model, step.name)
            )
            for step in steps(scope, series)
            if step.use.kind == "call"
        }


def _own_methods(index: Index) -> frozenset[str]:
    """Names of methods which the addons define themselves: none that call ``super()`` of the same name."""
    return frozenset(
        method.name
        for addon in index.all
        for part in addon.classes()
        if part.klass.kind != "test"
        for method in part.klass.methods
        if not any(call.method == method.name for call in method.supers)
    )


def _is_own(finding: Finding, rule: Rule, own: frozenset[str]) -> bool:
    """Whether what a fact found by its name alone is called like a method of the set."""
    if rule.fact is None:
        return False
    called = {match.value for match in rule.fact.match if match.match == "call" and not match.of}
    defined = {match.value for match in rule.fact.match if match.match == "def"}
    return any(finding.message.startswith(f"{name} ") for name in (called - defined) & own)


def hardest(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> list[Finding]:
    """All findings, but of those of facts only the hardest at each place."""
    kept: list[Finding] = []
    best: dict[tuple[str, int, int, str], Finding] = {}
    for item in findings:
        if rules[item.rule].fact is None:
            kept.append(item)
            continue
        span = item.location.span
        imported = _imported(item, rules[item.rule].fact)
        place = (item.location.path, span.start_line, span.start_column, imported)
        other = best.get(place)
        if other is None or _goes_first(item, other, rules):
            best[place] = item
    return kept + list(best.values())


def _imported(finding: Finding, fact: Fact | None) -> str:
    """The name that a finding is about where it stands at an import: one statement may import several."""
    name = finding.message.partition(" ")[0]
    matches = fact.match if fact is not None else ()
    return name if any(match.match == "import" and match.value == name for match in matches) else ""


def _goes_first(finding: Finding, other: Finding, rules: Mapping[str, Rule]) -> bool:
    """Whether of two findings of one place this one stays: what changes and is gone later on, is gone."""
    one, two = _rank(finding, rules), _rank(other, rules)
    if one[:2] == two[:2] and one[2] != two[2]:
        later, earlier = (finding, other) if one[2] > two[2] else (other, finding)
        gone = [getattr(rules[item.rule].fact, "status", "") == "removed" for item in (later, earlier)]
        if gone == [True, False]:
            return later is finding
    return one < two


def _rank(finding: Finding, rules: Mapping[str, Rule]) -> tuple[int, int, float, str, bool]:
    """Order among findings of one place: surest and hardest first, of the same the one with a fix."""
    fact = rules[finding.rule].fact
    assert fact is not None
    sure = -min(finding.confidence, 2)
    return (sure, -fact.hardness, series_number(fact.series), fact.id, finding.fix is None)
