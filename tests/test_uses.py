"""Chains of names: what a file uses of which records, each at its exact place."""

from __future__ import annotations

import textwrap
import time

import pytest

from odoo_debt_lint.facts import UseFact
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.records.uses import uses_of
from odoo_debt_lint.xml.document import XmlFile
from odoo_debt_lint.xml.uses import csv_uses
from odoo_debt_lint.xml.uses import uses_of as xml_uses

HEAD = """
from odoo import _, api, fields, models
from odoo.fields import Command
from odoo.osv import expression


class Order(models.Model):
    _inherit = "sale.order"

"""


def said(use: UseFact, lines: list[str]) -> str:
    """``kind model.path``; the text at the place must be the last name."""
    span = use.span
    assert span.start_line == span.end_line
    name = use.path[-1] if use.path else use.model
    assert lines[span.start_line - 1][span.start_column : span.end_column] == name
    return " ".join([use.kind, ".".join([use.model, *use.path])])


def python(code: str, head: str = HEAD, indent: str = "    ") -> set[str]:
    text = head + textwrap.indent(textwrap.dedent(code), indent)
    return {said(use, text.split("\n")) for use in uses_of(PythonFile("a.py", text))} - {"inherit sale.order"}


def xml(text: str) -> set[str]:
    text = f"<odoo>{text}</odoo>"
    found = xml_uses(XmlFile("a.xml", text.encode(), addon="shop"))
    return {said(use, text.split("\n")) for use in found if not use.model.startswith("ir.")}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("self.partner_id.name", "read sale.order.partner_id, read sale.order.partner_id.name"),
        ("self.note = 1", "write sale.order.note"),
        ("self['note']", "read sale.order.note"),
        ("self[0].note", "read sale.order.note"),
        ("self.sudo().with_context(a=1).exists().note", "read sale.order.note"),
        ("self.env.user.company_id", "read res.users.company_id"),
        ("self.env.company.note", "read res.company.note"),
        ("self.env['a.b'].search([], limit=1).c", "model a.b, read a.b.c"),
        ("(self | self.env['a.b']).c", "model a.b, read sale.order.c"),
        ("(x or self).c", "read sale.order.c"),
        ("(self if x else None).c", "read sale.order.c"),
        ("super().create({'c': 1}).d", "values sale.order.c, read sale.order.d"),
        ("self._confirm(1)", "call sale.order._confirm"),
        ("max(self, key=lambda r: r.c).d", "read sale.order.c, read sale.order.d"),
        ("sorted(self, key=lambda r: r.c)", "read sale.order.c"),
        ("[r.c for r in self if r.d]", "read sale.order.c, read sale.order.d"),
        ("{r.c: r.d for r in self}", "read sale.order.c, read sale.order.d"),
        ("self.filtered(lambda r: r.c).mapped('d.e')",
         "read sale.order.c, path sale.order.d, path sale.order.d.e"),
        ("self.filtered('c').sorted('d desc')", "path sale.order.c, path sale.order.d"),
        ("self.mapped('c').d", "path sale.order.c, read sale.order.c.d"),
        ("self.mapped(lambda r: r.c).d", "read sale.order.c, read sale.order.c.d"),
        ("self.search([('c.d', '=', 1)], order='e desc, f')",
         "domain sale.order.c, domain sale.order.c.d, path sale.order.e, path sale.order.f"),
        ("self.search(['|', ('c', '=', 1), ('d', 'any', [('e', '=', 2)])])",
         "domain sale.order.c, domain sale.order.d, domain sale.order.d.e"),
        ("self.search(expression.AND([[('c', '=', 1)], x]))", "domain sale.order.c"),
        ("self.write({'c': [(0, 0, {'d': 1})], 'e': [Command.create({'f': 2})]})",
         "values sale.order.c, values sale.order.c.d, values sale.order.e, values sale.order.e.f"),
        ("self.update(dict(c=1))", "values sale.order.c"),
        ("self.create([{'c': 1} for x in y])", "values sale.order.c"),
        ("self.read(['c'])[0]['d']", "path sale.order.c, values sale.order.d"),
        ("self.read_group([('c', '=', 1)], ['d:sum', 'e:max(f)'], ['g:month'])",
         "call sale.order.read_group, domain sale.order.c, path sale.order.d, path sale.order.f, "
         "path sale.order.g"),
        ("getattr(self, 'c')", "read sale.order.c"),
        ("setattr(self, 'c', 1)", "write sale.order.c"),
        ("self._fields['c']", "path sale.order.c"),
        ("self.env[self._name].c", "read sale.order.c"),
        ("next(iter(self)).c", "read sale.order.c"),
    ],
)  # fmt: skip
def test_expressions(code: str, expected: str) -> None:
    assert python(f"def f(self, x, y):\n    return {code}\n" if " = " not in code.split("(")[0] else
                  f"def f(self, x, y):\n    {code}\n") == set(expected.split(", "))  # fmt: skip


