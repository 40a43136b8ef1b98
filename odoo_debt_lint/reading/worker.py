"""Reads one file and runs the rules that need nothing but this file. Runs in worker processes.

A rule that raises costs its findings in this file and is named as a problem; a file that cannot be read
costs that file.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from odoo_debt_lint.addons import loc
from odoo_debt_lint.addons.manifest import read_manifest
from odoo_debt_lint.catalogue import loaded
from odoo_debt_lint.dispatch import Dispatcher, failure
from odoo_debt_lint.facts import FileResult, UseFact
from odoo_debt_lint.facts.interface import stamp
from odoo_debt_lint.finding import Finding, Problem
from odoo_debt_lint.job import Job
from odoo_debt_lint.migration.engine import ROLES, Migration
from odoo_debt_lint.migration.plan import Journey, Plan
from odoo_debt_lint.python.across.exits import facts as flow_facts
from odoo_debt_lint.python.embedded import Places, embedded_code
from odoo_debt_lint.python.given_ids import given_ids
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.problems import SYNTAX_ERRORS, hidden_code, syntax_problem
from odoo_debt_lint.python.records.uses import uses_of as python_uses
from odoo_debt_lint.registry import handlers
from odoo_debt_lint.rule import OnDeployment, OnInstance, Rule
from odoo_debt_lint.source import Text, Unreadable, decode, decode_python, digest, read_bytes
from odoo_debt_lint.suppress import python_suppressions, script_suppressions, xml_suppressions
from odoo_debt_lint.xml.browser import static_facts
from odoo_debt_lint.xml.document import XmlError, XmlFile
from odoo_debt_lint.xml.records import broken_facts, csv_facts, data_facts
from odoo_debt_lint.xml.uses import csv_uses
from odoo_debt_lint.xml.uses import uses_of as xml_uses

_TEMPLATES = (b"t-name", b"t-inherit", b"t-extend")


class Worker:
    """Reads files with a fixed set of rules; ``journey`` says which facts of migration count."""

    def __init__(self, rules: Iterable[Rule], journey: Journey = Journey()) -> None:  # noqa: B008 -- frozen
        # long chains of operators and else-ifs nest deeply in a syntax tree
        sys.setrecursionlimit(max(sys.getrecursionlimit(), 4000))
        self.rules = list(rules)
        self.follows = any("data-flow" in rule.tags for rule in self.rules)
        self.handlers = handlers(self.rules)
        self.plan = Plan(self.rules, journey)
        self.unsaved: Mapping[str, bytes] = {}
        """Content by real path that stands in for that of the files."""

    def load(self) -> None:
        """Imports the modules of all rules that look at addons: many files are going to be read."""
        self.rules = loaded(self.rules, but=(OnDeployment, OnInstance))
        self.handlers = handlers(self.rules)

    @property
    def rule_names(self) -> list[str]:
        return [rule.name for rule in self.rules]

    def run(self, job: Job, content: bytes | None = None) -> FileResult:
        """Facts and findings of one file. Never raises for what is in the file."""
        try:
            if content is None:
                content = read_bytes(job.real)
            return _FileRun(self, job, content).result()
        except Unreadable as error:
            return self._refused(job, error, content)
        except RecursionError:
            return self._refused(job, Unreadable("too-large", "nested too deeply"))
        except MemoryError:
            return self._refused(job, Unreadable("too-large", "needs too much memory"))
        except Exception as error:
            return self._refused(job, Unreadable("internal-error", failure("the reader", error)))

    def _refused(self, job: Job, error: Unreadable, content: bytes | None = None) -> FileResult:
        """A file that is refused for what is in it is refused again, until it has changed."""
        problem = Problem(error.kind, job.path, error.message)
        known = digest(content) if content is not None else ""
        return FileResult(job.path, job.role, digest=known, problems=(problem,))


class _FileRun:
    """State of reading one file."""

    def __init__(self, worker: Worker, job: Job, content: bytes) -> None:
        self.worker, self.job, self.content = worker, job, content
        self.findings: list[Finding] = []
        self.problems: list[Problem] = []
        self.parts: dict[str, Any] = {}
        self.loc = self.lines = 0
        self.dispatch = Dispatcher(worker.handlers, job, self.findings, self.problems)
        self.migration: Migration | None = None
        self.follows = worker.plan.ahead and job.role in ROLES
        if job.role in ROLES and worker.plan.tables(job.series):
            self.migration = Migration(worker.plan, job.path, job.addon, job.series, self.problems)

    def result(self) -> FileResult:
        if self.job.inside.endswith(".py"):
            self._python()
        elif self.job.inside.endswith(".xml") and self.job.role != "static":
            self._xml()
        elif self.job.inside.endswith(".xml") and self._wanted_in_static():
            self._static_xml()
        elif self.job.inside.endswith(".csv") and self.job.role != "static":
            self._csv()
        else:
            self._other()
        return FileResult(
            self.job.path,
            self.job.role,
            digest=digest(self.content),
            interface=stamp(self.parts.get("python")),
            loc=self.loc,
            lines=self.lines,
            findings=tuple(sorted(self.findings, key=lambda finding: finding.sort_key)),
            marks=(*self.dispatch.marks, *(self.migration.marks if self.migration is not None else ())),
            problems=tuple(self.problems),
            **self.parts,
        )

    def _other(self) -> None:
        if loc.counts(self.job.inside):
            self.loc = loc.count_lines(self.job.inside, self.content)
        if self.migration is not None and self.job.inside.endswith(".js"):
            text = Text(decode(self.content))
            self.findings += self.migration.javascript(text)
            self.parts["suppressions"] = script_suppressions(text)

    def _python(self) -> None:
        text = decode_python(self.content)
        if self.job.role == "manifest":
            self.parts["manifest"] = read_manifest(self.job.path, text)
            self.parts["suppressions"] = python_suppressions(text, ())
            return
        try:
            job = self.job
            file = PythonFile(
                job.path, text, addon=job.addon, series=job.series, role=job.role, inside=job.inside
            )
        except SYNTAX_ERRORS as error:
            self.dispatch.problem(syntax_problem(self.job.path, text, error))
            return
        hidden = hidden_code(self.job.path, text) if self.job.role in ("code", "hook") else None
        if hidden is not None:
            self.dispatch.problem(hidden)
        self.lines = len(file.skeleton.lines)
        self.loc = self.lines if loc.counts(self.job.inside) else 0
        self.parts["python"] = file.facts
        self.parts["data"] = given_ids(self.content)
        self.parts["suppressions"] = python_suppressions(text, file.skeleton.blocks)
        self.dispatch.python(file)
        if self.worker.follows:
            self.parts["flows"] = flow_facts(file, self.dispatch.marks)
        if self.migration is not None:
            self.findings += self.migration.python(file)
        self._follow("python", lambda: python_uses(file))
        file.release()

    def _xml(self) -> None:
        if loc.counts(self.job.inside):
            self.loc = loc.count_lines(self.job.inside, self.content)
        try:
            file = XmlFile(
                self.job.path, self.content, addon=self.job.addon, series=self.job.series, role=self.job.role
            )
        except XmlError as error:
            self.dispatch.problem(Problem("xml", self.job.path, error.message, error.line, error.column))
            self.parts["data"] = broken_facts(self.content, self.job.addon)
            return
        self.parts["data"] = data_facts(file)
        self.parts["suppressions"] = xml_suppressions(file)
        self.dispatch.xml(file)
        if self.migration is not None:
            self.findings += self.migration.xml(file)
        for code in embedded_code(file):
            if isinstance(code, PythonFile):
                self._embedded(file, code)
            else:
                self.dispatch.problem(code)
        self._follow("data", lambda: xml_uses(file))

    def _embedded(self, file: XmlFile, code: PythonFile) -> None:
        """Python of a data file; what is said of it is told where it stands in that."""
        findings, marks, places = self.findings, self.dispatch.marks, Places(file, code)
        first, noted = len(findings), len(marks)
        self.dispatch.python(code)
        if self.migration is not None:
            findings += self.migration.python(code)
        findings[first:] = map(places.finding, findings[first:])
        marks[noted:] = map(places.mark, marks[noted:])

    def _follow(self, part: str, uses: Callable[[], tuple[UseFact, ...]]) -> None:
        """Adds to the facts what the file uses of records, if a migration is ahead."""
        if not self.follows:
            return
        try:
            self.parts[part] = msgspec.structs.replace(self.parts[part], uses=uses())
        except Exception as error:
            self.problems.append(
                Problem("internal-error", self.job.path, failure("the reader of uses", error))
            )

    @property
    def _has_templates(self) -> bool:
        return any(word in self.content for word in _TEMPLATES)

    def _wanted_in_static(self) -> bool:
        """Whether the browser's templates stand here, or a trigger of a rule that listens to them."""
        if self._has_templates or self.migration is not None:
            return True
        rules = (rule for rule in self.worker.rules if "static" in rule.roles)
        return any(trigger in self.content for rule in rules for trigger in rule.triggers)

    def _static_xml(self) -> None:
        """Templates that the browser gets. Of other files there it does not matter whether they parse."""
        if loc.counts(self.job.inside):
            self.loc = loc.count_lines(self.job.inside, self.content)
        job = self.job
        try:
            file = XmlFile(job.path, self.content, addon=job.addon, series=job.series, role=job.role)
        except XmlError as error:
            if self._has_templates and not job.inside.startswith("static/lib/"):
                self.dispatch.problem(Problem("xml", job.path, error.message, error.line, error.column))
            return
        if self._has_templates:
            self.parts["data"] = static_facts(file)
        self.parts["suppressions"] = xml_suppressions(file)
        self.dispatch.xml(file)
        if self.migration is not None:
            self.findings += self.migration.xml(file)

    def _csv(self) -> None:
        try:
            self.parts["data"] = csv_facts(self.job.inside, decode(self.content), self.job.addon)
            self._follow("data", lambda: csv_uses(self.job.inside, decode(self.content)))
        except csv.Error as error:
            self.problems.append(Problem("encoding", self.job.path, f"not readable as csv: {error}"))
