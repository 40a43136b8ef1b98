"""Finds the rules, chooses among them, and turns the choice into tables of listeners."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from odoo_debt_lint import catalogue, checks
from odoo_debt_lint.cache import Cache, run_key
from odoo_debt_lint.errors import UsageError
from odoo_debt_lint.migration.facts import all_facts
from odoo_debt_lint.migration.rules import rule_of
from odoo_debt_lint.rule import (
    OnAddon,
    OnComment,
    OnDeployment,
    OnElement,
    OnInstance,
    OnModule,
    OnNode,
    OnProblem,
    Rule,
)
from odoo_debt_lint.settings import ENGINES
from odoo_debt_lint.triggers import Triggers

_kept: dict[str, Rule] = {}
"""The rules as an earlier run has kept them."""


def all_rules() -> dict[str, Rule]:
    """Every rule by name, in order of the names."""
    return _kept or _imported()


def recall(folder: Path | None) -> None:
    """Takes the rules from where an earlier run has left them, or leaves them there for the next one, unless
    they are known: beside the bytecode, else in the cache ``folder`` of the project, if there is one."""
    if _kept or _imported.cache_info().currsize:
        return
    key = run_key(())
    cache = Cache(folder, key) if folder is not None else None
    content = catalogue.beside_bytecode(key) or (cache.load_blob("rules") if cache is not None else None)
    _kept.update(catalogue.read(content) if content is not None else {})
    if not _kept:
        content = catalogue.written(_imported().values())
        if not catalogue.put_beside_bytecode(key, content) and cache is not None:
            cache.store_blob("rules", content)


@cache
def _imported() -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for family in pkgutil.iter_modules(checks.__path__):
        if not family.ispkg:
            continue
        package = importlib.import_module(f"{checks.__name__}.{family.name}")
        for item in pkgutil.iter_modules(package.__path__):
            if not item.name.startswith("_"):
                rule = _rule(importlib.import_module(f"{package.__name__}.{item.name}"), family.name)
                found[rule.name] = rule
    found.update((fact.id, rule_of(fact)) for fact in all_facts())
    return dict(sorted(found.items()))


def _rule(module: ModuleType, family: str) -> Rule:
    rule: Rule = module.RULE
    name = module.__name__.rpartition(".")[2].replace("_", "-")
    return msgspec.structs.replace(rule, name=name, family=family, doc=module.__doc__ or "")


def expand(names: Iterable[str]) -> set[str]:
    """Rules meant by names of rules, families, blocks and tags, or ``all``. Names of engines and of what they
    report stand for themselves: their rules are known when they have run.

    Raises UsageError with the nearest name for one that means nothing.
    """
    rules = all_rules()
    groups: dict[str, set[str]] = {"all": set(rules)}
    for rule in rules.values():
        for group in (rule.family, rule.block.value, *rule.tags):
            groups.setdefault(group, set()).add(rule.name)
    chosen: set[str] = set()
    for name in names:
        if name in rules:
            chosen.add(name)
        elif name in groups:
            chosen |= groups[name]
        elif name.partition(".")[0] in ENGINES:
            chosen.add(name)
        else:
            import difflib  # only a mistake needs it

            near = difflib.get_close_matches(name.lower(), [*rules, *groups], 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise UsageError(f"unknown rule {name!r}{hint}")
    return chosen


def is_among(rule: str, chosen: Collection[str]) -> bool:
    """Whether a rule, which may be one of an engine, is among expanded names."""
    return rule in chosen or rule.partition(".")[0] in chosen


def selected(select: Iterable[str], ignore: Iterable[str], extend: Iterable[str]) -> list[Rule]:
    """The rules of a run, in order of their names."""
    wanted = expand(select) if select else set(all_rules())
    wanted = (wanted | expand(extend)) - expand(ignore)
    return [rule for name, rule in all_rules().items() if name in wanted]


class Handlers(msgspec.Struct):
    """Listeners of the chosen rules by what they listen to."""

    nodes: dict[str, list[tuple[Rule, Any]]] = {}
    modules: list[tuple[Rule, Any]] = []
    embedded: list[tuple[Rule, Any]] = []
    elements: dict[str, list[tuple[Rule, Any]]] = {}
    problems: dict[str, list[tuple[Rule, Any]]] = {}
    addons: list[tuple[Rule, Any]] = []
    comments: list[tuple[Rule, Any]] = []
    deployment: dict[str, list[tuple[Rule, Any]]] = {}
    instance: list[tuple[Rule, Any]] = []
    triggers: dict[str, frozenset[str]] = {}
    triggered: list[Rule] = []
    picky: dict[str, Rule] = {}
    tables: dict[frozenset[str], dict[str, list[tuple[Rule, Any]]]] = {}
    listening: dict[tuple[str, str], Listening] = {}

    def in_role(self, role: str, series: str) -> Listening:
        """Who listens in files of this role in addons of this series."""
        known = self.listening.get((role, series))
        if known is None:
            known = self.listening[role, series] = Listening(self, role, series)
        return known


class Listening:
    """The listeners that count for files of one role and series."""

    def __init__(self, table: Handlers, role: str, series: str) -> None:
        self._role, self._series = role, series
        self.modules = self._chosen(table.modules)
        self.embedded = self._chosen(table.embedded)
        triggered = [rule for rule in table.triggered if self._counts(rule)]
        names = frozenset(rule.name for rule in triggered)
        mine = {trigger: rules & names for trigger, rules in table.triggers.items()}
        self.triggers = Triggers({trigger: rules for trigger, rules in mine.items() if rules})
        self.needs = {rule.name: [need.decode() for need in rule.needs] for rule in triggered if rule.needs}
        self._elements = table.elements
        self._by_tag: dict[str, list[tuple[Rule, Any]]] = {}

    def _counts(self, rule: Rule) -> bool:
        return self._role in rule.roles and rule.holds_for(self._series)

    def _chosen(self, listeners: list[tuple[Rule, Any]]) -> list[tuple[Rule, Any]]:
        return [item for item in listeners if self._counts(item[0])]

    def elements(self, tag: str) -> list[tuple[Rule, Any]]:
        """Listeners to an element with this tag (``*``: any); all those to elements listen to data files."""
        known = self._by_tag.get(tag)
        if known is None:
            data = self._role in ("data", "demo")
            known = self._by_tag[tag] = [
                (rule, check)
                for rule, check in self._elements.get(tag, ())
                if rule.holds_for(self._series) and (data or self._role in rule.roles)
            ]
        return known


def handlers(rules: Iterable[Rule]) -> Handlers:
    """Tables for the dispatchers."""
    table = Handlers()
    for rule in rules:
        for listener in rule.listeners:
            if isinstance(listener, OnNode):
                for name in listener.types:
                    table.nodes.setdefault(name, []).append((rule, listener.check))
            elif isinstance(listener, OnModule):
                table.modules.append((rule, listener.check))
                if listener.embedded:
                    table.embedded.append((rule, listener.check))
            elif isinstance(listener, OnElement):
                for tag in listener.tags:
                    table.elements.setdefault(tag, []).append((rule, listener.check))
            elif isinstance(listener, OnProblem):
                for kind in listener.kinds:
                    table.problems.setdefault(kind, []).append((rule, listener.check))
            elif isinstance(listener, OnAddon):
                table.addons.append((rule, listener.check))
            elif isinstance(listener, OnComment):
                table.comments.append((rule, listener.check))
            elif isinstance(listener, OnDeployment):
                for kind in listener.kinds:
                    table.deployment.setdefault(kind, []).append((rule, listener.check))
            elif isinstance(listener, OnInstance):
                table.instance.append((rule, listener.check))
        for trigger in rule.triggers:
            known = table.triggers.get(trigger.decode(), frozenset())
            table.triggers[trigger.decode()] = known | {rule.name}
        if rule.triggers:
            table.triggered.append(rule)
        if rule.also or rule.when is not None or rule.glance is not None:
            table.picky[rule.name] = rule
    return table