@pytest.mark.parametrize(
    "code",
    [
        "x.note", "x.partner_id.note", "x.env.cr.note", "self.id", "self.env.context.get('a')",
        "self._unknown_helper(x)[0].note if x else x.note", "len(self).note", "'note'",
        "self.search(x)[0][x] if x else ('c', '=', 1)", "[('c', '=', 1)]", "{'c': 1}", "self.env[x].note",
    ],
)  # fmt: skip
def test_what_has_no_known_beginning_is_left_out(code: str) -> None:
    assert python(f"def f(self, x):\n    return {code}\n") <= {"call sale.order._unknown_helper"}


def test_names_stand_for_what_they_are_set_to_where_all_ways_agree() -> None:
    found = python(
        """
        def f(self, x):
            line = self.order_line
            if x:
                line = line[0]
            other = self.env["a.b"]
            if x:
                other = self
            for index, item in enumerate(line):
                item.price
            try:
                record = self.partner_id
            except ValueError:
                return
            line.price, other.nothing, record.name
        """
    )
    assert {"read sale.order.order_line.price", "read sale.order.partner_id.name"} <= found
    assert not any("nothing" in item for item in found)


def test_cases_are_ways_of_their_own_and_hide_what_they_take() -> None:
    found = python(
        """
        def f(self, x):
            other = self.env["a.b"]
            match x:
                case 1:
                    line = self.order_line
                    line.price
                case [other, *line]:
                    other.nothing, line.nothing
        """
    )
    assert "read sale.order.order_line.price" in found
    assert not any("nothing" in item for item in found)


def test_values_are_gathered_before_they_are_given_away() -> None:
    found = python(
        """
        def f(self, x):
            values = {"a": 1}
            values["b"] = 2
            values.update({"c": 3}, d=4)
            lines = []
            for item in x:
                lines.append((0, 0, {"e": item}))
            self.create([dict(values, lines=lines)])
            self.env["z"].create(self._values())
            return {"unused": 1}

        def _values(self):
            return {"g": 1}
        """
    )
    assert {f"values sale.order.{name}" for name in ("a", "b", "c", "d", "lines", "lines.e")} <= found
    assert "values z.g" in found
    assert not any("unused" in item for item in found)


def test_what_create_and_write_get_are_values_of_the_model() -> None:
    found = python(
        """
        def create(self, vals_list):
            for vals in vals_list:
                vals["a"] = vals.get("b")
                if "c" in vals:
                    vals.pop("d", None)
            return super().create(vals_list)

        def default_get(self, names):
            result = super().default_get(names)
            result["e"] = 1
            return result
        """
    )
    assert found == {f"values sale.order.{name}" for name in "abcde"}


def test_declarations() -> None:
    found = python(
        """
        _order = "date desc, id"
        _rec_name = "title"
        a = fields.Many2one("x.y", domain=[("b", "=", 1)], context={"default_c": 1})
        d = fields.One2many("x.z", "order_id", domain="[('e', '=', f)]")
        g = fields.Char(related="a.h", default=lambda self: self.i)
        j = fields.Monetary(currency_field="money")
        k = fields.Many2one(domain=[("l", "=", 1)])

        @api.depends("m.n", "o")
        @api.constrains("p")
        def f(self):
            return self._get().q

        def _get(self):
            return self.env["r.s"].browse(1)
        """
    )
    assert found == {
        "path sale.order.date", "path sale.order.title", "model x.y", "domain x.y.b", "values x.y.c",
        "model x.z", "path x.z.order_id", "domain x.z.e", "path sale.order.a", "path sale.order.a.h",
        "read sale.order.i", "path sale.order.money", "domain sale.order.k.l", "path sale.order.m",
        "path sale.order.m.n", "path sale.order.o", "path sale.order.p", "call sale.order._get", "model r.s",
        "read r.s.q",
    }  # fmt: skip


