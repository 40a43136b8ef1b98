"""Our rules for Python as pylint messages, for teams that live in pylint.

``pylint --load-plugins=odoo_debt_lint.engines.pylint_plugin``. A message's symbol is the rule's name with
``odoo-debt-`` in front, because pylint and its plugins use some of the names already. Rules that must know
more than one file (overrides, views, access rights) need the command itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from pylint.checkers import BaseRawFileChecker

from odoo_debt_lint.addons.discovery import role_of
from odoo_debt_lint.addons.manifest import NAMES, read_manifest, series_of
from odoo_debt_lint.facts import ManifestFact
from odoo_debt_lint.finding import Confidence, Finding, Severity
from odoo_debt_lint.job import Job
from odoo_debt_lint.reading.worker import Worker
from odoo_debt_lint.registry import all_rules
from odoo_debt_lint.rule import OnModule, OnNode, Rule
from odoo_debt_lint.source import Unreadable, decode, read_bytes

if TYPE_CHECKING:
    from astroid import nodes
    from pylint.lint import PyLinter

PREFIX = "odoo-debt-"
_LETTERS = {Severity.CRITICAL: "E", Severity.HIGH: "E", Severity.MEDIUM: "W", Severity.LOW: "R"}
_FIRST, _NUMBERS = 5000, 5000


def python_rules() -> list[Rule]:
    """The rules that need nothing but one Python file, and those which follow values: they report what one
    file shows, and say it is worse where others pass something."""
    own = (OnNode, OnModule)
    return [
        rule
        for rule in all_rules().values()
        if rule.listeners
        and ("data-flow" in rule.tags or all(isinstance(listener, own) for listener in rule.listeners))
    ]


def message_ids() -> dict[str, str]:
    """Message ids by rule: four digits from the name, so that they stay when rules are added."""
    ids: dict[str, str] = {}
    taken: set[int] = set()
    for rule in python_rules():
        number = crc32(rule.name.encode()) % _NUMBERS
        while number in taken:
            number = (number + 1) % _NUMBERS
        taken.add(number)
        ids[rule.name] = f"{_LETTERS[rule.severity]}{_FIRST + number}"
    return ids


def _messages() -> dict[str, dict[str, tuple[str, str, str]]]:
    """pylint's message definitions, by the two digits that a checker's messages must share."""
    groups: dict[str, dict[str, tuple[str, str, str]]] = {}
    ids = message_ids()
    for rule in python_rules():
        identifier = ids[rule.name]
        definition = ("%s", f"{PREFIX}{rule.name}", f"{rule.summary}.")
        groups.setdefault(identifier[1:3], {})[identifier] = definition
    return groups


class _Engine:
    """Lints a module once for all checkers that want a part of its findings."""

    def __init__(self) -> None:
        self._manifests: dict[Path, ManifestFact | None] = {}
        self._worker = Worker(python_rules())
        self._last: tuple[str, list[Finding]] = ("", [])

    def findings(self, file: str) -> list[Finding]:
        """Findings of one file; none outside of addons."""
        if self._last[0] != file:
            self._last = (file, self._lint(Path(file)))
        return self._last[1]

    def _lint(self, path: Path) -> list[Finding]:
        folder = next((parent for parent in path.parents if self._manifest(parent) is not None), None)
        manifest = self._manifest(folder) if folder is not None else None
        if folder is None or manifest is None:
            return []
        inside = path.relative_to(folder).as_posix()
        job = Job(str(path), str(path), inside, role_of(inside), folder.name, series_of(manifest.version))
        result = self._worker.run(job)
        return [
            finding
            for finding in result.findings
            if finding.confidence > Confidence.LOW
            and not any(item.accepts(finding) for item in result.suppressions)
        ]

    def _manifest(self, folder: Path) -> ManifestFact | None:
        if folder not in self._manifests:
            found = next((folder / name for name in NAMES if (folder / name).is_file()), None)
            self._manifests[folder] = _read(found) if found is not None else None
        return self._manifests[folder]


class DebtChecker(BaseRawFileChecker):
    """One group of messages. pylint runs a checker only while one of its messages is enabled."""

    def __init__(
        self, linter: PyLinter, group: str, messages: dict[str, tuple[str, str, str]], engine: _Engine
    ) -> None:
        self.name = f"odoo-debt-lint-{group}"
        self.msgs = dict(messages)
        self._symbols = {symbol for _, symbol, _ in messages.values()}
        self._engine = engine
        super().__init__(linter)

    def process_module(self, node: nodes.Module) -> None:
        """Hands the findings of this group to pylint."""
        for finding in self._engine.findings(node.file):
            symbol = f"{PREFIX}{finding.rule}"
            span = finding.location.span
            if symbol in self._symbols:
                self.linter.add_message(
                    symbol,
                    line=span.start_line,
                    col_offset=span.start_column,
                    end_lineno=span.end_line,
                    end_col_offset=span.end_column,
                    args=(finding.message,),
                )


def _read(path: Path) -> ManifestFact:
    try:
        return read_manifest(str(path), decode(read_bytes(str(path))))
    except Unreadable as error:
        return ManifestFact(str(path), problem=error.message)


def register(linter: PyLinter) -> None:
    """pylint's entry point."""
    engine = _Engine()
    for group, messages in sorted(_messages().items()):
        linter.register_checker(DebtChecker(linter, group, messages, engine))
