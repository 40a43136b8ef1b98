"""What the facts already tell of a change: the rules that compare indexes are silent there."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable

from odoo_debt_lint.migration.facts import all_facts
from odoo_debt_lint.migration.plan import Journey


class Told:
    """The names in the facts between two series, selected in this run or not."""

    def __init__(self, start: str, to: str) -> None:
        self._by_kind: dict[str, set[str]] = {}
        journey = Journey(start, to)
        patterns: list[str] = []
        self.renamed: dict[str, set[str]] = {}
        """New names of fields by their old ones, whatever the model."""
        self.xpaths: list[re.Pattern[str]] = []
        for fact in all_facts():
            if fact.leftover and not journey.covers(fact, start):
                continue
            if not start or not journey.covers(fact, start):
                continue
            for match in fact.match:
                if match.match == "call" and match.keyword:  # nothing is told of other calls and of overrides
                    self._by_kind.setdefault("argument", set()).add(f"{match.value}.{match.keyword}")
                else:
                    self._by_kind.setdefault(match.match, set()).add(match.value)
                new = match.to or fact.replacement
                if match.match == "field" and new.isidentifier():
                    self.renamed.setdefault(match.value.rpartition(".")[2], set()).add(new)
                if match.match == "xmlid":
                    patterns.append(fnmatch.translate(match.value))
                elif match.match == "xpath":
                    self.xpaths.append(re.compile(match.value))
        self._xmlids = re.compile("|".join(patterns)) if patterns else None

    def of(self, kind: str) -> set[str]:
        return self._by_kind.get(kind, set())

    def field(self, lineage: Iterable[str], name: str) -> bool:
        """Whether a fact speaks of a field of one of the models."""
        known = self.of("field")
        return f"*.{name}" in known or any(f"{model}.{name}" in known for model in lineage)

    def record_field(self, lineage: Iterable[str], name: str) -> bool:
        """Whether a fact speaks of a field in the records of data files."""
        known = self.of("record-field")
        return any(f"{model}.{name}" in known for model in lineage)

    def method(self, lineage: Iterable[str], name: str, called: bool = True) -> bool:
        """Whether a fact speaks of definitions of a method, or of calls where the override is one."""
        known = self.of("method")
        return (
            name in self.of("def")
            or (called and name in self.of("call"))
            or f"*.{name}" in known
            or any(f"{model}.{name}" in known for model in lineage)
        )

    def model(self, name: str) -> bool:
        return name in self.of("model")

    def xmlid(self, xmlid: str) -> bool:
        return self._xmlids is not None and self._xmlids.match(xmlid) is not None

    def template(self, xmlid: str) -> bool:
        """Whether a fact looks for views that extend this one."""
        return any(f"'{xmlid}'" in value for value in self.of("xml"))

    def xpath(self, expr: str) -> bool:
        return any(pattern.fullmatch(expr) for pattern in self.xpaths)
