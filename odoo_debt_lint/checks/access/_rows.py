"""What the access rules share: access rows, record rules, and to whom they belong, from csv and XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from odoo_debt_lint.checks.references._xmlids import loaded_files
from odoo_debt_lint.facts import RecordFact, ValueFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import AddonFacts, Part, PlacedRecord, Scope

ACCESS_MODELS = ("ir.model.access", "ir.access")
EVERYBODY = ""
OUTSIDE = {"base.group_public": "the public user", "base.group_portal": "portal users"}
_OPERATIONS = {"c": "create", "r": "read", "u": "write", "d": "unlink"}
_PERMISSIONS = ("read", "write", "create", "unlink")
_FALSE = frozenset({"", "0", "false", "no", "none", "off", "f", "0.0"})
_LOADER = re.compile(r"\bconvert(_(file|xml_import|csv_import))?$")
_REF = re.compile(r"\bref\(\s*['\"]([\w.-]+)['\"]")
_TAKEN = re.compile(r"(?:[(\[]\s*[23]\s*,|\b(?:unlink|delete)\()\s*(?:\w+\.)*ref\([^)]*\)")
"""References which a command takes away."""
_SEARCH = re.compile(r"['\"]model['\"]\s*,\s*['\"]=['\"]\s*,\s*['\"]([\w.]+)['\"]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row that grants rights. ``target`` is the model's XML id without addon (``model_sale_order``),
    ``group`` a full XML id, ``""`` for everybody, None when it is not known."""

    placed: PlacedRecord
    target: str
    group: str | None
    grants: frozenset[str]

    @property
    def location(self) -> Location:
        return Location(self.placed.path, self.placed.record.span)

    @property
    def rights(self) -> str:
        return ", ".join(name for name in _PERMISSIONS if name in self.grants)

    @property
    def who(self) -> str:
        return "everybody" if self.group == EVERYBODY else OUTSIDE.get(self.group or "", str(self.group))


def target_of(model: str) -> str:
    """Name of the XML id which Odoo gives a model."""
    return "model_" + model.replace(".", "_")


def only_for_tests(scope: Scope, row: Row) -> bool:
    """Whether it is about a model of an addon of tests, which nobody installs: ``test_queue_job``."""
    addon = scope.addon
    if not addon.name.startswith("test_") or not any(name.startswith("tests/test_") for name in addon.names):
        return False
    return any(target_of(model) == row.target for model in addon.parts)


def model_named(scope: Scope, target: str) -> str:
    """The model behind such an XML id, or the id itself."""
    names = (model for addon in reversed(scope.addons) for model in addon.parts)
    return next((model for model in names if target_of(model) == target), target or "a model")


def is_new_model(scope: Scope, part: Part) -> bool:
    """Whether a class brings a model into being that no addon below has."""
    klass = part.klass
    if not klass.is_model or not klass.defines or klass.attrs.get("_abstract") is True:
        return False
    if "_inherit" in klass.attr_spans and not klass.inherit:
        # no literal: it may well be an extension
        return False
    return not any(other.addon != part.addon and other.klass.defines for other in scope.parts(klass.model))


def transients(scope: Scope) -> frozenset[str]:
    """Targets of the transient models: of their records everybody has only the own ones."""
    return frozenset(target_of(model) for addon in scope.addons for model in addon.transients)


def is_abstract(scope: Scope, target: str) -> bool:
    """Whether the model behind such an XML id has no records to which a row could give access."""
    kinds = {part.klass.kind for part in scope.parts(model_named(scope, target)) if part.klass.defines}
    return kinds == {"abstract"}


def column(record: RecordFact, name: str) -> ValueFact | None:
    """The value of a many2one, by field in XML or by ``name:id``, ``name/id``, ``name`` in csv."""
    for key in (f"{name}:id", f"{name}/id", name):
        value = record.value(key)
        if value is not None:
            return value
    return None


def is_true(value: ValueFact | None) -> bool:
    return value is not None and value.value.strip().lower() not in _FALSE


