"""The facts of migration: what each series of Odoo removed, renamed or changed, and rules made of them.

They are written in ``facts/<series>.yaml``. Reading YAML takes a tenth of a second, which every run would
pay, so ``compile`` writes them as ``facts.json``; a test holds the two together.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from odoo_debt_lint.finding import Confidence, Severity
from odoo_debt_lint.rule import Block, Rule

FOLDER = Path(__file__).parent / "facts"
COMPILED = Path(__file__).parent / "facts.json"

CONTEXT = frozenset({"field", "model", "method", "depends", "xmlid", "domain-value"})
"""Matches that the index judges: a name alone says nothing."""


class Match(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """One thing to look for. ``match`` is its kind, ``value`` what it is called; the rest narrows it.

    ``of``: owner of a ``def`` (``model``, ``any``, or names of models) or of a call (``session``, ``users``,
    ``stock`` ...). ``pattern``: regular expression for the whole value of an attribute, field or item.
    ``values``: literals of which the value must be one. ``within``: ``view`` (``arch``: no QWeb template),
    ``data``, ``static``, or ``src`` of its scripts. A ``base`` of a class is named in full.
    ``params``: names of which a ``def`` must have one. ``keyword``: an argument which a call must be given,
    ``without`` one it must not. ``check``: a function of ``checks`` that decides. ``to``: the new name, for a
    fix that only renames. ``once``: one finding a file. ``needs``: text that the file must hold.
    """

    match: str
    value: str
    of: str = ""
    pattern: str = ""
    values: tuple[str | bool | int, ...] = ()
    tag: str = ""
    within: str = ""
    types: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    keyword: str = ""
    argument: str = ""
    without: str = ""
    min_args: int = 0
    check: str = ""
    to: str = ""
    fix: str = ""
    needs: str = ""
    once: bool = False


class Fact(
    msgspec.Struct,
    frozen=True,
    gc=False,
    omit_defaults=True,
    forbid_unknown_fields=True,
    rename={"breaks": "break"},
):
    """One change of Odoo that custom addons feel.

    ``breaks``: ``hard`` (does not load or fails), ``soft`` (deprecated), ``silent`` (works differently),
    ``future``; ``leftover``: what is left of it in an addon that claims this series or a later one surely
    keeps it from loading. ``autofix``: ``safe``, ``partial``, ``no``. ``verified``: how far it was checked
    against the source of Odoo. ``fix`` names the function of ``fixes`` that mends it (that of a match goes
    first), ``confidence`` and
    ``severity`` override what follows from the rest, ``moved`` names the addon or model that stands in.
    """

    id: str
    kind: str
    status: str
    breaks: str
    impact: str
    match: tuple[Match, ...]
    replacement: str
    autofix: str
    verified: str
    series: str = ""
    evidence: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    note: str = ""
    replacement_checked: bool = True
    fix: str = ""
    confidence: str = ""
    severity: str = ""
    minutes: int = 0
    moved: str = ""
    leftover: bool = False

    @property
    def hardness(self) -> int:
        return ("future", "soft", "silent", "hard").index(self.breaks)

    @property
    def work(self) -> str:
        """How the work is done: ``automatic``, ``review`` (a tool starts it) or ``manual``."""
        return {"safe": "automatic", "partial": "review"}.get(self.autofix, "manual")


@cache
def all_facts() -> tuple[Fact, ...]:
    """Every fact, oldest series first."""
    return msgspec.json.decode(COMPILED.read_bytes(), type=tuple[Fact, ...])


_SEVERITIES = {
    ("hard", "high"): Severity.HIGH,
    ("hard", "medium"): Severity.MEDIUM,
    ("hard", "low"): Severity.MEDIUM,
    ("silent", "high"): Severity.HIGH,
    ("silent", "medium"): Severity.MEDIUM,
}
_CONFIDENCES = {
    "source": Confidence.HIGH,
    "addon-list": Confidence.HIGH,
    "before-state-only": Confidence.MEDIUM,
    "not-verified": Confidence.LOW,
}
_MINUTES = {"automatic": 1, "review": 4, "manual": 8}
_OFFSETS = {
    "automatic": {"high": 2, "medium": 2, "low": 2},
    "review": {"high": 15, "medium": 12, "low": 10},
    "manual": {"high": 45, "medium": 30, "low": 20},
}
"""Minutes of each place, and on top what it takes to understand the change once in an addon."""


def rule_of(fact: Fact) -> Rule:
    """The rule that a fact is: its name is the fact's id."""
    severity = Severity[fact.severity.upper()] if fact.severity else None
    confidence = Confidence[fact.confidence.upper()] if fact.confidence else None
    return Rule(
        severity=severity or _SEVERITIES.get((fact.breaks, fact.impact), Severity.LOW),
        block=Block.MIGRATION,
        minutes=fact.minutes or _MINUTES[fact.work],
        offset=_OFFSETS[fact.work][fact.impact],
        listeners=(),
        confidence=confidence or _CONFIDENCES[fact.verified],
        tags=(f"to-{fact.series}", fact.breaks, *(("leftover",) if fact.leftover else ())),
        name=fact.id,
        family="migration",
        doc=document(fact),
        fact=fact,
    )


def document(fact: Fact) -> str:
    """The documentation of a fact's rule under the fixed headings."""
    how = {"hard": "breaks", "soft": "is deprecated", "silent": "works differently", "future": "will change"}
    names = ", ".join(f"`{item.value}`" for item in fact.match[:4])
    more = f" and {len(fact.match) - 4} more" if len(fact.match) > 4 else ""
    lines = [
        f"{fact.series}: {fact.status} {fact.kind.split('-')[0]}: {fact.id.replace('-', ' ')}",
        "",
        "## What it does",
        f"Looks for {names or fact.replacement}{more} in addons of a series before {fact.series}.",
        "",
        "## Why is this bad",
        f"It {how[fact.breaks]} in {fact.series}. {_checked(fact)}",
        "",
        "## How to fix",
        f"{fact.replacement}." + (f" Note: {fact.note}." if fact.note else ""),
    ]
    return "\n".join(lines)


def _checked(fact: Fact) -> str:
    return {
        "source": "Checked against the source of Odoo.",
        "addon-list": "Checked against the lists of Odoo's own addons.",
        "before-state-only": "Checked against the series before; the change itself is documented only.",
        "not-verified": "Known from documentation or release notes only.",
    }[fact.verified]


def read_yaml(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The facts as they are written, each with its series. For the compiler and the tests."""
    import yaml

    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.yaml"), key=lambda item: float(item.stem)):
        for item in yaml.load(path.read_bytes(), yaml.CSafeLoader):
            found.append({**item, "series": path.stem})
    return found
