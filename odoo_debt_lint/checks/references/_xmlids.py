"""What the rules about XML ids share: every mention of one in an addon, and whether it exists."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from odoo_debt_lint.facts import CallFact, FileResult, RecordFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import AddonFacts, PlacedRecord, Scope
from odoo_debt_lint.python.expressions import PAIRS, POSTING
from odoo_debt_lint.xml.refs import ASKED

_XMLID = re.compile(r"[a-z_][a-z0-9_]*\.[\w.-]+", re.I)
_REFS = PAIRS | {"ref", "xmlid_to_object", "xmlid_to_res_id", "_xmlid_to_res_id"}
_REFS |= {"_xmlid_lookup", "_xmlid_to_res_model_res_id"}
_RENDERING = frozenset(
    (
        "render _render _render_template render_template message_post_with_view message_post_with_source"
    ).split()
)
_PRINTING = frozenset({"_render_qweb_pdf", "_render_qweb_html", "_render_qweb_text"})
_GROUP_CALLS = frozenset({"has_group", "has_groups", "user_has_groups"})
_TYPING = POSTING | {"activity_schedule", "activity_feedback", "activity_reschedule", "activity_unlink"}
"""Calls that are told the kind of a message or an activity."""
_GENERATED = re.compile(r"(model|field|selection|constraint)_")
_PARENT = re.compile(
    r"_(product_template|res_partner|ir_actions_server|mail_alias|res_users|resource_resource)$"
)
"""What Odoo appends for the record of ``_inherits`` that it makes along with one."""
_MODEL = "model_"
_REPORT = "ir.actions.report"
_PER_COMPANY = re.compile(r"\d+_")
_NO_MODULES = frozenset({"__export__", "__import__", "__custom__", "studio_customization"})
IN_SQL = frozenset(
    {"base.EUR", "base.group_user", "base.main_company", "base.main_partner", "base.user_root"}
)
"""Records of ``base`` that its SQL file creates."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One place that names an XML id.

    ``kind``: ``code`` for ``env.ref`` and its like, ``groups`` for groups in Python, ``render`` for templates
    of controllers, ``print`` for reports that code makes, ``report`` for the template of a report, ``type``
    for kinds of messages and activities, else the attribute of the data file. ``optional``: the code can do
    without the record.
    """

    xmlid: str
    location: Location
    kind: str
    optional: bool = False
    entity: str = ""

    @property
    def module(self) -> str:
        return self.xmlid.partition(".")[0]


def is_ref(call: CallFact) -> bool:
    """Whether a call looks a record up by its XML id: ``env.ref`` and its like."""
    owner, _, name = call.callee.rpartition(".")
    if name not in _REFS or not isinstance(call.literal, str) or not _XMLID.fullmatch(call.literal):
        return False
    return name != "ref" or owner.rstrip("()").endswith("env")


def _is_action(call: CallFact) -> bool:
    """Whether a call reads an action by its XML id: the usual way, so that only an unknown id is a defect."""
    named = isinstance(call.literal, str) and _XMLID.fullmatch(call.literal) is not None
    return named and call.callee.rpartition(".")[2] == "_for_xml_id"


def _is_page(call: CallFact) -> bool:
    """Whether a template is rendered by its XML id. ``self._render()`` is a method of the addon's own: in
    reports of report_xlsx_helper it takes an expression."""
    owner, _, name = call.callee.rpartition(".")
    named = isinstance(call.literal, str) and _XMLID.fullmatch(call.literal) is not None
    if name == "_render" and owner == "self":
        return False
    return named and name in _RENDERING and (name != "render" or owner.endswith("request"))


def _given(call: CallFact) -> list[str]:
    """The ids of the first argument, which may be a list."""
    given = call.literal if isinstance(call.literal, list) else [call.literal]
    return [item for item in given if isinstance(item, str) and _XMLID.fullmatch(item)]


def is_optional(call: CallFact) -> bool:
    """Whether the code goes on without the record."""
    return call.guarded or call.kwargs.get("raise_if_not_found", True) in (False, 0)


def mentions(scope: Scope) -> Iterator[Mention]:
    """Every mention of an XML id in the addon's code and in the data files which its manifest lists."""
    listed = loaded_files(scope.addon)
    for result in scope.addon.files:
        if result.role in ("code", "hook"):
            yield from _of_python(result)
        elif result.role in ("data", "demo") and result.path in listed:
            yield from _of_data(result, scope.addon.name)


def loaded_files(addon: AddonFacts) -> set[str]:
    """Paths of the data files which the manifest lists."""
    names = ("data", "demo", "init_xml", "update_xml", "demo_xml")
    inside = (item for name in names for item in addon.manifest.items(name))
    return {posixpath.normpath(posixpath.join(addon.path, item)) for item in inside}


