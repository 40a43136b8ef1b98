"""The report: the only thing that writers see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec

from odoo_debt_lint.addons.owner import innermost
from odoo_debt_lint.finding import Finding, Problem, Severity
from odoo_debt_lint.outcome.debt import Debt, Tally, debt_of, is_ahead
from odoo_debt_lint.rule import Rule
from odoo_debt_lint.source import Text, Unreadable, decode, printable, read_bytes

if TYPE_CHECKING:
    from odoo_debt_lint.infrastructure.facts import Infrastructure
    from odoo_debt_lint.inventory.collect import Inventory
    from odoo_debt_lint.migration.porting import Porting
    from odoo_debt_lint.outcome.baseline import Compared
    from odoo_debt_lint.report.readiness import Readiness


_TEXTS = 300
"""Files whose text is kept: findings are looked at in the order of their files."""


_Count = Annotated[int, msgspec.Meta(ge=0)]


class Point(msgspec.Struct, frozen=True, rename="camel"):
    """One run in a project's history. ``date`` is that of the code, in UTC; missing when it is not known."""

    history: int
    date: str | None
    version: str
    debt_model: str
    addons: _Count
    lines_of_code: _Count
    findings: _Count
    by_severity: dict[str, _Count]
    debt_minutes: _Count
    grade: str
    score: int


class Sources:
    """Lines of the files that have findings, read when first asked for.

    ``unsaved`` holds what an editor has not written yet, by real path.
    """

    def __init__(self, root: Path, unsaved: Mapping[str, bytes] | None = None) -> None:
        self.root = root
        self.unsaved = unsaved or {}
        self._texts: dict[str, Text] = {}

    def content(self, path: str) -> bytes:
        """The bytes of a file by its path relative to the root. Raises Unreadable."""
        real = str(self.root / path)
        return self.unsaved[real] if real in self.unsaved else read_bytes(real)

    def text(self, path: str) -> Text:
        """The text of a file by its path relative to the root; empty when it cannot be read."""
        if path not in self._texts:
            if len(self._texts) >= _TEXTS:
                del self._texts[next(iter(self._texts))]
            try:
                content = self.content(path)
                self._texts[path] = Text(decode(content, is_xml=path.endswith(".xml")))
            except Unreadable:
                self._texts[path] = Text("")
        return self._texts[path]


_SECRET_RULES = frozenset({"hardcoded-secret", "user-created-in-data"})


class AddonReport(msgspec.Struct, frozen=True):
    """One addon's line of the report; ``name`` is empty for the files beside the addons."""

    name: str
    path: str
    series: str
    series_source: str
    version: str
    files: int
    debt: Debt


class Accepted(msgspec.Struct, frozen=True):
    """Findings of a rule that comments accept; ``reasons`` with their numbers, ``""`` where none is given."""

    rule: str
    findings: int
    minutes: int
    reasons: tuple[tuple[str, int], ...]


def _reasons(findings: list[Finding]) -> tuple[tuple[str, int], ...]:
    count = Counter("" if finding.suppressed == "-" else finding.suppressed for finding in findings)
    return tuple(sorted(count.items(), key=lambda row: (-row[1], row[0])))