def test_a_field_for_which_the_code_asks_first_is_no_use() -> None:
    code = """
        def f(self):
            if "a" in self._fields and hasattr(self, "b"):
                return self.a or self.b or getattr(self, "c", 1) or self.d
        """
    assert python(code) == {"read sale.order.d"}


def test_controllers_tests_and_hooks() -> None:
    code = """
        from odoo import SUPERUSER_ID, api
        from odoo.http import Controller, request
        from odoo.tests import Form, TransactionCase

        class Shop(Controller):
            def page(self, **post):
                return request.env["a"].sudo().search([("b", "=", 1)]).c, request.website.d

        class Base(TransactionCase):
            @classmethod
            def setUpClass(cls):
                super().setUpClass()
                cls.record = cls.env["e"].create({"f": 1})

            def _form(self):
                with Form(self.env["g"]) as form:
                    form.h = 1
                return form.save()

        class TestAll(Base):
            def test_all(self):
                self.assertEqual(self.record.i, self._form().j)

        def post_init_hook(cr, registry):
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["k"].search([]).l
        """
    assert {item for item in python(code, "", "") if not item.startswith("model")} == {
        "domain a.b", "read a.c", "read website.d", "values e.f", "write g.h", "read e.i", "read g.j",
        "read k.l",
    }  # fmt: skip


def test_strings_that_are_not_written_like_their_value_are_marked_whole() -> None:
    file = PythonFile(
        "a.py", HEAD + "    def f(self):\n        self.mapped('a' '.b')\n        self.mapped('''c''')\n"
    )
    texts = {use.path: use.span for use in uses_of(file) if use.kind == "path"}
    assert (texts["a",].start_column, texts["a",].end_column) == (20, 28)
    assert (texts["c",].start_column, texts["c",].end_column) == (23, 24)


def test_strings_of_several_lines() -> None:
    found = python(
        """
        a = fields.Many2one("x.y", domain='''[
            ('bb', '=', 1),
            ('cc', '=', 2)]''')
        """
    )
    assert found == {"model x.y", "domain x.y.bb", "domain x.y.cc"}


def test_columns_are_code_points() -> None:
    found = python("def f(self):\n    return 'äöü', self.a, self.mapped('b')\n")
    assert found == {"read sale.order.a", "path sale.order.b"}


@pytest.mark.parametrize(
    "lines",
    [
        ["d = [('a', '=', 1)]", *["d = [d, d]"] * 60, "self.search(d)"],
        ["v = {'a': 1}", *["v = {'a': [(0, 0, v), (0, 0, v)]}"] * 60, "self.write(v)"],
        ["v = {'a': 1}", *["v.update(v)"] * 200, "self.write(v)"],
        ["d = " + repr([(f"k{n}", "=", 1) for n in range(1500)]), *["self.search(d)"] * 1500],
        [*(f"n{n} = self.a{n}" for n in range(1500)), *(f"if x: n{n} = self" for n in range(1500))],
        ["self" + ".a" * 900],
    ],
)
def test_time_is_bounded(lines: list[str]) -> None:
    file = PythonFile("a.py", HEAD + "    def f(self, x):\n" + "".join(f"        {line}\n" for line in lines))
    start = time.process_time()
    assert len(uses_of(file)) <= 110_000
    assert time.process_time() - start < 5


def test_views() -> None:
    found = xml("""
<record id="v" model="ir.ui.view"><field name="model">a.b</field><field name="arch" type="xml">
    <form>
        <button name="go" type="object" invisible="state == 'x' and not parent.y"/>
        <field name="c" attrs="{'invisible': [('d', '=', e)]}" context="{'default_f': 1}"
               domain="[('g', '=', 1)]">
            <list default_order="h desc" decoration-info="i == 1 and parent.j"><field name="k"/></list>
        </field>
        <label for="l"/>
        <button name="%(x.y)d" type="action" context="{'default_z': mm, 'a': %(b.c)d, 'uid': uid}"/>
    </form>
</field></record>""")
    names = "state c d e c.f c.g c.h c.i j c.k l mm go".split()
    kinds = "compare view domain read values domain path read read view view read call".split()
    assert found == {"model a.b"} | {f"{kind} a.b.{name}" for kind, name in zip(kinds, names, strict=True)}


