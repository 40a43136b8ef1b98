"""Runs pylint with pylint-odoo, and merges its messages with minutes by message.

pylint runs isolated from the linted tree: no configuration of it is read, no plugin of it is loaded. A
message that means one of our rules reports under that rule's name; others as ``pylint.<symbol>``.
"""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from odoo_debt_lint.addons.found import Discovered
from odoo_debt_lint.data.other_linters import PYLINT_NAMES
from odoo_debt_lint.engines.process import Outcome, Running, in_characters, start
from odoo_debt_lint.finding import Confidence, Finding, Location, Severity, Span
from odoo_debt_lint.registry import all_rules
from odoo_debt_lint.report.model import Sources
from odoo_debt_lint.rule import Block, Rule
from odoo_debt_lint.settings import Settings

_MINUTES = {
    "translation-required": 3,
    "translation-positional-used": 3,
    "translation-format-interpolation": 3,
    "translation-contains-variable": 5,
    "missing-readme": 20,
    "license-allowed": 5,
    "manifest-required-author": 3,
    "missing-return": 15,
    "no-wizard-in-models": 10,
    "consider-merging-classes-inherited": 15,
    "attribute-deprecated": 10,
    "attribute-string-redundant": 1,
    "prefer-env-translation": 2,
    "super-method-mismatch": 30,
}
MINUTES = 5
_OWN = frozenset({"unknown-option-value", "useless-option-value", "syntax-error"})
"""Messages about pylint's own comments in the code, and what we report ourselves."""
_SEVERITIES = {"fatal": Severity.HIGH, "error": Severity.MEDIUM, "warning": Severity.LOW}


def begin(found: Discovered, settings: Settings) -> Running:
    """Starts pylint over all addons. Raises FileNotFoundError when pylint-odoo is not installed."""
    if find_spec("pylint") is None or find_spec("pylint_odoo") is None:
        raise FileNotFoundError("pylint_odoo")
    command = [
        sys.executable,
        "-I",
        "-m",
        "pylint",
        "--rcfile={folder}/empty.rc",
        "--load-plugins=pylint_odoo",
    ]
    command += ["--disable=all", "--enable=odoolint", "--output-format=json2", "--score=n", "--persistent=n"]
    command += [f"--jobs={settings.jobs or 0}", "--ignore=tests,migrations,static"]
    targets = [str(found.root / addon.path) for addon in found.addons]
    # pylint's exit code is a bit field of message kinds; 32 is a usage error
    codes = frozenset(range(32))
    files = {"empty.rc": "[MAIN]\n"}
    return start("pylint", [*command, *targets], lambda output: parse(output, found), codes, files)


def parse(output: bytes, found: Discovered) -> Outcome:
    """Findings of pylint's JSON (format json2)."""
    outcome, sources = Outcome(), Sources(found.root)
    known = {file.path for addon in found.addons for file in addon.files}
    for message in json.loads(output)["messages"]:
        path = Path(message["absolutePath"]).resolve().relative_to(found.root.resolve()).as_posix()
        if path not in known or message["symbol"] in _OWN:
            continue
        rule = _rule(message)
        outcome.rules.setdefault(rule.name, rule)
        outcome.findings.append(
            Finding(
                rule=rule.name,
                location=Location(path, in_characters(_span(message), sources.text(path))),
                message=message["message"],
                severity=rule.severity,
                confidence=Confidence.HIGH,
                minutes=rule.minutes,
                entity=message.get("obj", ""),
            )
        )
    return outcome


def _span(message: dict[str, Any]) -> Span:
    line, column = message["line"] or 1, message["column"] or 0
    return Span(line, column, message["endLine"] or line, message["endColumn"] or column)


def _rule(message: dict[str, Any]) -> Rule:
    """Our rule of the same defect, or one made up from the message."""
    symbol = message["symbol"]
    for name in PYLINT_NAMES.get(symbol, ()):
        if name in all_rules():
            return all_rules()[name]
    return Rule(
        severity=_SEVERITIES.get(message["type"], Severity.LOW),
        block=Block.CODE,
        minutes=_MINUTES.get(symbol, MINUTES),
        listeners=(),
        name=f"pylint.{symbol}",
        family="pylint",
        doc=f"pylint-odoo: {symbol} ({message['messageId']}).",
    )
