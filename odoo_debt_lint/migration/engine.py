"""From places to findings: what a worker does with one file when facts count for it.

A finding bears the fact's id as its rule. Its fix, if the fact has one, is made at once: the tree is at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from odoo_debt_lint.dispatch import failure, finding_of
from odoo_debt_lint.facts import MarkFact
from odoo_debt_lint.finding import Finding, Fix, Location, Problem
from odoo_debt_lint.migration.facts import Match
from odoo_debt_lint.migration.fixes import fix_of
from odoo_debt_lint.migration.hooks import hook_marks
from odoo_debt_lint.migration.lines import javascript_places
from odoo_debt_lint.migration.place import Place
from odoo_debt_lint.migration.plan import Plan, Wanted
from odoo_debt_lint.migration.python import PythonFinder
from odoo_debt_lint.migration.xml import XmlFinder
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.rule import Hit
from odoo_debt_lint.source import Text
from odoo_debt_lint.xml.document import XmlFile

_STATUS = re.compile(r"-(removed|renamed|deprecated)(-\d+)?$")
_WORD = re.compile(r"(?<![\\\w-])[a-z][\w-]{2,}")
ROLES = frozenset({"code", "hook", "test", "data", "demo", "static", "script"})
"""Files that a migration has to look at: migration scripts of earlier series are done with."""


def message(wanted: Wanted) -> str:
    """What the finding says: what is met, what became of it in which series, and what stands in."""
    fact, match = wanted.fact, wanted.match
    became = {
        "removed": "is gone in", "renamed": "has another name in", "deprecated": "is deprecated from",
        "changed": "is different from", "behaviour": "works differently from",
    }[fact.status]  # fmt: skip
    what = (match.tag + "@" + match.value if match.tag else match.value) + _value(match)
    if match.match in ("js", "xml", "check", "xpath", "string") or len(what) > 80:
        what = _STATUS.sub("", fact.id).replace("-", " ")
    if match.match == "hook":  # one finding a hook, whichever the manifest names
        what = "the call of hooks"
    left = "" if wanted.ahead else "left over from an earlier series: "
    return f"{left}{what} {became} {fact.series}: {fact.replacement}"


def _value(match: Match) -> str:
    """The value that an attribute, field or item must have, where one word says it: ``="tree"``."""
    words = [str(value) for value in match.values] or sorted(set(_WORD.findall(match.pattern)))
    if match.match == "call" and match.keyword:
        return f" with {match.keyword}="
    if match.match not in ("xml-attribute", "record-field", "dict-item") or len(words) != 1:
        return ""
    whole = match.values or match.pattern == words[0]
    return f'="{words[0]}"' if whole else f'="…{words[0]}…"'


def finding(
    wanted: Wanted, location: Location, addon: str, fix: Fix | None = None, entity: str = ""
) -> Finding:
    """The finding of a fact that was met."""
    hit = Hit(location, message(wanted), fix=fix, entity=entity)
    return finding_of(wanted.rule, hit, location, addon)


class Migration:
    """What one file of an addon says to the facts of a plan; ``marks`` wait for the index stage."""

    def __init__(self, plan: Plan, path: str, addon: str, series: str, problems: list[Problem]) -> None:
        self.tables = plan.tables(series)
        self.path, self.addon, self.problems = path, addon, problems
        self.marks: list[MarkFact] = []

    def python(self, file: PythonFile) -> list[Finding]:
        return self._found(self._places(file))

    def _places(self, file: PythonFile) -> Iterator[Place]:
        self.marks += hook_marks(file, self.tables)
        yield from PythonFinder(file, self.tables).places()

    def xml(self, file: XmlFile) -> list[Finding]:
        return self._found(XmlFinder(file, self.tables).places())

    def javascript(self, text: Text) -> list[Finding]:
        return self._found(javascript_places(self.path, text, self.tables))

    def _found(self, places: Iterable[Place]) -> list[Finding]:
        try:
            return [self._finding(place) for place in _once(places)]
        except Exception as error:
            self.problems.append(Problem("internal-error", self.path, failure("migration", error)))
            return []

    def _finding(self, place: Place) -> Finding:
        location = Location(self.path, place.span)
        return finding(place.wanted, location, self.addon, fix_of(place), place.entity)


def _once(places: Iterable[Place]) -> Iterator[Place]:
    """All places, but only the first of a match that asks for one a file."""
    met: set[str] = set()
    for place in places:
        if place.match.once:
            if place.fact.id in met:
                continue
            met.add(place.fact.id)
        yield place
