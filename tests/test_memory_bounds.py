"""What is kept in memory is bounded, and the bounds change nothing of what is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_cli import make_addon

from odoo_debt_lint.facts import ViewFact
from odoo_debt_lint.finding import Finding
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings
from odoo_debt_lint.xml import combine, entries
from odoo_debt_lint.xml.entries import Entry, Shelf

VIEWS = 12


def entry(number: int, arch: str, shelf: Shelf) -> Entry:
    return Entry("shop", 0, "views.xml", ViewFact(f"shop.v{number}", arch=arch), number, shelf)


def test_oldest_trees_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MAX_KEPT", 25)
    shelf = Shelf()
    views = [entry(number, f"<form n='{number}'/>", shelf) for number in range(4)]
    trees = [view.tree for view in views]
    assert views[3].tree is trees[3]
    assert views[0].tree is not trees[0]  # another tree of the same arch
    assert views[0].tree.get("n") == "0"


def test_views_without_arch_take_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MAX_KEPT", 25)
    shelf = Shelf()
    first = entry(0, "<form n='0'/>", shelf)
    tree = first.tree
    assert [entry(number, "", shelf).tree for number in range(1, 100)] == [None] * 99
    assert first.tree is tree


def view(number: int, body: str) -> str:
    return f'<record id="v{number}" model="ir.ui.view"><field name="model">res.partner</field>{body}</record>'


def addon(folder: Path, name: str, views: str, depends: str = "base") -> None:
    manifest = (
        f"{{'name': 'Shop', 'version': '16.0.1.0.0', 'license': 'AGPL-3', "
        f"'depends': ['{depends}'], 'data': ['views.xml']}}"
    )
    make_addon(folder, name, {"__manifest__.py": manifest, "views.xml": f"<odoo>{views}</odoo>"})


def addons(folder: Path) -> None:
    """One addon with many forms; two others that extend each, one of them takes away what the other needs."""
    forms = (
        view(number, f'<field name="arch" type="xml"><form><field name="f{number}"/></form></field>')
        for number in range(VIEWS)
    )
    addon(folder, "shop", "".join(forms))
    for name, position in (("shop_a", "replace"), ("shop_b", "after")):
        more = (
            view(
                number,
                f'<field name="inherit_id" ref="shop.v{number}"/><field name="arch" type="xml">'
                f'<xpath expr="//field[@name=\'f{number}\']" position="{position}"/></field>',
            )
            for number in range(VIEWS)
        )
        addon(folder, name, "".join(more), "shop")


def found(folder: Path) -> list[Finding]:
    return run([str(folder)], Settings(cache=False, select=("views",), jobs=1)).findings


def test_same_findings_within_narrow_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    addons(tmp_path)
    before = found(tmp_path)
    assert {"view-node-replaced", "view-anchor-conflict"} & {finding.rule for finding in before}
    monkeypatch.setattr(entries, "MAX_KEPT", 1)
    monkeypatch.setattr(combine, "MAX_TREES", 1)
    assert found(tmp_path) == before