def _of_python(result: FileResult) -> Iterator[Mention]:
    python = result.python
    if python is None:
        return
    for call in python.calls:
        entity = ".".join(part for part in (call.klass, call.method) if part)
        if is_ref(call) or _is_action(call):
            place = Location(result.path, call.span)
            yield Mention(call.literal, place, "code", is_optional(call), entity)
        elif _is_page(call):
            yield Mention(call.literal, Location(result.path, call.span), "render", call.guarded, entity)
        elif (name := call.callee.rpartition(".")[2]) in _TYPING or name in _PRINTING:
            kind = "print" if name in _PRINTING else "type"
            for xmlid in _given(call):
                yield Mention(xmlid, Location(result.path, call.span), kind, call.guarded, entity)
        elif name in _GROUP_CALLS:
            # an unknown group is one that the user does not have
            for xmlid in _groups(call.literal):
                yield Mention(xmlid, Location(result.path, call.span), "groups", True, entity)
    for klass in python.classes:
        for field in klass.fields if klass.is_model else ():
            for xmlid in _groups(field.kwargs.get("groups")):
                place = Location(result.path, field.span)
                yield Mention(xmlid, place, "groups", entity=f"{klass.name}.{field.name}")


def _groups(text: object) -> list[str]:
    parts = [part.strip().lstrip("!") for part in text.split(",")] if isinstance(text, str) else []
    return [part for part in parts if _XMLID.fullmatch(part)]


def _of_data(result: FileResult, addon: str) -> Iterator[Mention]:
    if result.data is None:
        return
    for ref in result.data.refs:
        place = Location(result.path, ref.span)
        if ref.context == ASKED:
            yield Mention(ref.xmlid, place, "groups", True)
        else:
            yield Mention(ref.xmlid, place, ref.context)
    for record in result.data.records:
        if record.model == _REPORT:
            yield from _printed(result, record, addon)
        if record.tag != "csv":
            continue
        for value in record.values:
            if value.name.endswith((":id", "/id")):
                for part in value.value.split(","):
                    xmlid = part.strip() if "." in part else f"{addon}.{part.strip()}"
                    if part.strip() and _XMLID.fullmatch(xmlid):
                        yield Mention(xmlid, Location(result.path, value.span), "csv")


def _printed(result: FileResult, record: RecordFact, addon: str) -> Iterator[Mention]:
    """The template which a report of the addon prints."""
    values = {value.name: value for value in record.values}
    given = values.get("name" if record.tag == "report" else "report_name")
    kind = values.get("report_type")
    printed = kind is None or kind.value.startswith("qweb")
    if given is not None and given.kind == "text" and printed and record.xmlid.startswith(f"{addon}."):
        if _XMLID.fullmatch(given.value):
            yield Mention(given.value, Location(result.path, given.span), "report", entity=record.xmlid)


def report_names(scope: Scope) -> set[str]:
    """What the reports of the closure are called, by which code may ask for them."""
    return scope.once("references.reports", lambda: set(_report_names(scope)))


def _report_names(scope: Scope) -> Iterator[str]:
    for addon in scope.addons:
        for item in (item for items in addon.records.values() for item in items):
            if item.record.model == _REPORT:
                wanted = "name" if item.record.tag == "report" else "report_name"
                yield from (value.value for value in item.record.values if value.name == wanted)


def is_generated(xmlid: str) -> bool:
    """Whether Odoo itself makes the id, so that no file declares it."""
    module, _, name = xmlid.partition(".")
    if module in _NO_MODULES or xmlid in IN_SQL:
        return True
    if module == "base" and name.startswith("module_"):
        return True
    return bool(_GENERATED.match(name) or _PER_COMPANY.match(name))


def lacks_model(scope: Scope, xmlid: str) -> bool:
    """Whether it is the id that Odoo makes for a model, of an addon that neither makes nor extends such a
    model; with one of Odoo's own addons: of a model that nobody makes. Nothing is said of addons whose code
    does not tell all their models."""
    module, _, name = xmlid.partition(".")
    owner = scope.visible(module)
    if owner is None or not name.startswith(_MODEL):
        return False
    if owner.core:
        return scope.complete and name not in _all_targets(scope)
    if scope.unread or not _tells_models(owner):
        return False
    # also those of files that nothing imports (python-file-not-imported tells of them), and of tests
    classes = owner.classes(("code", "hook", "test"))
    models = {part.klass.model.replace(".", "_") for part in classes}
    return name.removeprefix(_MODEL) not in models


def _all_targets(scope: Scope) -> set[str]:
    """Names of the ids of all models which the closure has."""
    return scope.once(
        "references.targets",
        lambda: {_MODEL + model.replace(".", "_") for addon in scope.addons for model in addon.parts},
    )


def _tells_models(addon: AddonFacts) -> bool:
    """Whether all its Python was read, and each class that is named as a model has a name that is known."""
    if any(problem.kind == "syntax" for result in addon.files for problem in result.problems):
        return False
    named = ("_name", "_inherit")
    return all(
        part.klass.is_model or not any(name in part.klass.attr_spans for name in named)
        for part in addon.classes()
    )


def placed(addon: AddonFacts, xmlid: str) -> list[PlacedRecord]:
    """The records of an addon with that id."""
    return addon.records.get(xmlid, [])


def exists(scope: Scope, xmlid: str) -> bool:
    """Whether an addon of the closure declares the id, mostly the one whose name it bears."""
    owner = scope.visible(xmlid.partition(".")[0])
    if owner is not None and (xmlid in owner.records or xmlid in owner.views):
        return True
    parent = _PARENT.sub("", xmlid)
    if parent != xmlid and exists(scope, parent):
        return True
    return any(xmlid in addon.records or xmlid in addon.views for addon in scope.addons if addon is not owner)
