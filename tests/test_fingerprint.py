"""Identities of findings: the same after edits elsewhere, never the same for two."""

from __future__ import annotations

from collections.abc import Callable

from report_data import finding

from odoo_debt_lint.finding import Finding, Location, Span
from odoo_debt_lint.fingerprint import fingerprinted

FOLDERS = {"shop": "addons/shop"}
PATH = "addons/shop/models/sale.py"


def at(line: int, **changes: object) -> Finding:
    return finding(location=Location(PATH, Span(line, 4, line, 9)), **changes)


def identities(
    *findings: Finding,
    text: Callable[[str, int], str] = lambda path, line: "cr.execute(q)",
    folders: dict[str, str] | None = None,
) -> list[str]:
    return [item.fingerprint for item in fingerprinted(findings, text, folders or FOLDERS)]


def test_moved_and_reindented_lines_keep_it() -> None:
    before = identities(at(5))
    assert before == identities(at(50))
    assert before == identities(at(5), text=lambda path, line: "    cr.execute( q )  ")


def test_folder_around_the_addon_does_not_matter() -> None:
    moved = finding(location=Location("custom/shop/models/sale.py", Span(5, 4, 5, 9)))
    assert identities(at(5)) == identities(moved, folders={"shop": "custom/shop"})


def test_what_makes_another_finding() -> None:
    different = [
        at(5),
        at(5, rule="debug-leftover"),
        at(5, entity="sale.order.write"),
        at(5, addon="other"),
        finding(location=Location("addons/shop/models/a.py", Span(5, 4, 5, 9))),
    ]
    assert len(set(identities(*different))) == len(different)
    assert identities(at(5)) != identities(at(5), text=lambda path, line: "cr.execute(p)")


def test_equal_lines_are_numbered() -> None:
    first, second = identities(at(5), at(9))
    assert first != second
    assert identities(at(7))[0] == first


def test_text_that_is_half_a_character() -> None:
    assert len(identities(at(5), text=lambda path, line: "'\ud800'")[0]) == 32
