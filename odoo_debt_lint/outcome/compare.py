"""Two JSON reports against each other: what was fixed, what is new, and what it did to the debt.

Findings are recognised by their fingerprints, so that moved lines, other layouts and renamed addons are no
change. What a comment accepts by now was not fixed, and is listed apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.outcome.fingerprint import matched


class Figures(msgspec.Struct, frozen=True, rename="camel"):
    """Debt of a report or of an addon; the grade is missing when only single files were linted."""

    findings: int
    debt_minutes: int
    lines_of_code: int
    grade: str | None
    score: int | None


class Addon(Figures, frozen=True, rename="camel"):
    """An addon's line of a report."""

    name: str
    path: str


class Item(msgspec.Struct, frozen=True, rename="camel"):
    """What a comparison needs of a finding."""

    rule: str
    severity: str
    message: str
    path: str
    line: int
    minutes: int
    fingerprint: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]


class Summary(Figures, frozen=True, rename="camel"):
    partial: bool


class Tool(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    version: str
    debt_model: str


class Target(msgspec.Struct, frozen=True):
    """The series for which a report judges the migration."""

    to: str


class Document(msgspec.Struct, frozen=True):
    """A report of ``--output-format json``, as far as it is compared."""

    schema: int
    tool: Tool
    summary: Summary
    addons: tuple[Addon, ...]
    findings: tuple[Item, ...]
    suppressed: tuple[Item, ...]
    migration: Target | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """An addon, or the whole, before and after; ``None`` where it is only in the other report."""

    name: str
    old: Figures | None
    new: Figures | None

    @property
    def minutes(self) -> int:
        """Debt that came on top; negative when it fell."""
        return (self.new.debt_minutes if self.new else 0) - (self.old.debt_minutes if self.old else 0)


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything between two reports. ``moved`` holds findings in another file or addon, ``accepted`` those
    that a comment accepts by now, ``same`` counts the rest."""

    total: Change
    addons: tuple[Change, ...]
    new: tuple[Item, ...]
    fixed: tuple[Item, ...]
    moved: tuple[tuple[Item, Item], ...]
    accepted: tuple[Item, ...]
    same: int
    notices: tuple[str, ...]


_RANK = {"critical": 0, "high": 1, "medium": 2, "low": 3}


def read(path: str) -> Document:
    """A report. Raises UsageError for what is none."""
    try:
        document = msgspec.json.decode(Path(path).read_bytes(), type=Document)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: no JSON report of odoo-debt-lint: {error}") from None
    if document.tool.name != "odoo-debt-lint" or document.schema != 1:
        raise UsageError(f"{path}: no JSON report of odoo-debt-lint with schema 1")
    return document


def changes(old: Document, new: Document) -> Changes:
    """What happened between two reports."""
    before = {item.fingerprint: item for item in old.findings}
    after = {item.fingerprint: item for item in new.findings}
    quiet = {item.fingerprint: item for item in new.suppressed}
    same = matched(before, [*after, *quiet])
    pairs = [(before[gone], after[kept]) for kept, gone in same.items() if kept in after]
    moved = [pair for pair in pairs if pair[0].path != pair[1].path]
    found = frozenset(same.values())
    return Changes(
        total=Change("", old.summary, new.summary),
        addons=tuple(_addons(old, new)),
        new=_sorted(item for key, item in after.items() if key not in same),
        fixed=_sorted(item for key, item in before.items() if key not in found),
        moved=tuple(sorted(moved, key=lambda pair: _order(pair[1]))),
        accepted=_sorted(quiet[kept] for kept in same if kept in quiet),
        same=len(pairs) - len(moved),
        notices=tuple(_notices(old, new)),
    )


def _addons(old: Document, new: Document) -> list[Change]:
    """The addons whose figures differ, the largest change first."""
    twice = {
        name
        for report in (old, new)
        for name, count in Counter(addon.name for addon in report.addons).items()
        if count > 1
    }
    before, after = (
        {addon.path if addon.name in twice else addon.name: addon for addon in report.addons}
        for report in (old, new)
    )
    found = [Change(name, before.get(name), after.get(name)) for name in sorted({*before, *after})]
    differing = [item for item in found if _shown(item.old) != _shown(item.new)]
    return sorted(differing, key=lambda item: (-abs(item.minutes), item.name))


def _shown(figures: Figures | None) -> tuple[object, ...] | None:
    return None if figures is None else (figures.debt_minutes, figures.findings, figures.grade, figures.score)


def _notices(old: Document, new: Document) -> list[str]:
    found = []
    if old.tool.debt_model != new.tool.debt_model:
        found.append(
            f"debt models differ ({old.tool.debt_model}, {new.tool.debt_model}): hours do not compare"
        )
    if old.tool.version != new.tool.version:
        found.append(f"made by versions {old.tool.version} and {new.tool.version}: rules may differ")
    targets = [side.migration.to if side.migration else "none" for side in (old, new)]
    if targets[0] != targets[1]:
        found.append(f"targets of migration differ ({targets[0]}, {targets[1]}): hours do not compare")
    if old.summary.partial or new.summary.partial:
        found.append("a report over single files: what it does not list may not be fixed")
    return found


def _order(item: Item) -> tuple[int, str, int, str, str]:
    return (_RANK.get(item.severity, 9), item.path, item.line, item.rule, item.fingerprint)


def _sorted(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=_order))
