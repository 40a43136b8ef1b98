"""The report: the only thing that writers see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from odoo_debt_lint.debt import Debt
from odoo_debt_lint.finding import Finding, Problem
from odoo_debt_lint.rule import Rule
from odoo_debt_lint.source import Text, Unreadable, decode, read_bytes


class Sources:
    """Lines of the files that have findings, read when first asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._texts: dict[str, Text] = {}

    def text(self, path: str) -> Text:
        """The text of a file by its path relative to the root; empty when it cannot be read."""
        if path not in self._texts:
            try:
                content = read_bytes(str(self.root / path))
                self._texts[path] = Text(decode(content, is_xml=path.endswith(".xml")))
            except Unreadable:
                self._texts[path] = Text("")
        return self._texts[path]


@dataclass(frozen=True, slots=True)
class AddonReport:
    """One addon's line of the report; ``name`` is empty for the files beside the addons."""

    name: str
    path: str
    series: str
    series_source: str
    version: str
    files: int
    debt: Debt


@dataclass
class Report:
    """Everything that a run has to say.

    ``findings`` are those to show, sorted, with their minutes; ``suppressed`` were accepted by a comment,
    ``unsure`` are below the asked confidence, ``filtered`` counts what selection by path or severity hid.
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
    notices: tuple[str, ...] = ()
    files: int = 0
    failures: tuple[str, ...] = field(default_factory=tuple)

    @cached_property
    def by_rule(self) -> list[tuple[str, int, int]]:
        """(rule, findings, minutes), most minutes first."""
        count: Counter[str] = Counter()
        minutes: Counter[str] = Counter()
        for finding in self.findings:
            count[finding.rule] += 1
            minutes[finding.rule] += finding.minutes
        return sorted(
            ((rule, count[rule], minutes[rule]) for rule in count), key=lambda row: (-row[2], -row[1], row[0])
        )
