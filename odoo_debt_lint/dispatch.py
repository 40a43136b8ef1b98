"""Hands what was read to the rules that listen, and makes findings of what they yield."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from odoo_debt_lint.facts import MarkFact
from odoo_debt_lint.finding import FIRST_LINE, Finding, Fix, Location, Problem, Span
from odoo_debt_lint.rule import Hit, Mark, Rule

if TYPE_CHECKING:
    from odoo_debt_lint.job import Job
    from odoo_debt_lint.python.bodies import Body
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.registry import Handlers
    from odoo_debt_lint.xml.document import XmlFile


def finding_of(rule: Rule, hit: Hit, location: Location, addon: str) -> Finding:
    """A finding from a rule's hit; what the hit leaves open is the rule's."""
    flow = hit.flow() if callable(hit.flow) else hit.flow
    fix = hit.fix if isinstance(hit.fix, Fix) or hit.fix is None else hit.fix()
    return Finding(
        rule=rule.name,
        location=location,
        message=hit.message,
        severity=hit.severity if hit.severity is not None else rule.severity,
        confidence=hit.confidence if hit.confidence is not None else rule.confidence,
        minutes=hit.minutes if hit.minutes is not None else rule.minutes,
        addon=addon,
        entity=hit.entity,
        related=hit.related,
        flow=flow,
        fix=fix,
    )


def crash(path: str, rule: Rule, error: Exception) -> Problem:
    """The problem of a rule that raised, with the place in the rule's code."""
    if isinstance(error, RecursionError | MemoryError):
        return Problem("too-large", path, "nested too deeply for some rules")
    return Problem("internal-error", path, failure(f"rule {rule.name}", error))


def failure(who: str, error: Exception) -> str:
    """What crashed, how, and where in the tool's own code."""
    import traceback  # only a crash needs it

    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = frame.filename.replace("\\", "/").rpartition("odoo_debt_lint/")[2]
    return f"{who} crashed: {type(error).__name__}: {error} ({place}:{frame.lineno})"


_ADDONS = (".", "odoo", "openerp")
"""How targets of imports begin that no trigger is the name of."""


