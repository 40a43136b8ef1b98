"""What an addon is called whose folder is a checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from odoo_debt_lint.addons.discovery import discover

_VIEWS = """<odoo>
  <record id="view_order_form" model="ir.ui.view">
    <field name="name">shop.order.form</field>
    <field name="model">shop.order</field>
    <field name="arch" type="xml"><form/></field>
  </record>
  <record id="action_order" model="ir.actions.act_window">
    <field name="name">Orders</field>
    <field name="res_model">shop.order</field>
    <field name="view_id" ref="{name}.view_order_form"/>
  </record>
  <template id="page"><t t-call="{name}.header"/></template>
  <template id="header"><a t-att-href="'%({name}.action_order)d'"/></template>
</odoo>
"""
_CODE = """from odoo import models


class Order(models.Model):
    _name = "shop.order"
    _description = "Order"

    def open(self):
        return self.env["ir.actions.actions"]._for_xml_id("{name}.action_order")
"""


def _write(folder: Path, name: str, depends: str = "base") -> Path:
    (folder / "models").mkdir(parents=True)
    (folder / "views").mkdir()
    manifest = f'{{"name": "Shop", "version": "17.0.1.0.0", "license": "LGPL-3", "depends": ["{depends}"]}}\n'
    (folder / "__manifest__.py").write_text(manifest)
    (folder / "models/order.py").write_text(_CODE.format(name=name))
    (folder / "views/order.xml").write_text(_VIEWS.format(name=name))
    return folder


@pytest.mark.parametrize("checkout", ["odoo-shop", "odoo17.shop", "17-shop"])
def test_a_name_that_no_addon_can_have_gives_way_to_that_of_the_files(tmp_path: Path, checkout: str) -> None:
    found = discover([str(_write(tmp_path / checkout, "web_shop"))])
    assert [addon.name for addon in found.addons] == ["web_shop"]
    assert found.notices == [f"{checkout}: the addon is called web_shop, as in its own files"]


def test_the_folder_of_a_checkout_says_nothing(tmp_path: Path) -> None:
    folder = _write(tmp_path / "review", "web_shop")
    (folder / ".git").mkdir()
    found = discover([str(folder)])
    assert [(addon.name, addon.path) for addon in found.addons] == [("web_shop", ".")]


def test_an_addon_in_a_folder_of_addons_is_called_like_it(tmp_path: Path) -> None:
    """Odoo does so, too: references to another name are errors there."""
    found = discover([str(_write(tmp_path / "addons/review", "web_shop"))])
    assert [addon.name for addon in found.addons] == ["review"]


def test_copies_among_other_addons_keep_their_names(tmp_path: Path) -> None:
    _write(tmp_path / "addons/web_shop", "web_shop")
    _write(tmp_path / "addons/web_shop.old", "web_shop")
    found = discover([str(tmp_path / "addons")])
    assert [addon.name for addon in found.addons] == ["web_shop", "web_shop.old"]


def test_a_checkout_that_is_called_like_its_addon(tmp_path: Path) -> None:
    folder = _write(tmp_path / "web_shop", "web_shop")
    (folder / ".git").mkdir()
    found = discover([str(folder)])
    assert [addon.name for addon in found.addons] == ["web_shop"]
    assert found.notices == []


@pytest.mark.parametrize("owner", ["web_shop", "sale"])
def test_ids_of_the_addons_below_are_often_used_again(tmp_path: Path, owner: str) -> None:
    folder = _write(tmp_path / "odoo-shop", owner, depends="web_shop")
    assert [addon.name for addon in discover([str(folder)]).addons] == ["odoo-shop"]


def test_files_that_tell_nothing(tmp_path: Path) -> None:
    folder = _write(tmp_path / "odoo-shop", "web_shop")
    (folder / "views/order.xml").write_text("<odoo/>")
    assert [addon.name for addon in discover([str(folder)]).addons] == ["odoo-shop"]
