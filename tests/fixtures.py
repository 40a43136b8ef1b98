"""Runs the Markdown fixtures of rules: small addons in code blocks, with the expected findings as marks.

A fixture is ``testdata/rules/<family>/<rule-name>.md``. Every ``##`` section is one set of addons:

- a code block is a file; the line before it names its path in backticks, addon folder first;
- a folder that holds Python, XML or csv is an addon; other files (``odoo.conf``) stand beside the addons;
- an addon without a ``__manifest__.py`` block gets one of the section's series (``series: 17.0``, else 16.0);
- ``# error: rule-name`` or ``<!-- error: rule-name -->`` marks a line on which a finding of the rule must
  start; severity and ``low-confidence`` may follow, and both are checked when they are there;
- where a line cannot hold a comment: ``- error: addon/path.csv:3 rule-name`` in the text;
- a block whose path is followed by ``(fixed)`` is what the file must be after its safe and unsafe fixes;
- a section with ``committed: 2019-03-01`` (or ``now``) is a git repository whose only commit is of that day;
- ``to: 18.0`` and ``from: 16.0`` stand for ``--to`` and ``--from``; fixtures in ``testdata/migration`` are
  named by topic and run all rules of that family;
- a section with ``select: rule-name, ...`` runs these rules too, with ``crash: rule-name`` that rule raises;
- ``python: 3.11`` is the Python whose syntax a section needs: to an older one its files are unreadable;
- everything unmarked must be silent, low confidence included.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from msgspec.structs import replace

from odoo_debt_lint.finding import Confidence, Finding
from odoo_debt_lint.registry import selected
from odoo_debt_lint.report.model import Report
from odoo_debt_lint.rule import Hits, Rule
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

RULES = Path(__file__).parent.parent / "testdata" / "rules"
MIGRATION = RULES.parent / "migration"
_BLOCK = re.compile(r"^`([^`\n]+)`( \(fixed\))?:?\n+```(\w*)\n(.*?)^```$", re.M | re.S)
_MARK = re.compile(r"(?:#|<!--|--|;)\s*error:\s*([\w\s,-]+?)\s*(?:-->|$)")
_LISTED = re.compile(r"^- error: (\S+):(\d+) (.+)$", re.M)
_SERIES = re.compile(r"^series: (\S+)$", re.M)
_COMMITTED = re.compile(r"^committed: (\S+)$", re.M)
_TO = re.compile(r"^to: (\S+)$", re.M)
_FROM = re.compile(r"^from: (\S+)$", re.M)
_SELECT = re.compile(r"^select: (.+)$", re.M)
_PYTHON = re.compile(r"^python: 3\.(\d+)$", re.M)
_CRASH = re.compile(r"^crash: (\S+)$", re.M)
_SEVERITIES = ("low", "medium", "high", "critical")


@dataclass(frozen=True, order=True)
class Expected:
    """A mark: path, line, rule, and what is said of it (empty: anything)."""

    path: str
    line: int
    rule: str
    severity: str = ""
    unsure: bool = False


@dataclass
class Case:
    """One section of a fixture."""

    rule: str
    title: str
    files: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    expected: list[Expected] = field(default_factory=list)
    series: str = "16.0"
    committed: str = ""
    select: tuple[str, ...] = ()
    crash: str = ""
    to: str = ""
    start: str = ""
    python: int = 0
    """The minor version of Python 3 whose syntax the files need."""

    @property
    def is_newer(self) -> bool:
        """Whether this Python is too old to read the files."""
        return sys.version_info < (3, self.python)

    def write(self, folder: Path) -> None:
        """Puts the files into a folder; the folder is its own project."""
        (folder / ".git").mkdir(exist_ok=True)
        addons = {
            path.split("/")[0]
            for path in self.files
            if "/" in path and path.endswith((".py", ".xml", ".csv"))
        }
        for path, text in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        for addon in addons:
            manifest = folder / addon / "__manifest__.py"
            if not manifest.exists() and not (folder / addon / "__openerp__.py").exists():
                data = sorted(
                    path.partition("/")[2]
                    for path in self.files
                    if path.startswith(f"{addon}/") and _is_data(path)
                )
                manifest.write_text(
                    f"{{'name': {addon!r}, 'version': '{self.series}.1.0.0', 'license': 'LGPL-3', "
                    f"'author': 'Us', 'depends': ['base'], 'data': {data!r}}}\n"
                )

        if self.committed:
            commit(folder, self.committed)

    def run(self, folder: Path, unsaved: Mapping[str, bytes] | None = None) -> Report:
        """Lints the written files with the fixture's rule alone, low confidence included."""
        chosen = (self.rule, *self.select)
        settings = Settings(
            select=chosen,
            ignore=("manifest-version-bump",) if self.rule == "migration" else (),
            min_confidence=Confidence.LOW,
            cache=False,
            jobs=1,
            to=self.to,
            from_series=self.start,
        )
        with patch("odoo_debt_lint.run.selected", lambda *names: broken(selected(*names), self.crash)):
            return run([str(folder)], settings, unsaved=unsaved)


