"""Edits of XML: places are exact whatever stands between the tags, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from odoo_debt_lint.finding import Confidence, Edit, Finding, Fix, Location, Severity
from odoo_debt_lint.fix import applied, fix
from odoo_debt_lint.migration.view_type import in_list
from odoo_debt_lint.migration.xml_edits import Layout, escaped, layout
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings
from odoo_debt_lint.xml.document import XmlFile

NAMES = st.sampled_from(["a", "field", "tree", "t-x", "b.c"])
VALUES = st.sampled_from(
    ["", "x", "a > b", "it's", "&lt;tree&gt;", "é", "1\n  2", "{'a': [('b', '=', 1)]}", "/>"]
)
BETWEEN = st.sampled_from(
    [
        "",
        " ",
        "\n    ",
        "\r\n\t",
        "text é",
        "<!-- <tree> -->",
        "<![CDATA[ <tree a='1'> ]]>",
        "<?pi <tree> ?>",
        "&amp;",
    ]
)


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    """An element with attributes in all kinds of quotes and blanks, and things that look like tags in it."""
    name = draw(NAMES)
    attributes = ""
    for key in draw(st.lists(st.sampled_from(["name", "attrs", "t-if", "class"]), max_size=3, unique=True)):
        value, quote = draw(VALUES), draw(st.sampled_from("\"'"))
        value = value.replace(quote, "&quot;" if quote == '"' else "&apos;")
        attributes += (
            draw(st.sampled_from([" ", "\n      ", "  "]))
            + f"{key}{draw(st.sampled_from(['=', ' = ']))}{quote}{value}{quote}"
        )
    blank = draw(st.sampled_from(["", " ", "\n"]))
    if draw(st.booleans()) or not depth:
        return f"<{name}{attributes}{blank}/>"
    inner = "".join(draw(BETWEEN) + child for child in draw(st.lists(elements(depth=depth - 1), max_size=3)))
    return f"<{name}{attributes}{blank}>{inner}{draw(BETWEEN)}</{name}{blank}>"


def made(text: str) -> Layout:
    found = layout(XmlFile("x.xml", text.encode()))
    assert found is not None
    return found


def edited(lines: Layout, edits: list[Edit]) -> str:
    finding = Finding("x", Location("x.xml", edits[0].span), "", Severity.LOW, Confidence.HIGH, 1)
    mended = Finding(
        finding.rule, finding.location, "", finding.severity, finding.confidence, 1,
        fix=Fix("", tuple(edits)),
    )  # fmt: skip
    return applied(lines.text.encode(), [mended], "x.xml")[0].decode()


@given(elements())
def test_places_hold_what_the_tree_holds(text: str) -> None:
    lines = made(f"<?xml version='1.0'?>\n<!DOCTYPE odoo>\n<odoo>{text}</odoo>\n")
    for element in lines.file.elements:
        start, stop = lines.extent(element)
        part = etree.fromstring(lines.text[start:stop].encode())
        assert part.tag == element.tag
        assert dict(part.attrib) == dict(element.attrib)
        assert [item.tag for item in part.iter(etree.Element)] == [
            item.tag for item in element.iter(etree.Element)
        ]
        assert [item.name for item in lines.attributes(element)] == list(element.attrib)


@given(elements())
def test_renaming_and_removing_touch_one_thing(text: str) -> None:
    lines = made(f"<odoo>{text}</odoo>")
    element = lines.file.elements[1]
    renamed = edited(lines, lines.renamed(element, "list"))
    tree = etree.fromstring(renamed.encode())
    assert tree[0].tag == "list"
    tree[0].tag = element.tag
    assert etree.tostring(tree) == etree.tostring(lines.file.root)
    for name in element.attrib:
        tree = etree.fromstring(edited(lines, lines.without(element, name)).encode())
        assert name not in tree[0].attrib
        assert len(tree[0].attrib) == len(element.attrib) - 1
        tree = etree.fromstring(edited(lines, lines.valued(element, name, "a<b & \"c\" 'd'")).encode())
        assert tree[0].get(name) == "a<b & \"c\" 'd'"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<odoo>\n    <a/>\n    <b/>\n</odoo>", "<odoo>\n    <b/>\n</odoo>"),
        ("<odoo>\r\n\t<a>x</a>  \r\n\t<b/>\r\n</odoo>", "<odoo>\r\n\t<b/>\r\n</odoo>"),
        ("<odoo><a/><b/></odoo>", "<odoo><b/></odoo>"),
        ("<odoo>\n  <a/><!-- of a -->\n</odoo>", "<odoo>\n  <!-- of a -->\n</odoo>"),
    ],
)
def test_an_element_goes_with_its_line(text: str, expected: str) -> None:
    lines = made(text)
    assert edited(lines, lines.removed(lines.file.elements[1])) == expected


def test_text_and_tree_that_do_not_agree_are_left_alone() -> None:
    text = '<!DOCTYPE odoo [<!ENTITY x "<field/>">]><odoo>&x;<a/></odoo>'
    file = XmlFile("x.xml", text.encode())
    found = layout(file)
    assert found is None or found.text[slice(*found.extent(file.elements[-1]))] == "<a/>"


def test_values_are_escaped_for_their_quotes() -> None:
    assert escaped("a < b & 'c' > \"d\"") == "a &lt; b &amp; 'c' &gt; &quot;d&quot;"
    assert escaped("'c' \"d\"", "'") == '&apos;c&apos; "d"'
    assert escaped("'c' \"d\"", "") == "'c' \"d\""


RECORD = (
    "<odoo><record id='{id}' model='ir.ui.view'>{parent}<field name='arch'>{arch}</field></record></odoo>"
)


@pytest.mark.parametrize(
    ("arch", "view", "parent", "expected"),
    [
        ("<tree><x/></tree>", "v", "", True),
        ("<list><groupby><x/></groupby></list>", "v", "", True),
        ("<tree><header><x/></header></tree>", "v", "", False),
        ("<form><field><tree><x/></tree></field></form>", "v", "", True),
        ("<form><group><x/></group></form>", "v", "", False),
        ("<xpath expr=\"//field[@name='form']/tree/field\"><x/></xpath>", "v", "a.form", True),
        ("<xpath expr=\"//tree/field[@name='a']/form//field\"><x/></xpath>", "v", "a.tree", False),
        ("<field name='a' position='after'><x/></field>", "v", "sale.view_order_tree", True),
        ("<field name='a' position='after'><x/></field>", "v", "sale.view_order_form", False),
        ("<field name='a' position='after'><x/></field>", "view_order_tree", "sale.view_order", True),
        ("<field name='a' position='after'><x/></field>", "v", "sale.view_order", None),
        ("<field name='a' position='after'><x/></field>", "v", "sale.view_form_tree", None),
    ],
)
def test_nodes_of_lists_are_known_from_their_file(
    arch: str, view: str, parent: str, expected: bool | None
) -> None:
    field = f"<field name='inherit_id' ref='{parent}'/>" if parent else ""
    root = etree.fromstring(RECORD.format(id=view, parent=field, arch=arch))
    assert in_list(next(root.iter("x"))) is expected


VIEW = (
    "\ufeff<?xml version='1.0' encoding='utf-8'?>\r\n<odoo>\r\n"
    "\t<!-- attrs=\"{'invisible': 1}\"  -->\r\n"
    "\t<record id='v' model='ir.ui.view'><field name='arch' type='xml'>\r\n"
    "\t\t<form  string = 'é &#233; &amp;'>\r\n"
    "\t\t\t<field name='a'\r\n\t\t\t       {old}\r\n\t\t\t       class='x'   />\r\n"
    "\t\t\t<![CDATA[ <field attrs=\"{{'invisible': 1}}\"> ]]>\r\n"
    "\t\t</form></field></record>\r\n</odoo>\r\n"
)
OLD = 'attrs=\'{"invisible": [("a", "=", "é")],\r\n\t\t\t              "required": [("b", "&lt;", 2)]}\''
NEW = 'invisible="a == \'é\'"\r\n\t\t\t       required="b &lt; 2"'


def test_every_other_byte_stays(tmp_path: Path) -> None:
    addon = tmp_path / "shop"
    addon.mkdir()
    (addon / "__manifest__.py").write_text(
        "{'name': 'Shop', 'version': '16.0.1.0.0', 'depends': ['base'], 'data': ['v.xml']}"
    )
    before = VIEW.replace("{old}", OLD).replace("{{", "{").replace("}}", "}").encode()
    (addon / "v.xml").write_bytes(before)
    settings = Settings(select=("attrs-removed",), cache=False, jobs=1, to="17.0")
    outcome = fix(lambda unsaved: run([str(tmp_path)], settings, unsaved=unsaved), {}, unsafe=False)
    (path,) = outcome.changed
    expected = VIEW.replace("{old}", NEW).replace("{{", "{").replace("}}", "}").encode()
    assert outcome.after[path] == expected
    assert not outcome.report.findings
