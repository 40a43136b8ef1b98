"""Data file that is not well-formed XML.

## What it does
Reports an XML file which the parser refuses, at the place where it gave up: data files, and those with
templates of the browser.

## Why is this bad
Odoo stops the installation or the update of the addon at this file. With a template of the browser it is the
web client that does not start. A file that no list of the manifest names only misleads who reads it: low
severity.

## How to fix
Close what is open, escape `&` and `<`, and declare the encoding the file really has.

## Not reported
Files below `tests/`: they are read by tests, and some are broken on purpose. Other files of `static/`, and
what is in `static/lib/`.
"""

from __future__ import annotations

import posixpath

from odoo_debt_lint.checks.structure._imports import files_by_name
from odoo_debt_lint.facts import FileResult, ManifestFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity, Span


def check(scope: Scope) -> Hits:
    for name, result in files_by_name(scope.addon).items():
        for problem in result.problems:
            if problem.kind != "xml" or "/tests/" in f"/{name}":
                continue
            place = Span(problem.line, problem.column, problem.line, problem.column + 1)
            yield Hit(
                Location(problem.path, place),
                f"XML does not parse: {problem.message}",
                severity=Severity.LOW if _is_idle(scope.addon.manifest, name, result) else None,
            )


def _is_idle(manifest: ManifestFact, name: str, result: FileResult) -> bool:
    """Whether no list of the manifest names a data file."""
    if result.role != "data" or manifest.problem:
        return False
    return name not in {posixpath.normpath(path) for items in manifest.lists.values() for path, _ in items}


RULE = Rule(
    severity=Severity.CRITICAL,
    block=Block.CODE,
    minutes=30,
    listeners=(OnAddon(check, bodies="none", data="closure"),),
)
