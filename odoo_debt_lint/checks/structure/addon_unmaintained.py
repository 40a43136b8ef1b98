"""Addon which nobody has touched for years.

## What it does
Asks git for the newest commit that touches each addon, and reports those from before `unmaintained-before`
(a date), or older than `unmaintained-years` (default 2). It is of high severity for addons of third
parties: their author is neither in `own-authors` nor the one whom most addons of the set have.

## Why is this bad
What nobody has touched for years has followed no change of Odoo, of its libraries or of the law. With code
of a third party you are on your own when it breaks.

## How to fix
Look for a newer version or a replacement, and plan its migration; for your own addon, decide whether it is
used.

## Not reported
Anything outside git (the report says so), addons that were never committed, and addons that are not
installable.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import datetime, timezone

from odoo_debt_lint.checks.structure._places import first_line
from odoo_debt_lint.index import Index, Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity

_YEAR = 365.25 * 86400
_FOREIGN_FOLDER = re.compile(
    r"(^|/)(third[-_]?party|external|vendors?|oca|community|extra|apps?[-_]?store)(/|$)", re.I
)


def check(scope: Scope) -> Hits:
    touched = scope.addon.touched
    if not touched or not scope.addon.manifest.installable or touched >= _limit(scope):
        return
    day = datetime.fromtimestamp(touched, timezone.utc).date()
    foreign = _is_foreign(scope)
    whose = "third-party addon" if foreign else "addon"
    yield Hit(
        first_line(scope),
        f"{whose} without a commit since {day}",
        severity=Severity.HIGH if foreign else Severity.LOW,
        minutes=120 if foreign else 30,
    )


def _limit(scope: Scope) -> float:
    settings = scope.settings
    if settings.unmaintained_before:
        return datetime.fromisoformat(settings.unmaintained_before).replace(tzinfo=timezone.utc).timestamp()
    return time.time() - settings.unmaintained_years * _YEAR


def _is_foreign(scope: Scope) -> bool:
    authors = _authors(scope.addon.manifest.author)
    own = {name.lower() for name in scope.settings.own_authors}
    if own:
        return not authors & own
    if _FOREIGN_FOLDER.search(scope.addon.path):
        return True
    usual = scope.index.once("usual author", lambda: _usual(scope.index))
    return bool(authors) and bool(usual) and usual not in authors


def _authors(text: str) -> set[str]:
    return {part.strip().lower() for part in re.split(r"[,;&]", text) if part.strip()}


def _usual(index: Index) -> str:
    """The author whom most addons of the set have."""
    counts = Counter(name for addon in index.addons.values() for name in _authors(addon.manifest.author))
    return min(counts, key=lambda name: (-counts[name], name), default="")


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=120,
    listeners=(OnAddon(check),),
    tags=("history",),
)
