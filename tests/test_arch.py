"""Inheriting archs are applied as Odoo applies them."""

from __future__ import annotations

import pytest
from lxml import etree

from odoo_debt_lint.facts import ViewFact
from odoo_debt_lint.xml.arch import BY, Application, Invalid, TooLarge, find, owner
from odoo_debt_lint.xml.document import XmlFile
from odoo_debt_lint.xml.entries import parse
from odoo_debt_lint.xml.views import specs
from odoo_debt_lint.xml.xpath_form import form

BASE = '<form><h/><group name="g"><field name="a" class="x y"/><field name="b"/></group><f/></form>'


def view(arch: str, xmlid: str = "shop.v") -> ViewFact:
    return ViewFact(xmlid, arch=arch, record="ir.ui.view")


def applied(spec: str, base: str = BASE) -> str:
    """The base with one spec applied, without our marks."""
    work = Application(parse(view(base), "shop"), parse(view(spec), "more"), "more")
    tree = work.run()
    for node in tree.iter():
        node.attrib.pop(BY, None)
    return etree.tostring(tree, encoding="unicode")


FIELD = '<field name="a" class="x y"/>'


@pytest.mark.parametrize(
    ("spec", "old", "new"),
    [
        ('<field name="a" position="before"><n/></field>', FIELD, f"<n/>{FIELD}"),
        ('<field name="a" position="after"><n/><m/></field>', FIELD, f"{FIELD}<n/><m/>"),
        ('<group name="g" position="inside"><n/></group>', "</group>", "<n/></group>"),
        ('<group name="g"><n/></group>', "</group>", "<n/></group>"),
        ('<xpath expr="//field[@name=\'a\']" position="replace"><n/></xpath>', FIELD, "<n/>"),
        ('<field name="a" position="replace"/>', FIELD, ""),
        ('<field name="a" position="replace"><n>$0</n></field>', FIELD, f"<n>{FIELD}</n>"),
        (
            '<xpath expr="//group" position="replace" mode="inner"><n/></xpath>',
            f'{FIELD}<field name="b"/>',
            "<n/>",
        ),
        ('<f position="inside"><field name="b" position="move"/></f>', '<field name="b"/></group><f/>',
         '</group><f><field name="b"/></f>'),
        ('<data><f position="replace"/><h position="inside"><n/></h></data>', "<h/>", "<h><n/></h>"),
        ('<xpath expr="//field[hasclass(\'y\')]" position="replace"/>', FIELD, ""),
    ],
)  # fmt: skip
def test_positions(spec: str, old: str, new: str) -> None:
    wanted = BASE.replace(old, new, 1)
    if "<data>" in spec:
        wanted = wanted.replace("<f/>", "")
    assert applied(spec) == wanted


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ('<attribute name="class">z</attribute>', "z"),
        ('<attribute name="class" add="z" remove="x" separator=" "/>', "y z"),
        ('<attribute name="class"/>', None),
        ('<attribute name="invisible" add="b" separator="or"/>', "x y"),
    ],
)
def test_attributes(change: str, value: str | None) -> None:
    tree = etree.fromstring(applied(f'<field name="a" position="attributes">{change}</field>'))
    assert tree.find(".//field").get("class") == value


@pytest.mark.parametrize("name", ["", "a b", "-1", "{}", "xlink:href"])
def test_what_can_be_no_attribute_is_passed_over(name: str) -> None:
    change = f'<attribute name="{name}">x</attribute><attribute name="string">y</attribute>'
    tree = etree.fromstring(applied(f'<field name="a" position="attributes">{change}</field>'))
    assert [node.get("string") for node in tree.iter("field") if node.get("name") == "a"] == ["y"]


def test_the_root_can_be_replaced() -> None:
    assert applied('<form position="replace"><tree/></form>') == "<tree/>"
    assert applied('<form position="after"><n/></form>') == BASE


