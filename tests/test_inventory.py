"""The inventory: classes with their reasons, figures per addon, dependents, and its three forms."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from odoo_debt_lint.addons.loc import count_lines, counts, excluding
from odoo_debt_lint.facts import ManifestFact
from odoo_debt_lint.index import AddonFacts
from odoo_debt_lint.inventory import graph, render
from odoo_debt_lint.inventory.classify import classify
from odoo_debt_lint.inventory.collect import Inventory
from odoo_debt_lint.run import survey
from odoo_debt_lint.settings import Settings


@pytest.mark.parametrize(
    ("name", "series", "author", "licence", "kind"),
    [
        ("sale", "16.0", "", "LGPL-3", "Odoo CE"),
        ("sale", "16.0", "Odoo S.A.", "LGPL-3", "Odoo CE"),
        ("sale", "16.0", "Acme", "LGPL-3", "third party"),
        ("account_accountant", "16.0", "", "OEEL-1", "Odoo EE"),
        ("studio_thing", "16.0", "Odoo", "OEEL-1", "Odoo EE"),
        ("queue_job", "16.0", "Camptocamp,Odoo Community Association (OCA)", "LGPL-3", "OCA"),
        ("shop", "16.0", "Us Ltd, Odoo Community Association (OCA)", "AGPL-3", "own"),
        ("shop", "", "Somebody", "OPL-1", "third party"),
        ("shop", "16.0", "", "", "third party"),
    ],
)
def test_class_and_reason(name: str, series: str, author: str, licence: str, kind: str) -> None:
    manifest = ManifestFact(f"{name}/__manifest__.py", author=author, license=licence)
    origin = classify(AddonFacts(name, name, series, manifest), ("Us Ltd",))
    assert origin.kind == kind
    assert origin.reason


FILES = {
    "base_shop/__manifest__.py": """
{"name": "B", "version": "16.0.1.0.0", "depends": ["base"], "author": "=Us"}
""",
    "base_shop/__init__.py": "from . import models",
    "base_shop/models.py": """\
'''Doc
over
lines.'''
from odoo import fields, models


class Shop(models.Model):
    _name = "shop"
    _description = "Shop"

    name = fields.Char()  # comment
""",
    "base_shop/views.xml": "<odoo>\n  <!-- not\n  counted -->\n\n  <record id='a' model='shop'/>\n</odoo>\n",
    "base_shop/demo/demo.xml": "<odoo>\n</odoo>\n",
    "base_shop/static/src/a.js": "// comment\nlet a = 1; /* more */\n",
    "base_shop/static/lib/b.js": "let b = 1;\n",
    "base_shop/tests/__init__.py": "from . import test_shop\n",
    "base_shop/tests/test_shop.py": """\
from odoo.tests import TransactionCase


class TestShop(TransactionCase):
    def test_it(self):
        self.assertTrue(self.env)
""",
    "shop_more/__manifest__.py": """
{
    "name": "M",
    "version": "16.0.1.0.0",
    "depends": ["base_shop"],
    "external_dependencies": {"python": ["lxml"]},
    "demo": ["data/more.xml"],
}
""",
    "shop_more/__init__.py": "from . import models",
    "shop_more/models.py": """\
from odoo import fields, models


class Shop(models.Model):
    _inherit = "shop"

    more = fields.Char()


class Partner(models.Model):
    _inherit = "res.partner"

    shop_id = fields.Many2one("shop")

    def write(self, vals):
        return super().write(vals)
""",
    "shop_more/data/more.xml": "<odoo>\n</odoo>\n",
}


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return survey([str(tmp_path)], Settings(cache=False), lambda done, total: None)


def test_figures(inventory: Inventory) -> None:
    first, second = inventory.entries
    assert dict(first.lines) == {"javascript": 1, "python": 7, "xml": 5}
    assert (first.test_methods, first.test_lines) == (1, 5)
    assert (first.defined, first.extended, first.dependents) == (("shop",), (), ("shop_more",))
    assert (second.defined, second.extended) == ((), ("res.partner", "shop"))
    assert second.core_fields == 1
    assert dict(second.lines) == {"python": 10}
    assert (second.packages, second.dependents) == (("lxml",), ())
    assert inventory.heat == (("res.partner", 1, ("shop_more",)),)


def test_forms_agree(inventory: Inventory) -> None:
    rows = list(csv.DictReader(io.StringIO(render.as_csv(inventory))))
    data = json.loads(render.as_json(inventory))
    assert (
        [row["addon"] for row in rows]
        == [row["addon"] for row in data["addons"]]
        == ["base_shop", "shop_more"]
    )
    assert [int(row["lines"]) for row in rows] == [entry.loc for entry in inventory.entries]
    assert rows[0]["author"] == "'=Us"
    assert "2 addon(s)" in render.as_text(inventory)


@pytest.mark.parametrize("author", ["=1+1", " =1+1", "\n@SUM(A1)", "\uff1d1"])
def test_no_cell_is_a_formula(inventory: Inventory, author: str) -> None:
    entry = msgspec.structs.replace(inventory.entries[0], author=author)
    [row] = csv.DictReader(io.StringIO(render.as_csv(Inventory((entry,)))))
    assert row["author"] == "'" + author.replace("\n", " ")


def test_graph_is_well_formed_and_names_all(inventory: Inventory) -> None:
    root = ElementTree.fromstring(graph.as_svg(inventory))
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["base_shop", "shop_more"]
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == 1


def test_what_counts() -> None:
    assert counts("models/a.py")
    assert not counts("__manifest__.py")
    assert not counts("tests/test_a.py")
    assert not counts("static/lib/x/a.js")
    assert not counts("static/description/icon.svg")
    left_out = excluding(["data/**/*", "models/a.py", "wizard/*.py"])
    assert [left_out(p) for p in ("data/x/y.xml", "models/a.py", "wizard/b.py", "wizard/c/d.py")] == [
        1,
        1,
        1,
        0,
    ]


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        ("a.css", "a { }\n/* one\n two */\nb { }\n", 2),
        ("a.scss", "// one\na { b: 'http://x'; }\n", 1),
        ("a.js", "let a = '// no comment';\n\n\n", 1),
        ("a.js", "x" * 100_001, 0),
        ("a.xml", "", 0),
    ],
)
def test_lines_of_other_languages(name: str, text: str, lines: int) -> None:
    assert count_lines(name, text.encode()) == lines


ODOO_NAMES = (
    "base web mail account sale stock purchase product crm project hr website mrp calendar contacts fleet"
).split()


def test_odoos_own_tree_is_its_own_whoever_wrote_an_addon(tmp_path: Path) -> None:
    """Odoo's versions name no series: the tree does; partners wrote some of its addons."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "odoo" / "addons").mkdir(parents=True)
    (tmp_path / "odoo" / "release.py").write_text("version_info = (16, 0, 0, 'final', 0, '')\n")
    for name in [*ODOO_NAMES, "l10n_ar"]:
        place = tmp_path / "addons" / name
        place.mkdir(parents=True)
        author = "ADHOC SA" if name == "l10n_ar" else "Odoo S.A."
        (place / "__manifest__.py").write_text(repr({"name": name, "version": "1.0", "author": author}))
    found = survey([str(tmp_path / "addons")], Settings(cache=False), lambda done, total: None)
    assert {(entry.series, entry.origin.kind) for entry in found.entries} == {("16.0", "Odoo CE")}