def broken(rules: list[Rule], name: str) -> list[Rule]:
    """The rules, of which the named one raises wherever it listens."""

    def check(*args: object) -> Hits:
        raise ZeroDivisionError("broken for a test")

    return [
        replace(rule, listeners=tuple(replace(listener, check=check) for listener in rule.listeners))
        if rule.name == name
        else rule
        for rule in rules
    ]


def commit(folder: Path, day: str) -> None:
    """Makes the folder a git repository with one commit of everything, of that day."""
    (folder / ".git").rmdir()
    date = (
        {}
        if day == "now"
        else {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    )
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "-q"], ["add", "-f", "."], ["commit", "-q", "--no-verify", "-m", "All"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True, env={**kept, **date})


def _is_data(path: str) -> bool:
    return path.endswith((".xml", ".csv")) and "/static/" not in path and "/demo/" not in path


def _expected(path: str, line: int, text: str) -> list[Expected]:
    found = []
    for part in text.split(","):
        words = part.split()
        severity = next((word for word in words[1:] if word in _SEVERITIES), "")
        found.append(Expected(path, line, words[0], severity, "low-confidence" in words[1:]))
    return found


def cases(path: Path) -> list[Case]:
    """The sections of one fixture."""
    text = path.read_text(encoding="utf-8")
    result = []
    for section in re.split(r"^## ", text, flags=re.M)[1:]:
        rule = "migration" if path.parent == MIGRATION else path.stem
        case = Case(rule, section.partition("\n")[0].strip())
        series = _SERIES.search(section)
        if series:
            case.series = series[1]
        to, start = _TO.search(section), _FROM.search(section)
        python = _PYTHON.search(section)
        case.python = int(python[1]) if python else 0
        case.to, case.start = to[1] if to else "", start[1] if start else ""
        committed = _COMMITTED.search(section)
        if committed:
            case.committed = committed[1]
        chosen, crash = _SELECT.search(section), _CRASH.search(section)
        case.select = tuple(name.strip() for name in chosen[1].split(",")) if chosen else ()
        case.crash = crash[1] if crash else ""
        for name, fixed, _, code in _BLOCK.findall(section):
            if fixed:
                case.fixed[name] = code
                continue
            case.files[name] = code
            for number, line in enumerate(code.splitlines(), 1):
                mark = _MARK.search(line)
                if mark:
                    case.expected += _expected(name, number, mark[1])
        for name, line, what in _LISTED.findall(section):
            case.expected += _expected(name, int(line), what)
        case.expected.sort()
        result.append(case)
    return result


def all_cases() -> list[Case]:
    """Every section of every fixture."""
    paths = [*sorted(RULES.glob("*/*.md")), *sorted(MIGRATION.glob("*.md"))]
    return [case for path in paths for case in cases(path)]


def differences(case: Case, findings: tuple[Finding, ...]) -> list[str]:
    """What a run says that the marks do not, and the other way round."""
    left = [] if case.is_newer else list(case.expected)
    problems = []
    for finding in findings:
        match = next((item for item in left if _matches(item, finding)), None)
        if match is not None:
            left.remove(match)
            continue
        place = f"{finding.location.path}:{finding.location.span.start_line}"
        how = f"{finding.rule} {finding.severity.label} confidence={finding.confidence.label}"
        problems.append(f"unexpected {place} {how}: {finding.message}")
    problems += [f"missing {item.path}:{item.line} {item.rule} {item.severity}" for item in left]
    return problems


def _matches(item: Expected, finding: Finding) -> bool:
    return (
        item.path == finding.location.path
        and item.line == finding.location.span.start_line
        and item.rule == finding.rule
        and item.severity in ("", finding.severity.label)
        and item.unsure == (finding.confidence is Confidence.LOW)
    )