def test_nodes_know_who_put_them_there() -> None:
    work = Application(
        parse(view(BASE), "shop"), parse(view('<h position="after"><n><m/></n></h>'), "a"), "more"
    )
    tree = work.run()
    assert owner(tree.find(".//m")) == "more"
    assert owner(tree.find(".//field")) == ""


def test_specs_that_find_nothing_are_passed_over() -> None:
    arch = '<data><gone position="after"><n/></gone><h position="after"><n/></h></data>'
    work = Application(parse(view(BASE), "shop"), parse(view(arch), "more"), "more")
    assert work.run().find("n") is not None
    assert work.failed


@pytest.mark.parametrize("position", ["inside", "before", "after", "replace"])
@pytest.mark.parametrize("target", ["//field[@name='a']", "//group"])
def test_nothing_moves_into_itself(target: str, position: str) -> None:
    spec = f'<xpath expr="{target}" position="{position}"><xpath expr="//group" position="move"/><n/></xpath>'
    assert "<n/>" in applied(spec)


@pytest.mark.parametrize("expr", ["//field[", "count(//field)", "//field[nosuch()]", "//field/@name"])
def test_invalid_expressions(expr: str) -> None:
    with pytest.raises(Invalid):
        find(parse(view(BASE), "shop"), etree.Element("xpath", expr=expr))


def test_bounds() -> None:
    with pytest.raises(TooLarge):
        find(parse(view(BASE), "shop"), etree.Element("xpath", expr="//*" * 9))
    wide = parse(view("<form>" + "<a/>" * 1000 + "</form>"), "shop")
    with pytest.raises(TooLarge):
        find(wide, etree.Element("xpath", expr="//*[//*[//*[//*]]]"))
    assert find(wide, etree.Element("xpath", expr="//form//a"))
    bomb = parse(view('<xpath expr="." position="replace"><n>' + "<m>$0</m>" * 10 + "</n></xpath>"), "m")

    def grow() -> None:
        tree = parse(view(BASE), "shop")
        for _ in range(8):
            tree = Application(tree, bomb, "m").run()

    with pytest.raises(TooLarge):
        grow()


def test_templates_and_records_get_what_odoo_gives_them() -> None:
    tree = parse(ViewFact("shop.page", arch='<template id="page"><b/></template>'), "shop")
    assert (tree.tag, dict(tree.attrib)) == ("t", {"t-name": "shop.page"})
    one = parse(view('<form><button name="%(act)d"/></form>'), "shop")
    two = parse(view('<form><button name="%(shop.act)d"/></form>'), "more")
    assert one[0].get("name") == two[0].get("name")
    assert one[0].get("name").isdigit()


def test_no_entity_is_expanded() -> None:
    assert (
        parse(view('<!DOCTYPE f [<!ENTITY e SYSTEM "file:///etc/passwd">]><f>&e;</f>'), "shop").text is None
    )


@pytest.mark.parametrize(
    ("expr", "kind"),
    [
        ("//field[@name='a']", ""),
        ("//group[@name='g'][2]", "position"),
        ("//field[@name='a']/preceding-sibling::field", "position"),
        ("//field[@name='a']/ancestor::div[1]", "nearest"),
        ("(//button | //a)[last()]", "position"),
        ("/form/sheet/group[2]/field", "absolute"),
        ("./sheet/group/field", "absolute"),
        (".//field[@name='a']", ""),
        ("/form", ""),
        ("//page[@string='x'][1]", "label"),
        ("//div[@class='x']", "class"),
        ("//div[hasclass('x')]", ""),
        ("//sheet/group", "tag"),
        ("//field[@name='a']/tree", ""),
        ("//not closed[", ""),
    ],
)
def test_forms_of_expressions(expr: str, kind: str) -> None:
    assert form(expr) == kind


def test_a_comment_takes_no_place() -> None:
    arch = b"""<data><field name="x" position="replace"><!-- gone --></field>
        <field name="y" position="replace"><!-- other --><field name="z"/></field></data>"""
    file = XmlFile("view.xml", arch)
    assert [spec.keeps for spec in specs(file, [file.root])] == ["removed", ""]
