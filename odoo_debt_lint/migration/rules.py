"""Makes rules of the facts of migration, so that they are selected, explained and counted like all others."""

from __future__ import annotations

import re

from odoo_debt_lint.finding import Confidence, Severity
from odoo_debt_lint.migration.facts import Fact
from odoo_debt_lint.rule import Block, Rule

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
    values = list(dict.fromkeys(item.value for item in fact.match))
    names = ", ".join(f"`{value}`" for value in values[:4])
    more = f" and {len(values) - 4} more" if len(values) > 4 else ""
    lines = [
        f"{fact.series}: {_summary(fact)}",
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


_NOUNS = {"field": "field", "method": "method", "model": "model", "depends": "addon", "def": "method"}
_STATES = {
    "removed": "is gone",
    "renamed": "is renamed",
    "deprecated": "is deprecated",
    "changed": "has changed",
    "behaviour": "works differently",
}


def _summary(fact: Fact) -> str:
    """What happens to what, by its name in Odoo where it has one."""
    first = fact.match[0] if fact.match else None
    name = first.value.removeprefix("*.") if first else ""
    if first and first.match in _NOUNS and re.fullmatch(r"[\w.]{1,60}", name):
        return f"{_NOUNS[first.match]} {name} {_STATES[fact.status]}"
    words = fact.id.replace("-", " ")
    return words if fact.status in words else f"{words} ({fact.status})"


def _checked(fact: Fact) -> str:
    return {
        "source": "Checked against the source of Odoo.",
        "addon-list": "Checked against the lists of Odoo's own addons.",
        "before-state-only": "Checked against the series before; the change itself is documented only.",
        "not-verified": "Known from documentation or release notes only.",
    }[fact.verified]
