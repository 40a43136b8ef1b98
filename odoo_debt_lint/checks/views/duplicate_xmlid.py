"""XML id that one addon gives to two records.

## What it does
Reports the second record of an id in the data files that the manifest lists, csv files included.

## Why is this bad
The second one does not add a record, it overwrites the first. With two models Odoo stops the installation.

## How to fix
Give the second record an id of its own, or delete one of the two.

## Not reported
A record of the data and one of the demo data; a record that completes an earlier one and changes nothing of
it, in demo data also one that changes some of it; a pair of which only one is under `noupdate`; ids which a
function gave to a record (`_update_xmlids`), and those of other addons, which are updates on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator

from odoo_debt_lint.facts import RecordFact
from odoo_debt_lint.finding import Location
from odoo_debt_lint.index import Scope
from odoo_debt_lint.rule import Block, Hit, Hits, OnAddon, Rule, Severity
from odoo_debt_lint.xml.families import loaded
from odoo_debt_lint.xml.records import BROKEN

_DEMO = ("demo", "demo_xml")


def check(scope: Scope) -> Hits:
    first: dict[tuple[bool, str], tuple[str, RecordFact]] = {}
    for demo, path, record in _records(scope):
        known = first.setdefault((demo, record.xmlid), (path, record))
        if known[1] is record or not _clash(known[1], record):
            continue
        if not demo or _is_whole(known[1], record):
            place = Location(known[0], known[1].span, "first declared here")
            yield Hit(
                Location(path, record.span),
                f"{record.xmlid} is declared a second time: this record overwrites the first",
                related=(place,),
                entity=record.xmlid,
            )


def _records(scope: Scope) -> Iterator[tuple[bool, str, RecordFact]]:
    """The addon's own records in the order of loading, and whether they are demo data."""
    demo = {item for key in _DEMO for item in scope.addon.manifest.items(key)}
    for result in loaded(scope.addon):
        if result.data is not None and result.role in ("data", "demo"):
            for record in result.data.records:
                owner, _, name = record.xmlid.partition(".")
                if owner == scope.addon.name and name and record.tag not in ("function", BROKEN):
                    yield scope.addon.inside(result.path) in demo, result.path, record


def _clash(first: RecordFact, second: RecordFact) -> bool:
    """Whether the second record takes something away from the first, or says nothing new at all."""
    if first.model != second.model:
        return True
    if first.noupdate != second.noupdate:
        return False
    if "template" in (first.tag, second.tag):
        return first.tag == second.tag or any(
            value.name == "arch" for value in (*first.values, *second.values)
        )
    before = {value.name: (value.kind, value.value) for value in first.values}
    after = {value.name: (value.kind, value.value) for value in second.values}
    again = before.keys() & after.keys()
    changed = any(before[name] != after[name] or after[name][0] == "xml" for name in again)
    return changed or (bool(again) and after.keys() <= before.keys())


def _is_whole(first: RecordFact, second: RecordFact) -> bool:
    """Whether the second record gives all that the first does. Demo data, which tells a story, goes back to
    a record to change some of it."""
    names = {value.name for value in second.values}
    return first.model != second.model or all(value.name in names for value in first.values)


RULE = Rule(
    severity=Severity.HIGH,
    block=Block.CODE,
    minutes=15,
    listeners=(OnAddon(check, bodies="none"),),
)
