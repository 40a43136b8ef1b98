"""All that a worker says of one file."""

from __future__ import annotations

import msgspec

from odoo_debt_lint.facts.base import Fact
from odoo_debt_lint.facts.data import DataFacts, ManifestFact
from odoo_debt_lint.facts.flow import FlowFacts, MarkFact
from odoo_debt_lint.facts.python import PythonFacts
from odoo_debt_lint.finding import Finding, Problem, Span


class SuppressionFact(Fact, frozen=True):
    """A comment that accepts findings on ``first`` to ``last`` line. No rules: all of them, ``but`` some."""

    span: Span
    first: int
    last: int
    rules: tuple[str, ...] = ()
    reason: str = ""
    source: str = "own"
    but: tuple[str, ...] = ()

    def accepts(self, finding: Finding) -> bool:
        """Whether the comment accepts a finding."""
        if (self.rules and finding.rule not in self.rules) or finding.rule in self.but:
            return False
        span = finding.location.span
        if self.first <= span.start_line <= self.last:
            return True
        # a comment on any line of a statement of a few lines covers the statement
        return self.first == self.last and span.start_line <= self.first <= span.end_line


class FileResult(msgspec.Struct, frozen=True):
    """All that a worker says of one file. ``loc`` is the number of lines of code by Odoo's cloc rules,
    ``lines`` that of Python code lines whether cloc counts the file or not. ``interface`` is the digest of
    what others can see of a Python file (see ``facts.interface``); other files have none."""

    path: str
    role: str
    digest: str = ""
    interface: str = ""
    loc: int = 0
    lines: int = 0
    manifest: ManifestFact | None = None
    python: PythonFacts | None = None
    data: DataFacts | None = None
    findings: tuple[Finding, ...] = ()
    suppressions: tuple[SuppressionFact, ...] = ()
    marks: tuple[MarkFact, ...] = ()
    flows: FlowFacts | None = None
    problems: tuple[Problem, ...] = ()
