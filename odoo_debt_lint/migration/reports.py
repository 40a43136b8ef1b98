"""Of which model the documents of a report's template are: its action says, or the template that calls it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from odoo_debt_lint.facts import RecordFact, ViewFact
from odoo_debt_lint.index import AddonFacts, Index
from odoo_debt_lint.migration.world import World

_CALL = re.compile(r"\bt-call=[\"']([\w.]+)[\"']")
_MAX_STEPS = 4
_REPORT = "ir.actions.report"


class Reports:
    """The templates of the set and of Odoo in one series, as far as they are asked for."""

    def __init__(self, index: Index, series: str, source: World | None) -> None:
        self.addons = {addon.name: addon for addon in index.all if addon.series in ("", series)}
        self.source = source
        self._models: dict[str, str] = {}

    def model(self, xmlid: str, steps: int = 0) -> str:
        """The model of the documents; empty where it is not known, or not one."""
        if xmlid not in self._models:
            self._models[xmlid] = ""
            self._models[xmlid] = self._found(xmlid, steps)
        return self._models[xmlid]

    def _found(self, xmlid: str, steps: int) -> str:
        if steps > _MAX_STEPS:
            return ""
        named = {model for addon in self._around(xmlid) for model in _of_actions(addon, xmlid)}
        if named:
            return named.pop() if len(named) == 1 else ""
        callers = {view.xmlid for addon in self._around(xmlid) for view in _callers(addon, xmlid)}
        view = self._view(xmlid)
        if view is not None and view.inherit:
            callers.add(view.inherit)
        models = {self.model(caller, steps + 1) for caller in sorted(callers) if caller != xmlid} - {""}
        return models.pop() if len(models) == 1 else ""

    def _around(self, xmlid: str) -> Iterator[AddonFacts]:
        """The addon of a template, and those of the set."""
        yield from self.addons.values()
        module = xmlid.partition(".")[0]
        core = self.source.core.addon(module) if self.source is not None else None
        if core is not None and module not in self.addons:
            yield core

    def _view(self, xmlid: str) -> ViewFact | None:
        placed = (addon.views.get(xmlid) for addon in self._around(xmlid))
        return next((item.view for item in placed if item is not None), None)


def _of_actions(addon: AddonFacts, xmlid: str) -> Iterator[str]:
    """The models of the reports that print a template."""
    for record in _reports(addon):
        name = record.value("report_name") or (record.value("name") if record.tag == "report" else None)
        model = record.value("model")
        if name is not None and model is not None and name.value == xmlid:
            yield model.value


def _reports(addon: AddonFacts) -> Iterable[RecordFact]:
    return (
        placed.record
        for records in addon.records.values()
        for placed in records
        if placed.record.model == _REPORT
    )


def _callers(addon: AddonFacts, xmlid: str) -> Iterator[ViewFact]:
    for placed in addon.views.values():
        if xmlid in placed.view.arch and xmlid in _CALL.findall(placed.view.arch):
            yield placed.view
