"""The baseline: findings that were there before, so that a run can be judged by what is new.

A JSON file with one finding a line, sorted, without line numbers or versions: it changes only where findings
come or go, and merges well. Findings are recognised by their fingerprints.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec

from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.finding import Finding
from odoo_debt_lint.outcome.fingerprint import matched
from odoo_debt_lint.settings import Settings

VERSION = 1
_Fingerprint = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]


class Entry(msgspec.Struct, frozen=True, order=True):
    """One finding of a baseline; rule and path are for its readers."""

    path: str
    rule: str
    fingerprint: _Fingerprint


class _File(msgspec.Struct, frozen=True):
    tool: str
    baseline: int
    findings: tuple[Entry, ...]


class Compared(msgspec.Struct, frozen=True):
    """A run against its baseline: fingerprints that are ``known``, known findings that are ``hidden`` on
    demand, and the number of entries that are ``gone``."""

    known: frozenset[str] = frozenset()
    hidden: tuple[Finding, ...] = ()
    gone: int = 0

    @property
    def hidden_minutes(self) -> int:
        return sum(finding.minutes for finding in self.hidden)


def load(path: str) -> tuple[Entry, ...]:
    """The entries of a baseline file. Raises UsageError for what is none."""
    try:
        file = msgspec.json.decode(Path(path).read_bytes(), type=_File)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            f"{path}: no baseline of odoo-debt-lint (write one with --write-baseline): {error}"
        ) from None
    if file.tool != "odoo-debt-lint" or file.baseline != VERSION:
        raise UsageError(
            f"{path}: not written by this version of odoo-debt-lint: write it anew with --write-baseline"
        )
    return file.findings


def baseline_of(settings: Settings) -> tuple[Entry, ...] | None:
    """The baseline that the settings name, if any. Raises UsageError where one is needed and not given."""
    if settings.baseline:
        return load(settings.baseline)
    for asked, option in (
        (settings.new_only, "--new-only"),
        (settings.max_new_debt is not None, "--max-new-debt"),
    ):
        if asked:
            raise UsageError(f"{option} needs a --baseline")
    return None


def as_text(findings: Iterable[Finding]) -> str:
    """The file for findings: one a line, sorted."""
    entries = sorted({Entry(item.location.path, item.rule, item.fingerprint) for item in findings})
    lines = ",".join(
        "\n  "
        + json.dumps(
            {"path": item.path, "rule": item.rule, "fingerprint": item.fingerprint}, ensure_ascii=False
        )
        for item in entries
    )
    return f'{{\n "tool": "odoo-debt-lint",\n "baseline": {VERSION},\n "findings": [{lines}\n ]\n}}\n'


def compare(
    entries: Iterable[Entry], findings: Iterable[Finding], rules: Iterable[str], folders: Iterable[str]
) -> Compared:
    """All findings of a run, hidden ones too, against a baseline. Only what could have been found again, by
    these rules and in these folders, can be gone."""
    before = {entry.fingerprint: entry for entry in entries}
    same = matched(sorted(before), sorted(finding.fingerprint for finding in findings))
    found = frozenset(same.values())
    left = (entry for fingerprint, entry in before.items() if fingerprint not in found)
    inside = tuple("" if folder == "." else f"{folder}/" for folder in folders)
    judged = frozenset(rules)
    gone = sum(entry.rule in judged and entry.path.startswith(inside) for entry in left)
    return Compared(frozenset(same), gone=gone)
