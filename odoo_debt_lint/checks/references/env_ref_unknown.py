"""XML id that exists nowhere.

## What it does
Looks up every XML id in Python (`env.ref` and its like, `_for_xml_id`, templates that are rendered or posted,
reports that are printed, types of activities and messages, groups of fields, `has_group`) and in the data
files which the manifest lists (`ref`, `eval`, `%(…)d`, groups, parents, actions, `…_view_ref` of contexts,
templates of reports, csv columns) among all addons which the addon depends on. One that bears the name of
another addon is looked up there: where that lacks it too, to depend on it would not help. An id of the addon
itself that only a file declares which the manifest does not list (for other data files: or lists as demo
data) is told once in a file.

## Why is this bad
In a data file it stops the installation; in code it raises as soon as the line runs, often only in a rare
case.

## How to fix
Correct the id. After a migration: look up what the record is called now. That code looks a record up by its
id at all is told apart from this (`env-ref-in-code`): it remains when the id is right.

## Not reported
Anything but the addon's own ids while an addon of the closure is not known (Enterprise, other repositories);
ids which Odoo makes itself (`field_…`, `base.module_…`, records per company, `model_…` of a model that the
addon makes or extends, or that is there at all for Odoo's own addons), those which its code puts together for
`xml_id` or enters in `ir.model.data`, and those in files that do not parse; optional look-ups; parents of
views (`view-unknown-parent`); records which exist outside the closure (`reference-to-undeclared-dependency`).
Ids of an addon of whose data files half are missing are low confidence (`manifest-data-missing`).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from odoo_debt_lint.checks.references._nowhere import is_nowhere
from odoo_debt_lint.checks.references._unloaded import named_files, unloaded
from odoo_debt_lint.checks.references._xmlids import (
    Mention,
    exists,
    is_generated,
    lacks_model,
    mentions,
    report_names,
)
from odoo_debt_lint.core.addons import core_addons
from odoo_debt_lint.finding import FIRST_LINE
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import (
    Block,
    Confidence,
    Hit,
    Hits,
    Mark,
    Marks,
    OnAddon,
    OnModule,
    Rule,
    Severity,
)

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile

_PUT_TOGETHER = re.compile(r"xml_id[^\n]*?[\"']([a-z]\w*\.[\w.-]*)(?:\{|%[sd(])")

_ENTERED = re.compile(r"name[\"']\s*:\s*[\"']([\w.-]+)[\"']")
"""The name in the values of an ``ir.model.data``."""


def note(file: PythonFile) -> Marks:
    """How the ids begin which code puts together for records that it makes; names which it enters itself;
    data files which it names."""
    names = sorted(set(named_files(file)))
    if names:
        yield Mark(FIRST_LINE, {"files": names})
    if {"module", "res_id"} <= file.words and "ir.model.data" in file.text.text:
        for name in set(_ENTERED.findall(file.text.text)):
            yield Mark(FIRST_LINE, {"made": name})
    if "xml_id" in file.words:
        for begins in set(_PUT_TOGETHER.findall(file.text.text)):
            yield Mark(FIRST_LINE, {"begins": begins})


def check(scope: Scope) -> Hits:
    for mention in unknown(scope):
        where = unloaded(scope, mention, _named(scope))
        why = f"is only in {where}, which is not loaded" if where else _absent(scope, mention)
        yield Hit(
            mention.location,
            f"{mention.xmlid} {why}",
            confidence=_confidence(scope, mention),
            entity=mention.entity,
        )


def _absent(scope: Scope, mention: Mention) -> str:
    if scope.visible(mention.module) is None and _is_elsewhere(scope, mention.module):
        return f"exists nowhere: {mention.module}, which is not among the dependencies, lacks it too"
    return f"exists in no addon that {scope.addon.name} depends on"


def unknown(scope: Scope) -> list[Mention]:
    """What the addon mentions and nobody has, found once."""
    return scope.once("references.unknown", lambda: list(_unknown(scope)))


def _unknown(scope: Scope) -> Iterator[Mention]:
    if not scope.addon.manifest.installable:
        return
    marks = [mark.data for _, mark in scope.marks("env-ref-unknown")]
    made = tuple(data["begins"] for data in marks if "begins" in data)
    entered = {data["made"] for data in marks if "made" in data}
    parents = {placed.view.inherit for placed in scope.addon.views.values() if placed.view.inherit}
    told: set[tuple[str, str]] = set()
    for mention in mentions(scope):
        if _is_optional(scope, mention) or mention.kind == "inherit_id":
            continue
        if is_generated(mention.xmlid) and not lacks_model(scope, mention.xmlid):
            continue
        if mention.xmlid in parents and mention.kind in ("ref", "eval"):
            continue
        if mention.kind in ("render", "report") and _is_key(scope, mention.xmlid):
            continue
        if mention.kind == "print" and mention.xmlid in report_names(scope):
            continue
        if mention.kind == "t-call" and scope.visible(mention.module) is None:
            # an expression of the web client
            continue
        if _is_elsewhere(scope, mention.module) and not is_nowhere(scope, mention):
            continue
        if exists(scope, mention.xmlid):
            key = mention.location.path, mention.xmlid
            if key in told or not unloaded(scope, mention, _named(scope)):
                continue
            told.add(key)  # one defect of many places: the list of the manifest
        if not scope.complete and mention.module != scope.addon.name:
            continue
        if mention.xmlid.startswith(made) or mention.xmlid.partition(".")[2] in entered:
            continue
        yield mention


def _named(scope: Scope) -> set[str]:
    """Data files of which the addon's code speaks."""
    marks = scope.marks("env-ref-unknown")
    return scope.once(
        "references.files", lambda: {name for _, mark in marks for name in mark.data.get("files", ())}
    )


def _is_optional(scope: Scope, mention: Mention) -> bool:
    """Whether the code can do without the record. It cannot with a group that its own addon lacks: nobody
    will ever have it."""
    if not mention.optional or mention.kind != "groups":
        return mention.optional
    return scope.visible(mention.module) is None


def _is_key(scope: Scope, xmlid: str) -> bool:
    """Whether a view of the addons that are not Odoo's is found by a key of this name, which need not be its
    XML id."""
    return any(
        value.name == "key" and value.value == xmlid
        for addon in scope.addons
        if not addon.core
        for placed in addon.records.values()
        for item in placed
        for value in item.record.values
    )


def _is_elsewhere(scope: Scope, module: str) -> bool:
    """Whether the module is there, but outside of the closure."""
    series = scope.addon.series
    if scope.visible(module) is not None:
        return False
    return scope.index.addon(module, series) is not None or module in core_addons(series)


def _confidence(scope: Scope, mention: Mention) -> Confidence:
    if _is_cut(scope, mention.module):
        return Confidence.LOW
    # code that runs in several series may ask for a group of Odoo's own which only some of them have
    asked = mention.optional and mention.module in core_addons(scope.addon.series)
    return Confidence.HIGH if scope.complete and not asked else Confidence.MEDIUM


def _is_cut(scope: Scope, module: str) -> bool:
    """Whether half of the module's data files are not there: a copy that was cut down has few ids."""
    addon = scope.index.addon(module, scope.addon.series)
    if addon is None or addon.core:
        return False
    listed = [posixpath.normpath(path) for path in addon.manifest.items("data")]
    return 2 * sum(path not in addon.names for path in listed) >= max(len(listed), 1)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=30,
    listeners=(OnModule(note), OnAddon(check, bodies="closure")),
    tags=("upgrade",),
)