@dataclass
class Report:
    """Everything that a run has to say.

    ``findings`` are those to show, sorted, with their minutes; ``suppressed`` were accepted by a comment,
    ``unsure`` are below the asked confidence, ``filtered`` counts what selection by path or severity hid.
    ``partial`` says that single files were asked for, so that the debt is not that of whole addons.
    ``deployment`` is how many files beside the addons say how Odoo is run (odoo.conf, compose and the like).
    ``compared`` is set when there is a baseline, ``history`` holds earlier runs and this one, in their order;
    ``readiness`` and ``porting`` are set when a migration was judged.
    """

    root: Path
    sources: Sources
    rules: Mapping[str, Rule]
    addons: tuple[AddonReport, ...]
    findings: tuple[Finding, ...]
    debt: Debt
    suppressed: tuple[Finding, ...] = ()
    unsure: tuple[Finding, ...] = ()
    filtered: int = 0
    problems: tuple[Problem, ...] = ()
    survey: Callable[[], Inventory] | None = None
    notices: tuple[str, ...] = ()
    files: int = 0
    deployment: int = 0
    survey_instance: Callable[[], Infrastructure] | None = None
    failures: tuple[str, ...] = field(default_factory=tuple)
    partial: bool = False
    compared: Compared | None = None
    history: tuple[Point, ...] = ()
    readiness: Readiness | None = None
    porting: Porting | None = None

    @cached_property
    def inventory(self) -> Inventory:
        """What is installed and by whom, collected when a writer asks for it."""
        from odoo_debt_lint.inventory.collect import Inventory

        return self.survey() if self.survey is not None else Inventory()

    @cached_property
    def infrastructure(self) -> Infrastructure:
        """What the files beside the addons tell of the instance, collected when a writer asks for it."""
        from odoo_debt_lint.infrastructure.facts import Infrastructure

        return self.survey_instance() if self.survey_instance is not None else Infrastructure()

    def debt_with(self, findings: Sequence[Finding]) -> Debt:
        """The debt of the whole if it had these findings alone."""
        return debt_of(findings, self.debt.loc, self.rules, self.debt.minutes_per_line, self.series_of)

    def tally(self) -> Tally:
        """All findings, to be taken away step by step."""
        tally = Tally(self.rules, self.series_of)
        for finding in self.findings:
            tally.count(finding)
        return tally

    def series_of(self, finding: Finding) -> str:
        """The series of the addon in which a finding is; empty beside the addons."""
        addon = self.addon_of(finding)
        return addon.series if addon is not None else ""

    def addon_of(self, finding: Finding) -> AddonReport | None:
        """The addon in which a finding is; None beside the addons."""
        folder = innermost(finding.location.path, self._by_path)
        return self._by_path[folder] if folder is not None else None

    @cached_property
    def _by_path(self) -> dict[str, AddonReport]:
        return {addon.path: addon for addon in self.addons}

    def title_of(self, addon: AddonReport) -> str:
        """What an addon is called: its name, or its path where several have the name."""
        return addon.name if self._named[addon.name] == 1 else addon.path

    @cached_property
    def _named(self) -> Counter[str]:
        return Counter(addon.name for addon in self.addons)

    def is_ahead(self, finding: Finding) -> bool:
        """Whether only the target of a migration makes a finding one."""
        return is_ahead(self.rules.get(finding.rule), self.series_of(finding))

    def is_known(self, finding: Finding) -> bool:
        """Whether the baseline has the finding."""
        return self.compared is not None and finding.fingerprint in self.compared.known

    @cached_property
    def new(self) -> tuple[Finding, ...]:
        """Findings that the baseline does not have; all without one."""
        return tuple(finding for finding in self.findings if not self.is_known(finding))

    def tells_secret(self, rule: str) -> bool:
        """Whether what a rule finds is a password, a key or the like."""
        known = self.rules.get(rule)
        return rule in _SECRET_RULES or (known is not None and "secret" in known.tags)

    @cached_property
    def secret_lines(self) -> dict[str, set[int]]:
        """Lines by path that no writer may show, be the secret reported, accepted, known or suspected."""
        hidden = self.compared.hidden if self.compared is not None else ()
        lines: dict[str, set[int]] = defaultdict(set)
        for finding in (*self.findings, *self.suppressed, *self.unsure, *hidden):
            if self.tells_secret(finding.rule):
                span = finding.location.span
                lines[finding.location.path].update(range(span.start_line, span.end_line + 1))
        return lines

    @cached_property
    def accepted(self) -> tuple[Accepted, ...]:
        """What comments accept, by rule, most minutes first."""
        by_rule: dict[str, list[Finding]] = {}
        for finding in self.suppressed:
            by_rule.setdefault(finding.rule, []).append(finding)
        rows = (
            Accepted(rule, len(items), sum(item.minutes for item in items), _reasons(items))
            for rule, items in by_rule.items()
        )
        return tuple(sorted(rows, key=lambda row: (-row.minutes, -row.findings, row.rule)))

    @cached_property
    def by_rule(self) -> list[tuple[str, int, int]]:
        """(rule, findings, minutes), most minutes first."""
        count: Counter[str] = Counter()
        minutes: Counter[str] = Counter()
        for finding in self.findings:
            count[finding.rule] += 1
            minutes[finding.rule] += finding.minutes
        return _ordered(count, minutes)

    @cached_property
    def problem_lines(self) -> list[str]:
        """What could not be read, but for files of which a finding already says so."""
        said = {
            (finding.location.path, finding.location.span.start_line)
            for finding in (*self.findings, *self.suppressed)
        }
        return [
            printable(f"{problem.path}:{problem.line}: {problem.kind}: {problem.message}")
            for problem in self.problems
            if problem.kind not in ("syntax", "xml", "manifest") or (problem.path, problem.line) not in said
        ]

    @cached_property
    def by_family(self) -> list[tuple[str, int, int]]:
        """(family, findings, minutes), most minutes first."""
        count: Counter[str] = Counter()
        minutes: Counter[str] = Counter()
        for rule, number, cost in self.by_rule:
            family = self.rules[rule].family if rule in self.rules else "other"
            count[family] += number
            minutes[family] += cost
        return _ordered(count, minutes)

    @cached_property
    def by_severity(self) -> dict[Severity, int]:
        """Findings of each severity, the worst first; 0 where there is none."""
        count = Counter(finding.severity for finding in self.findings)
        return {severity: count[severity] for severity in sorted(Severity, reverse=True)}


def _ordered(count: Counter[str], minutes: Counter[str]) -> list[tuple[str, int, int]]:
    rows = ((name, count[name], minutes[name]) for name in count)
    return sorted(rows, key=lambda row: (-row[2], -row[1], row[0]))