def refs(value: ValueFact, addon: str) -> tuple[str, ...]:
    """Full XML ids to which a value refers."""
    if value.kind == "eval":
        found = _REF.findall(_TAKEN.sub("", value.value))
    elif value.kind in ("ref", "text"):
        found = [part.strip() for part in value.value.split(",")]
    else:
        found = []
    return tuple(name if "." in name else f"{addon}.{name}" for name in found if name)


def target(record: RecordFact, addon: str) -> str:
    """The model to which a row or rule belongs, as ``target_of`` names it; empty when it is not known."""
    value = column(record, "model_id")
    if value is None:
        return ""
    if value.kind == "search":
        match = _SEARCH.search(value.value)
        return target_of(match[1]) if match else ""
    if value.kind == "text" and value.name == "model_id":
        # no reference: the name of the model itself
        return target_of(value.value) if value.value else ""
    found = refs(value, addon)
    return found[0].partition(".")[2] if found else ""


def rows(scope: Scope, addon: AddonFacts, wanted: str = "") -> Iterator[Row]:
    """Every row of an addon's data that grants something; of one model only, if its target is ``wanted``."""
    for placed in loaded(addon, *ACCESS_MODELS):
        record = placed.record
        of = target(record, addon.name)
        if wanted and of != wanted:
            continue
        active = record.value("active")
        if active is not None and not is_true(active):
            continue
        grants = _granted(record)
        group = _group(scope, placed)
        if record.model == "ir.access" and group == EVERYBODY:
            # from 20.0 a row without a group restricts everybody and grants nothing
            continue
        if grants:
            yield Row(placed, of, group, grants)


def records(addon: AddonFacts, *models: str) -> Iterator[PlacedRecord]:
    """The addon's records of some models, in file order."""
    found = [item for model in models for item in addon.by_model.get(model, ())]
    yield from sorted(found, key=lambda item: (item.path, item.record.span))


_DATA = frozenset({"data", "init_xml", "update_xml"})


def loaded(addon: AddonFacts, *models: str) -> Iterator[PlacedRecord]:
    """Those of files which the manifest lists; where it has no such list, or code may load others, all."""
    found = list(records(addon, *models))
    manifest = addon.manifest
    if found and not addon.core and not manifest.problem and _DATA & manifest.keys.keys():
        listed = loaded_files(addon)
        if any(item.path not in listed for item in found) and not _loads_itself(addon):
            found = [item for item in found if item.path in listed]
    yield from found


def _loads_itself(addon: AddonFacts) -> bool:
    return any(
        _LOADER.search(item.target)
        for result in addon.files
        if result.python is not None and result.role in ("code", "hook")
        for item in result.python.imports
    )


def _granted(record: RecordFact) -> frozenset[str]:
    if record.model == "ir.access":
        operation = record.value("operation")
        letters = operation.value.strip("'\"") if operation is not None else ""
        return frozenset(_OPERATIONS[letter] for letter in letters if letter in _OPERATIONS)
    return frozenset(name for name in _PERMISSIONS if is_true(record.value(f"perm_{name}")))


def _group(scope: Scope, placed: PlacedRecord) -> str | None:
    value = column(placed.record, "group_id")
    if value is not None:
        if value.value.strip().lower() in _FALSE:
            return EVERYBODY
        found = refs(value, placed.addon)
        return found[0] if found else None
    if placed.record.tag == "csv":
        # by a database id (group_id/.id) or another column of the group
        told = any(item.name.startswith("group_id") and item.value.strip() for item in placed.record.values)
        return None if told else EVERYBODY
    return _known_group(scope, placed)


def _known_group(scope: Scope, placed: PlacedRecord) -> str | None:
    """The group of a record that says none: it may be an update of a row that has one."""
    xmlid = placed.record.xmlid
    for other in scope.records(xmlid) if xmlid else ():
        value = column(other.record, "group_id")
        if other is not placed and value is not None:
            return (refs(value, other.addon) or (EVERYBODY,))[0]
    own = xmlid.partition(".")[0] in ("", placed.addon)
    return EVERYBODY if own else None


def is_demo(addon: AddonFacts, path: str) -> bool:
    """Whether a data file is only loaded with the demonstration data."""
    inside = addon.inside(path)
    if inside in addon.manifest.items("data"):
        return False
    return inside in addon.manifest.items("demo") or "demo" in inside.split("/")[:-1]