class Dispatcher:
    """Runs listeners over one file and collects findings, marks and problems."""

    def __init__(
        self, handlers: Handlers, job: Job, findings: list[Finding], problems: list[Problem]
    ) -> None:
        self.handlers, self.job, self.findings, self.problems = handlers, job, findings, problems
        self.marks: list[MarkFact] = []
        self.listening = handlers.in_role(job.role, job.series)

    def _guarded(self, rule: Rule, check: Any, *args: Any) -> Iterator[Any]:
        """Hits of one listener; an exception in it becomes a problem."""
        try:
            yield from check(*args)
        except Exception as error:
            problem = crash(self.job.path, rule, error)
            if problem not in self.problems:
                self.problems.append(problem)

    def _add(self, rule: Rule, hit: Hit | Mark, span: Span) -> None:
        if isinstance(hit, Mark):
            flow = hit.flow() if callable(hit.flow) else hit.flow
            self.marks.append(MarkFact(rule.name, span, hit.data, hit.entity, flow))
            return
        location = hit.where if isinstance(hit.where, Location) else Location(self.job.path, span)
        try:
            self.findings.append(finding_of(rule, hit, location, self.job.addon))
        except Exception as error:
            self.problems.append(crash(self.job.path, rule, error))

    def problem(self, problem: Problem) -> None:
        """A file that could not be read as what it should be."""
        self.problems.append(problem)
        for rule, check in self.handlers.problems.get(problem.kind, ()):
            for hit in self._guarded(rule, check, problem):
                self._add(rule, hit, hit.where if isinstance(hit.where, Span) else FIRST_LINE)

    def python(self, file: PythonFile) -> None:
        """Skeleton listeners, then body listeners on the units that hold their triggers."""
        for rule, check in self.listening.embedded if file.embedded else self.listening.modules:
            for hit in self._guarded(rule, check, file):
                self._add(rule, hit, hit.where if isinstance(hit.where, Span) else FIRST_LINE)
        for unit, rules in self._triggered(file):
            body = file.body(unit)
            if body is not None:
                self._body(body, rules)

    def _lacking(self, names: set[str], text: str) -> set[str]:
        """Those of some rules which need something that the file does not hold."""
        needs = self.listening.needs
        return {name for name in names & needs.keys() if any(need not in text for need in needs[name])}

    def _triggered(self, file: PythonFile) -> Iterator[tuple[Any, set[str]]]:
        """Units of the file with the names of the rules of which they hold a trigger."""
        wanted: dict[int, set[str]] = {}
        units = file.units
        position = file.text.position
        text, find = file.text.text, file.text.text.find
        held = [*self.listening.triggers.within(text, file.words), *self._renamed(file)]
        lacking = self._lacking(set().union(*(every for _, every in held)), text)
        for trigger, every in held:
            names = every - lacking
            start = find(trigger) if names else -1
            while start >= 0:
                index = _unit_at(units, position(start)[0])
                if index is not None:
                    wanted.setdefault(index, set()).update(names)
                start = find(trigger, start + 1)
        for index in sorted(wanted):
            worth = {name for name in wanted[index] if self._worth(name, file, units[index])}
            if worth:
                yield units[index], worth

    def _renamed(self, file: PythonFile) -> Iterator[tuple[str, frozenset[str]]]:
        """Triggers that code writes under another name: ``import requests as rq`` makes ``rq.`` one, and
        ``from requests import get`` ``get(``."""
        triggers = self.listening.triggers
        for name, target in file.names.items():
            package, _, last = target.rpartition(".")
            if last == name:
                if not target.startswith(_ADDONS):
                    for part in package.split("."):
                        for trigger in triggers.modules.get(part, ()) if part not in name else ():
                            yield f"{name}(", triggers.rules[trigger]
                continue
            whole = f"{target}."
            for trigger, word in triggers.bare.items():
                if word in whole and word not in name:
                    yield f"{name}.", triggers.rules[trigger]
                    yield f"{name}(", triggers.rules[trigger]

    def _worth(self, name: str, file: PythonFile, unit: Any) -> bool:
        """Whether a rule that has a trigger in a unit wants it parsed."""
        rule = self.handlers.picky.get(name)
        if rule is None:
            return True
        if rule.when is not None and not rule.when(
            file.klass(unit.klass), file.methods.get((unit.klass, unit.name)) if unit.method else None
        ):
            return False
        if rule.also:
            text = file.source(unit)
            if not any(word.decode() in text for word in rule.also):
                return False
        return rule.glance is None or unit.shared or rule.glance(unit, file)

    def _table(self, names: frozenset[str]) -> dict[str, list[tuple[Rule, Any]]]:
        """Node listeners of some rules by node class, made once per combination."""
        table = self.handlers.tables.get(names)
        if table is None:
            table = self.handlers.tables[names] = {
                kind: chosen
                for kind, listeners in self.handlers.nodes.items()
                if (chosen := [(rule, check) for rule, check in listeners if rule.name in names])
            }
        return table

    def _body(self, body: Body, names: set[str]) -> None:
        hits: list[tuple[Rule, Hit | Mark]] = []
        table = self._table(frozenset(names))
        for node in body.nodes:
            for rule, check in table.get(type(node).__name__, ()):
                hits.extend((rule, hit) for hit in self._guarded(rule, check, node, body))
        if not hits:
            return
        nodes = [hit.where for _, hit in hits if not isinstance(hit.where, Span | Location)]
        spans = body.spans(nodes) if nodes else {}
        for rule, hit in hits:
            span = hit.where if isinstance(hit.where, Span) else spans.get(id(hit.where), FIRST_LINE)
            self._add(rule, hit if hit.entity else replace(hit, entity=body.entity), span)

    def xml(self, file: XmlFile) -> None:
        """Element listeners in document order; those to any element only where the file holds a trigger."""
        every = [item for item in self.listening.elements("*") if _holds(file.content, item[0].triggers)]
        for element in file.elements:
            for rule, check in (*self.listening.elements(element.tag), *every):
                for hit in self._guarded(rule, check, element, file):
                    span = hit.where if isinstance(hit.where, Span | Location) else file.span(hit.where)
                    self._add(rule, hit, span if isinstance(span, Span) else FIRST_LINE)


def _holds(content: bytes, triggers: tuple[bytes, ...]) -> bool:
    """Whether a file holds one of some triggers, or may do so in an encoding with zeros between."""
    return not triggers or b"\0" in content or any(trigger in content for trigger in triggers)


def _unit_at(units: list[Any], line: int) -> int | None:
    """Index of the unit that holds the line, by bisection."""
    low, high = 0, len(units) - 1
    while low <= high:
        middle = (low + high) // 2
        if line < units[middle].first:
            high = middle - 1
        elif line > units[middle].last:
            low = middle + 1
        else:
            return middle
    return None
