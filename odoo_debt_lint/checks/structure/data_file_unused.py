"""Data file that no manifest lists.

## What it does
Reports XML files with records or views, and csv files named after a model, which are neither in the
manifest nor mentioned by any Python file.

## Why is this bad
Views, access rights or records that seem to be there are not: Odoo never loads the file. It misleads every
reader and is carried through every migration.

## How to fix
List it in `data` or `demo`, or delete it.

## Not reported
Files which Python code names (`convert_file`, hooks, reports), which a record loads with `file=`, chart
templates (`data/template/`), files of tests, migrations, documentation and static folders; QWeb files of
the web client.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from typing import TYPE_CHECKING, Any

from odoo_debt_lint.checks.structure._imports import files_by_name
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.finding import FIRST_LINE, Location
from odoo_debt_lint.index import Index, Scope
from odoo_debt_lint.rule import (
    Block,
    Hit,
    Hits,
    Mark,
    Marks,
    OnAddon,
    OnElement,
    OnModule,
    Rule,
    Severity,
)
from odoo_debt_lint.xml.records import BROKEN

if TYPE_CHECKING:
    from odoo_debt_lint.python.module import PythonFile
    from odoo_debt_lint.xml.document import XmlFile

_NAME = "data-file-unused"
_MENTION = re.compile(r"[\"']([^\"'\n]*\.(?:xml|csv))[\"']")
_HOLE = re.compile(r"%[sd]|%\(\w+\)s|\{[^}]*\}")
_READS = re.compile(r"\bcsv\.(?:Dict)?[rR]eader\(")
_PUT_TOGETHER = re.compile(r"\+\s*[\"']\.csv[\"']|[\"'](?:%s|\{[^}]*\})\.csv[\"']")
"""A csv file is read, and named by what the code is given: ``open(folder / (model + ".csv"))``."""
_FOLDERS = (
    "migrations/",
    "upgrades/",
    "tests/",
    "test/",
    "static/",
    "i18n/",
    "readme/",
    "doc/",
    "docs/",
    "data/template/",
)


def note_python(file: PythonFile) -> Marks:
    """Names of data files in the code, with ``*`` for what is put in later."""
    text = file.text.text
    if ".xml" not in text and ".csv" not in text:
        return
    names = {_HOLE.sub("*", name) for name in _MENTION.findall(text)}
    reads = bool(_READS.search(text) and _PUT_TOGETHER.search(text))
    if names:
        yield Mark(FIRST_LINE, {"names": sorted(names), "reads": reads})


def note_data(root: Any, file: XmlFile) -> Marks:
    """Names of files that fields are filled from."""
    if root is not file.root:
        return
    for element, attributes in file.attributes:
        for name, value in attributes:
            if name == "file" and value.endswith((".xml", ".csv")) and element.tag == "field":
                yield Mark(FIRST_LINE, {"names": [value]})


def check(scope: Scope) -> Hits:
    addon = scope.addon
    manifest = addon.manifest
    if manifest.problem or not manifest.installable:
        return
    listed = {posixpath.normpath(path) for items in manifest.lists.values() for path, _ in items}
    assets = [path.partition("/")[2] for _, path, _ in manifest.assets]
    lent = scope.index.once((_NAME, "lent"), lambda: _lent(scope.index))
    mentions, readers = scope.index.once(_NAME, lambda: _mentions(scope.index))
    read = any(scope.visible(name) is not None for name in readers)
    patterns = {name for _, mark in scope.marks(_NAME) for name in mark.data["names"] if "*" in name}
    for name, result in sorted(files_by_name(addon).items()):
        if name in listed or not _is_data(name, result) or (read and name.endswith(".csv")):
            continue
        if result.path in lent:
            continue
        if posixpath.basename(name) in mentions or any(
            fnmatch.fnmatch(name, pattern) for pattern in (*assets, *patterns)
        ):
            continue
        message = f"{name} is in no list of the manifest: it is never loaded"
        yield Hit(Location(result.path, FIRST_LINE), message)


def _is_data(name: str, result: FileResult) -> bool:
    if result.role not in ("data", "demo") or name.startswith(_FOLDERS) or result.data is None:
        return False
    if name.endswith(".csv"):
        return "." in posixpath.basename(name)[: -len(".csv")] and bool(result.data.records)
    return bool(result.data.views) or any(record.tag != BROKEN for record in result.data.records)


def _lent(index: Index) -> set[str]:
    """Paths of files which the manifests of other addons list, by a way out of their own folder."""
    return {
        posixpath.normpath(posixpath.join(addon.path, item))
        for addon in index.addons.values()
        for items in addon.manifest.lists.values()
        for item, _ in items
        if item.startswith("../")
    }


def _mentions(index: Index) -> tuple[set[str], set[str]]:
    """Base names of data files which some code of the set names, and the addons that read csv files by names
    which they are given."""
    marks = [
        (addon.name, mark.data)
        for addon in index.addons.values()
        for result in addon.files
        for mark in result.marks
        if mark.rule == _NAME
    ]
    names = {posixpath.basename(name) for _, data in marks for name in data["names"]}
    return names, {addon for addon, data in marks if data.get("reads")}


RULE = Rule(
    severity=Severity.LOW,
    block=Block.CODE,
    minutes=10,
    listeners=(OnModule(note_python), OnElement(("odoo", "openerp", "data"), note_data), OnAddon(check)),
    roles=frozenset({"code", "hook", "migration", "script", "test", "data", "demo"}),
    tags=("dead-code",),
)