def test_inheriting_views() -> None:
    found = xml("""
<record id="v" model="ir.ui.view"><field name="model">a.b</field><field name="inherit_id" ref="x.y"/>
    <field name="arch" type="xml">
        <xpath expr="//field[@name='c']/list/field[@name='d']" position="after"><field name="e"/></xpath>
        <xpath expr="//group[@name='f']" position="inside"><field name="g"/></xpath>
        <field name="h" position="after"><field name="i"/></field>
        <xpath expr="//field[@name='c']/form/field[@name='d']" position="attributes">
            <attribute name="invisible">late</attribute>
            <attribute name="domain">[('k', '=', 1)]</attribute>
        </xpath>
        <xpath expr="//field[@name='l']/parent::group" position="inside"><field name="m"/></xpath>
    </field>
</record>""")
    assert found == {
        "model a.b", "view a.b.c.e", "view a.b.g", "view a.b.?h.i", "read a.b.c.late", "domain a.b.c.d.k",
    }  # fmt: skip


def test_records_and_what_they_are_about() -> None:
    found = xml("""
<record id="r" model="a.b"><field name="c" eval="[(0, 0, {'d': 1})]"/>
    <field name="e" search="[('f', '=', 1)]"/></record>
<record id="m" model="mail.template"><field name="model_id" ref="x.model_a_b"/>
    <field name="subject">{{ object.g.h }}</field>
    <field name="body_html" type="html"><p t-if="object.i()"/></field></record>
<record id="w" model="ir.actions.act_window"><field name="res_model">j.k</field>
    <field name="domain">[('l', '=', 1)]</field>
    <field name="context">{'default_m': 1, 'group_by': 'n:month'}</field></record>
<record id="s" model="ir.actions.server"><field name="model_id" ref="model_o"/><field name="code">
record.p
model.search([('q', '=', env.user.r)])
</field></record>
<function model="s.t" name="go"/>
<template id="page"><t t-foreach="docs" t-as="o"><span t-field="o.u"/>
    <t t-set="v" t-value="o.w"/><t t-esc="v.x"/></t></template>
""")
    assert found == {
        "model a.b", "values a.b.c", "values a.b.c.d", "values a.b.e", "domain a.b.e.f",
        "model mail.template",
        "values mail.template.model_id", "values mail.template.subject", "values mail.template.body_html",
        "read @x.model_a_b.g", "read @x.model_a_b.g.h", "model j.k", "domain j.k.l", "values j.k.m",
        "path j.k.n",
        "read @shop.model_o.p", "domain @shop.model_o.q", "read res.users.r", "call s.t.go",
        "model s.t", "read #shop.page.u", "read #shop.page.w", "read #shop.page.w.x",
    }  # fmt: skip


def test_places_are_found_behind_entities_and_in_lines_below() -> None:
    text = """<odoo><record id="v" model="ir.ui.view"><field name="model">a.b</field>
<field name="arch" type="xml"><form><field name="x"
    attrs="{'invisible': ['&amp;', ('c', '=', 1),
        ('d', '=', 2)]}"/></form></field></record></odoo>"""
    found = {use.path: use.span for use in xml_uses(XmlFile("a.xml", text.encode())) if use.kind == "domain"}
    lines = text.split("\n")
    for (name,), span in found.items():
        assert lines[span.start_line - 1][span.start_column : span.end_column] == name
    assert {span.start_line for span in found.values()} == {3, 4}


def test_columns_of_csv_files() -> None:
    found = csv_uses("data/a.b.csv", "id,c/id,d/e/id,f:id,name\n1,2,3,4,5\n")
    assert [(use.kind, use.path) for use in found] == [
        ("model", ()), ("values", ("c",)), ("values", ("d",)), ("values", ("d", "e")), ("values", ("f",)),
        ("values", ("name",)),
    ]  # fmt: skip
    assert found[1].span.start_column == 3
