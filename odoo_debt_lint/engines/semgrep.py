"""Runs semgrep, offline, with our pack of rules for Odoo and the user's own configurations.

A rule that names one of ours in ``metadata.odoo-debt-lint`` reports under that name and with its cost;
others report as ``semgrep.<id>``.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import odoo_debt_lint
from odoo_debt_lint.addons.found import Discovered
from odoo_debt_lint.engines.process import Outcome, Running, in_characters, start
from odoo_debt_lint.finding import Confidence, Finding, Location, Problem, Severity, Span
from odoo_debt_lint.registry import all_rules
from odoo_debt_lint.report.model import Sources
from odoo_debt_lint.rule import Block, Rule
from odoo_debt_lint.settings import Settings
from odoo_debt_lint.source import Text

MINUTES = 30
_SEVERITIES = {
    "ERROR": Severity.HIGH,
    "HIGH": Severity.HIGH,
    "CRITICAL": Severity.CRITICAL,
    "WARNING": Severity.MEDIUM,
    "MEDIUM": Severity.MEDIUM,
}


def pack() -> Path:
    """Our rules: inside the installed package, or beside it in a checkout."""
    package = Path(odoo_debt_lint.__file__).parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def executable(name: str) -> str:
    """The program next to this Python, else on PATH. Raises FileNotFoundError."""
    own = shutil.which(name, path=str(Path(sys.executable).parent))
    found = own or shutil.which(name)
    if found is None:
        raise FileNotFoundError(name)
    return found


def begin(found: Discovered, settings: Settings) -> Running:
    """Starts semgrep over all addons."""
    configs = [str(pack()), *(os.path.abspath(path) for path in settings.semgrep_config)]
    command = [executable("semgrep"), "scan", "--json", "--quiet", "--metrics=off", "--disable-version-check"]
    # its default ignore list leaves out tests and vendored code, and .semgrepignore could hide anything
    command += ["--no-git-ignore", "--x-ignore-semgrepignore-files", "--no-rewrite-rule-ids"]
    command += [f"--config={config}" for config in configs]
    targets = [str(found.root / addon.path) for addon in found.addons]
    return start("semgrep", [*command, *targets], lambda output: parse(output, found), frozenset({0, 1}))


def parse(output: bytes, found: Discovered) -> Outcome:
    """Findings of semgrep's JSON."""
    document = json.loads(output or b'{"results": [], "errors": []}')
    outcome, sources = Outcome(), Sources(found.root)
    known = {
        file.path for addon in found.addons for file in addon.files if file.role not in ("test", "manifest")
    }
    for result in document["results"]:
        path = Path(result["path"]).resolve().relative_to(found.root.resolve()).as_posix()
        if path not in known:
            continue
        rule = _rule(result)
        outcome.rules.setdefault(rule.name, rule)
        outcome.findings.append(_finding(result, path, rule, sources.text(path)))
    for error in document.get("errors", []):
        if error.get("level") == "error":
            message = str(error.get("message", "")).strip().splitlines()
            outcome.problems.append(Problem("engine", "semgrep", message[0][:300] if message else "failed"))
    return outcome


def _rule(result: dict[str, Any]) -> Rule:
    """Our rule of the same defect, or one made up from the result."""
    metadata = result["extra"].get("metadata", {})
    own = all_rules().get(str(metadata.get("odoo-debt-lint", "")))
    if own is not None:
        return own
    is_security = metadata.get("category") == "security"
    return Rule(
        severity=_SEVERITIES.get(result["extra"]["severity"], Severity.LOW),
        block=Block.SECURITY if is_security else Block.CODE,
        minutes=int(metadata.get("minutes", MINUTES)),
        listeners=(),
        name=f"semgrep.{result['check_id'].rpartition('.')[2]}",
        family="semgrep",
        doc=result["extra"]["message"],
    )


def _finding(result: dict[str, Any], path: str, rule: Rule, text: Text) -> Finding:
    start_, end = result["start"], result["end"]
    span = Span(start_["line"], start_["col"] - 1, end["line"], end["col"] - 1)
    confidence = str(result["extra"].get("metadata", {}).get("confidence", "MEDIUM")).upper()
    return Finding(
        rule=rule.name,
        location=Location(path, in_characters(span, text)),
        message=result["extra"]["message"].strip(),
        severity=_SEVERITIES.get(result["extra"]["severity"], Severity.LOW),
        confidence=Confidence[confidence] if confidence in Confidence.__members__ else Confidence.MEDIUM,
        minutes=rule.minutes,
    )
