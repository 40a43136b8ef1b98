"""Which facts count for an addon, laid out by what the readers look for.

From the series the addon comes from (``--from``, else its own) up to and including ``--to``. Without ``--to``
only leftovers count: what surely keeps an addon of its own series from loading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

from odoo_debt_lint.migration.facts import Fact, Match
from odoo_debt_lint.rule import Rule, series_number

_LOADED = frozenset(
    "import base decorator decorator-argument xml xml-tag xml-attribute xpath record-field".split()
)
"""Matches that loading meets: what is left behind of others fails later, if at all."""


class Journey(msgspec.Struct, frozen=True):
    """From which series to which a migration leads; empty: from the addon's own, to nowhere."""

    start: str = ""
    to: str = ""

    def covers(self, fact: Fact, series: str) -> bool:
        """Whether the fact lies ahead of an addon of this series, or is left behind in it."""
        number = series_number(fact.series)
        start = series_number(self.start or series)
        if not start:
            return False
        if self.to and start < number <= series_number(self.to):
            return True
        return fact.leftover and number <= (series_number(series) or start)


class Wanted(msgspec.Struct, frozen=True, gc=False):
    """One match of a fact that counts, with its rule and its compiled pattern."""

    rule: Rule
    fact: Fact
    match: Match
    pattern: re.Pattern[str] | None
    ahead: bool

    def fits(self, value: str) -> bool:
        """Whether a whole value is what the match asks for."""
        return self.pattern is None or self.pattern.fullmatch(value.strip()) is not None


class Tables:
    """The matches that count for addons of one series, by kind and value."""

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        self.all = tuple(wanted)
        self._by_kind: dict[str, dict[str, list[Wanted]]] = {}
        for item in self.all:
            self._by_kind.setdefault(item.match.match, {}).setdefault(item.match.value, []).append(item)

    def __bool__(self) -> bool:
        return bool(self.all)

    def kind(self, name: str) -> dict[str, list[Wanted]]:
        """Matches of one kind by value."""
        return self._by_kind.get(name, {})

    def each(self, name: str) -> Iterator[Wanted]:
        for items in self.kind(name).values():
            yield from items

    @cached_property
    def scripted(self) -> re.Pattern[str] | None:
        """What finds, in JavaScript, the models that are ahead: as the model of an action or of a call."""
        models = sorted({re.escape(item.match.value) for item in self.each("model") if item.ahead})
        if not models:
            return None
        before = r"""\b(?:(?:res_?)?model|active_model)["']?\s*[:=]+\s*|\borm(?:\.silent)?\.\w+\(\s*"""
        return re.compile(rf"""(?i:{before})["']({"|".join(models)})["']""")

    @cached_property
    def names(self) -> dict[str, list[Wanted]]:
        """Matches of dotted names by the last part."""
        found: dict[str, list[Wanted]] = {}
        for kind in ("name", "attribute", "import"):
            for value, items in self.kind(kind).items():
                found.setdefault(value.rpartition(".")[2], []).extend(items)
        return found

    @cached_property
    def imported(self) -> frozenset[str]:
        """Words of which a Python file must hold one for the matches of imports."""
        return frozenset(self._words(("import",)))

    @cached_property
    def declared(self) -> frozenset[str]:
        """The same for what is told of classes and methods."""
        return frozenset(self._words(("decorator", "decorator-argument", "class-attribute", "base")))

    @cached_property
    def visited(self) -> tuple[frozenset[str], re.Pattern[str] | None]:
        """The same for all for which nodes are visited, and what finds those that are no whole words."""
        names = {word for word in self._words(_BY_NAME) if word.isidentifier()}
        others = {*self._words(_BY_NAME), *self._words(_BY_TEXT)} - names
        return frozenset(names), re.compile("|".join(sorted(map(re.escape, others)))) if others else None

    def _words(self, kinds: Iterable[str]) -> Iterator[str]:
        return (word for kind in kinds for item in self.each(kind) for word in _words(item.match))


_BY_NAME = (
    "import name attribute call def field-argument context-key dict-item domain-operator subscript".split()
)
_BY_TEXT = ("string", "check", "hook")


def _words(match: Match) -> Iterator[str]:
    """Text of which a file must hold something for the match to be there."""
    if match.match == "check":
        yield match.needs
    elif match.value == "upper-case":
        yield "("
    elif match.match == "decorator-argument":
        yield match.argument
    else:
        yield match.value.rpartition(".")[2]


class Plan:
    """The facts of a run. Without ``rules`` nothing is looked for."""

    def __init__(self, rules: Iterable[Rule], journey: Journey) -> None:
        self.journey = journey
        self.rules = {rule.name: rule for rule in rules if rule.fact is not None}
        self._tables: dict[str, Tables] = {}

    @property
    def ahead(self) -> bool:
        """Whether a migration is asked for."""
        return bool(self.journey.to)

    def tables(self, series: str) -> Tables:
        """What counts for addons of a series."""
        known = self._tables.get(series)
        if known is None:
            known = self._tables[series] = Tables(self._wanted(series))
        return known

    def _wanted(self, series: str) -> Iterator[Wanted]:
        start = series_number(self.journey.start or series)
        for rule in self.rules.values():
            fact = rule.fact
            if fact is None or not self.journey.covers(fact, series):
                continue
            ahead = series_number(fact.series) > start
            for match in fact.match:
                if not ahead and match.match not in _LOADED:
                    continue
                pattern = re.compile(match.pattern) if match.pattern else None
                yield Wanted(rule, fact, match, pattern, ahead)
