"""How far each addon is from the target: its state, the order of porting, the hours by step and kind of work.

``blocked``: something it depends on does not exist in the target and nothing stands in for it, or an addon of
the set that it needs is blocked. ``needs-work``: something breaks. ``ready``: nothing is known to break.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from odoo_debt_lint.addons.owner import innermost
from odoo_debt_lint.core.choose import shipped
from odoo_debt_lint.finding import Finding
from odoo_debt_lint.index import AddonFacts, Index
from odoo_debt_lint.migration.facts import Fact, all_facts
from odoo_debt_lint.report.readiness import Readiness
from odoo_debt_lint.rule import Rule, series_number

BLOCKED, NEEDS_WORK, READY = "blocked", "needs-work", "ready"


@dataclass(frozen=True, slots=True)
class Work:
    """Minutes by how it is done: ``automatic`` by a safe fix, ``review`` of an unsafe one, ``manual``."""

    automatic: int = 0
    review: int = 0
    manual: int = 0

    @property
    def total(self) -> int:
        return self.automatic + self.review + self.manual

    def __add__(self, other: Work) -> Work:
        return Work(self.automatic + other.automatic, self.review + other.review, self.manual + other.manual)


@dataclass(frozen=True, slots=True)
class Replaced:
    """A dependency that the target does not have: what became of it, in which series."""

    name: str
    series: str
    how: str


@dataclass(frozen=True, slots=True)
class PortedAddon:
    """One addon. ``steps`` is the work by series, ``level`` its place in the order of porting (0 first),
    ``after`` the addons of the set which must be ported before it, ``unknown`` dependencies found nowhere."""

    name: str
    series: str
    state: str
    reasons: tuple[str, ...]
    findings: int
    steps: Mapping[str, Work]
    level: int
    after: tuple[str, ...]
    replaced: tuple[Replaced, ...]
    unknown: tuple[str, ...]

    @property
    def work(self) -> Work:
        return sum(self.steps.values(), Work())


@dataclass(frozen=True, slots=True)
class Porting:
    """All addons in the order in which to port them."""

    to: str
    addons: tuple[PortedAddon, ...]

    @property
    def work(self) -> Work:
        return sum((addon.work for addon in self.addons), Work())

    @property
    def steps(self) -> dict[str, Work]:
        """The work by series."""
        found: dict[str, Work] = {}
        for addon in self.addons:
            for series, work in addon.steps.items():
                found[series] = found.get(series, Work()) + work
        return dict(sorted(found.items(), key=lambda item: series_number(item[0])))

    def count(self, state: str) -> int:
        return sum(1 for addon in self.addons if addon.state == state)

    @property
    def summary(self) -> Readiness:
        """The same in four numbers."""
        blocked, needing, ready = (self.count(state) for state in (BLOCKED, NEEDS_WORK, READY))
        return Readiness(self.to, blocked, needing, ready, self.work.total / 60)


def porting_of(index: Index, findings: Iterable[Finding], rules: Mapping[str, Rule]) -> Porting | None:
    """The readiness of all addons that come from a series before ``--to``; None without a target.

    ``findings`` are those shown, with the minutes that they cost.
    """
    to = index.settings.to
    if not to:
        return None
    behind = [
        addon for addon in index.all if addon.series and series_number(addon.series) < series_number(to)
    ]
    own: dict[str | None, list[Finding]] = defaultdict(list)
    folders = frozenset(addon.path for addon in index.all)
    for finding in findings:
        if rules[finding.rule].family == "migration":
            own[innermost(finding.location.path, folders)].append(finding)
    needs = _needs(behind)
    levels = _levels(needs)
    facts = {match.value: fact for fact in _addon_facts() for match in fact.match if match.match == "depends"}
    states: dict[str, PortedAddon] = {}
    for addon in sorted(behind, key=lambda item: (levels[item.path], item.name, item.path)):
        before = [states[path] for path in needs[addon.path] if path in states]
        states[addon.path] = _judged(addon, own[addon.path], rules, index, facts, levels[addon.path], before)
    return Porting(to, tuple(states.values()))


def _addon_facts() -> Iterator[Fact]:
    return (fact for fact in all_facts() if any(match.match == "depends" for match in fact.match))


def _needs(addons: Sequence[AddonFacts]) -> dict[str, set[str]]:
    """The addons of the set that each one needs, all by path: of several of a name the one of its series."""
    by_series = {(addon.series, addon.name): addon.path for addon in addons}
    by_name = {addon.name: addon.path for addon in addons}
    return {
        addon.path: {
            by_series.get((addon.series, name), by_name[name])
            for name in addon.manifest.items("depends")
            if name in by_name
        }
        for addon in addons
    }


def _levels(needs: Mapping[str, set[str]]) -> dict[str, int]:
    """The place of each addon in the order of porting: one more than the last it needs; cycles are broken."""
    levels: dict[str, int] = {}
    left = dict(needs)
    level = 0
    while left:
        free = [name for name, depends in left.items() if not (depends - {name}) & left.keys()]
        for name in free or [min(left)]:
            levels[name] = level
        for name in free or [min(left)]:
            del left[name]
        level += 1
    return levels


def _judged(
    addon: AddonFacts,
    findings: Sequence[Finding],
    rules: Mapping[str, Rule],
    index: Index,
    facts: Mapping[str, Fact],
    level: int,
    before: Sequence[PortedAddon],
) -> PortedAddon:
    depends = addon.manifest.items("depends")
    replaced = tuple(_replaced(depends, addon.series, index.settings.to, facts))
    gone, unknown = _missing(addon, index, {item.name for item in replaced})
    after = tuple(sorted(item.name for item in before))
    blockers = sorted(item.name for item in before if item.state == BLOCKED)
    reasons = [f"{name} does not exist in {index.settings.to}" for name in gone]
    reasons += [f"{name} is blocked" for name in blockers]
    hard = [finding for finding in findings if _breaks(rules[finding.rule])]
    state = BLOCKED if reasons else NEEDS_WORK if hard or replaced else READY
    return PortedAddon(
        addon.name,
        addon.series,
        state,
        tuple(reasons),
        len(findings),
        _steps(findings, rules, index.settings.to),
        level,
        after,
        replaced,
        unknown,
    )


def _breaks(rule: Rule) -> bool:
    return (
        rule.fact.breaks in ("hard", "silent")
        if rule.fact is not None
        else rule.name != "manifest-version-bump"
    )


def _replaced(depends: Iterable[str], series: str, to: str, facts: Mapping[str, Fact]) -> Iterator[Replaced]:
    for name in depends:
        fact = facts.get(name)
        if fact and series_number(series) < series_number(fact.series) <= series_number(to):
            yield Replaced(name, fact.series, fact.replacement)


def _missing(addon: AddonFacts, index: Index, replaced: set[str]) -> tuple[list[str], tuple[str, ...]]:
    """Dependencies which the target's core lost without a known heir, and those of which nothing is known."""
    target, source = shipped(index.settings.to), index.cores.get(addon.series)
    gone, unknown = [], []
    for name in addon.manifest.items("depends"):
        if name in index.addons or name in replaced:
            continue
        in_source = source is not None and source.depends(name) is not None
        in_target = target is not None and (target.depends(name) is not None or name in target.absent)
        if in_source and target is not None and not in_target:
            gone.append(name)
        elif not in_source and not in_target:
            unknown.append(name)
    return gone, tuple(unknown)


def _steps(findings: Iterable[Finding], rules: Mapping[str, Rule], to: str) -> dict[str, Work]:
    steps: dict[str, Work] = {}
    for finding in findings:
        fact = rules[finding.rule].fact
        series = fact.series if fact is not None else to
        steps[series] = steps.get(series, Work()) + _work(finding)
    return dict(sorted(steps.items(), key=lambda item: series_number(item[0])))


def _work(finding: Finding) -> Work:
    if finding.fix is None:
        return Work(manual=finding.minutes)
    return Work(automatic=finding.minutes) if finding.fix.safe else Work(review=finding.minutes)
