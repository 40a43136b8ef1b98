"""What the index of Odoo's core holds beside what manifests list: templates of the browser, scenarios."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from odoo_debt_lint.core.build import build, source_files
from odoo_debt_lint.core.locate import locate
from odoo_debt_lint.core.store import CoreIndex
from odoo_debt_lint.facts import STATIC

WEB = {
    "__manifest__.py": "{'name': 'Web', 'depends': ['base'], 'data': []}",
    "static/src/navbar.xml": """<templates>
    <t t-name="web.NavBar">
        <nav class="o_navbar" title="Confidential title"><!-- confidential -->Confidential</nav>
    </t>
    <t t-name="Legacy"><div/></t>
    <t t-name="web.NavBar" t-inherit="web.NavBar" t-inherit-mode="extension">
        <xpath expr="//nav" position="inside"><i/></xpath>
    </t>
    <t t-extend="Legacy"><t t-jquery="div" t-operation="append"><b/></t></t>
</templates>""",
    "static/lib/other.xml": '<templates><t t-name="web.Library"><div/></t></templates>',
    "static/tests/mock.xml": '<templates><t t-name="web.Mock"><div/></t></templates>',
    "data/scenarios/shop.xml": """<odoo><record id="category_shop" model="res.partner.category">
    <field name="name">Confidential</field></record>
    <record id="shop_form" model="ir.ui.view"><field name="arch" type="xml"><form/></field></record>
</odoo>""",
    "models/shop.py": """
class Shop(models.Model):
    _name = "web.shop"

    def load(self, record):
        name = "web.shop_main"
        self.env["ir.model.data"]._update_xmlids([{"xml_id": self._suffixed(name), "record": record}])
""",
}


def tree_of(root: Path, series: str) -> Path:
    files = {
        "odoo/release.py": f"version_info = ({series.partition('.')[0]}, 0, 0, FINAL, 0, '')\n",
        "odoo/models.py": "class BaseModel:\n    def write(self, vals):\n        return True\n",
        "odoo/addons/base/__manifest__.py": "{'name': 'Base'}",
        **{f"addons/web/{name}": text for name, text in WEB.items()},
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def index_of(folder: Path, series: str) -> CoreIndex:
    path = folder / f"{series}.zip"
    build(locate([tree_of(folder / "odoo-src", series)]), path, jobs=1)
    return CoreIndex(path)


@pytest.mark.parametrize(("series", "legacy"), [("17.0", "web.Legacy"), ("18.0", "Legacy")])
def test_templates_have_entries_of_their_own(tmp_path: Path, series: str, legacy: str) -> None:
    web = index_of(tmp_path, series).addon("web")
    assert web is not None
    templates = {view.xmlid: view for view in web.templates}  # type: ignore[attr-defined]
    named = {name.removesuffix(STATIC) for name in templates if "#" not in name}
    assert named == {"web.NavBar", legacy}
    assert not any(xmlid.endswith(STATIC) for xmlid in web.views)
    bar = templates[f"web.NavBar{STATIC}"]
    assert bar.arch == '<t t-name="web.NavBar"><nav class="o_navbar" title="~"/></t>'
    changes = [view for view in templates.values() if view.inherit]
    assert [(view.inherit, view.mode, bool(view.specs)) for view in changes] == [
        (f"web.NavBar{STATIC}", "", True),
        (f"Legacy{STATIC}", "", False),
    ]


def test_no_text_of_a_template_is_kept(tmp_path: Path) -> None:
    index = index_of(tmp_path, "17.0")
    content = b"".join(index._read(name) for name in ("web", f"web{STATIC}"))
    assert b"onfidential" not in content


def test_ids_of_files_and_code_that_no_manifest_lists(tmp_path: Path) -> None:
    web = index_of(tmp_path, "17.0").addon("web")
    assert web is not None
    assert {"web.category_shop", "web.shop_form", "web.shop_main"} <= set(web.records)
    assert not web.views
    assert not any(placed.record.values for placed in web.records["web.category_shop"])


def test_templates_count_for_the_stamp_of_a_tree(tmp_path: Path) -> None:
    tree = locate([tree_of(tmp_path, "17.0")])
    names = {Path(path).name for path in source_files(tree)}
    assert {"navbar.xml", "shop.xml"} <= names
    assert not {"other.xml", "mock.xml"} & names


def test_an_index_without_templates_is_read(tmp_path: Path) -> None:
    index_of(tmp_path, "17.0")
    older = tmp_path / "older.zip"
    with zipfile.ZipFile(tmp_path / "17.0.zip") as old, zipfile.ZipFile(older, "w") as new:
        for name in old.namelist():
            if not name.endswith(STATIC):
                new.writestr(old.getinfo(name), old.read(name))
    web = CoreIndex(older).addon("web")
    assert web is not None
    assert web.templates == ()  # type: ignore[attr-defined]
