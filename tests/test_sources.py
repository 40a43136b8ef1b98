"""Every source, sanitizer and construct which the data flow has to know, on the way to a query."""

from __future__ import annotations

import pytest

from odoo_debt_lint.python.flow.values import Level, Value
from odoo_debt_lint.python.module import PythonFile

HANDLER = """
import json
from collections import OrderedDict
from odoo import http
from odoo.http import request
from odoo.tools import SQL, consteq
from odoo.tools.misc import escape_psql
from psycopg2 import sql
from psycopg2.sql import Identifier

COLUMNS = {"name": "name ASC", "date": "date DESC"}
ALLOWED = ("name", "date")


class Shop(http.Controller):
    @http.route("/shop/<int:number>/<model('shop.order'):order>/<string:word>", auth="public")
    def shop(self, number, order, word, *args, text=None, **kw):
%s
        request.env.cr.execute(query)

    def _helper(self, value):
        return "WHERE name = '%%s'" %% value

    def _fixed(self, value):
        return "ORDER BY date" if value else "ORDER BY name"
"""
MODEL = """
from odoo import api, fields, models


class Order(models.Model):
    _name = "shop.order"
    _description = "Order"

    note = fields.Text()
    number = fields.Integer()
    state = fields.Selection([("a", "A")])
    label = fields.Char(compute="_compute_label")

    def public(self, text, count=0):
        self.env.cr.execute(%s)

    @api.model
    def _search_label(self, operator, value):
        self.env.cr.execute("SELECT '%%s'" %% value)
"""


def query(text: str, klass: str, name: str) -> Value:
    """The value of the query in a method."""
    body = PythonFile("shop/controllers/main.py", text, series="16.0").function(klass, name)
    assert body is not None
    called = next(call for call in body.flow.calls() if call.name == "execute")
    return body.flow.value(called.node.args[0].value)


def in_handler(code: str) -> Value:
    lines = "\n".join(" " * 8 + line for line in code.splitlines())
    return query(HANDLER % lines, "Shop", "shop")


@pytest.mark.parametrize(
    "source",
    [
        "word",
        "text",
        "args[0]",
        "kw['x']",
        "kw.get('x', '')",
        "request.params['x']",
        "request.params.get('x')",
        "request.httprequest.args['x']",
        "request.httprequest.form.get('x')",
        "request.httprequest.get_data()",
        "request.httprequest.headers['X-Name']",
        "request.httprequest.cookies.get('x')",
        "request.get_json_data()['x']",
        "request.jsonrequest['x']",
        "json.loads(request.httprequest.data)['x']",
        "OrderedDict(kw)['x']",
        "{**kw}['x']",
        "[kw['x']][0]",
        "(lambda: kw)()['x'] or kw['x']",
        "kw['x'] if number else 'y'",
        "kw.get('x') or 'y'",
        "kw['x'].strip().lower().replace('a', 'b')",
        "', '.join(kw['ids'].split(','))",
        "', '.join(x for x in kw.values())",
        "''.join([str(x) for x in kw.values() if x])",
        "'{a}'.format(a=kw['x'])",
        "'{a}'.format_map({'a': kw['x']})",
        "'%(a)s' % {'a': kw['x']}",
        "f'{kw}'",
        "escape_psql(word)",
        "self._helper(word)",
    ],
)
def test_sources_reach_the_query(source: str) -> None:
    value = in_handler(f"query = 'SELECT ' + {source}")
    assert (value.level, value.built) == (Level.USER, True)


@pytest.mark.parametrize(
    "code",
    [
        "query = 'SELECT '\nfor key in kw:\n    query += key",
        "parts = []\nfor key in kw:\n    parts.append(key)\nquery = ' '.join(['SELECT', *parts])",
        "values = {}\nvalues['x'] = word\nquery = 'SELECT %(x)s' % values",
        "values = dict(a=word)\nvalues.update(b='c')\nquery = f\"SELECT {values['a']}\"",
        "try:\n    query = 'SELECT %s' % int(word)\nexcept ValueError:\n    query = 'SELECT ' + word",
        "if number:\n    query = 'SELECT 1'\nelse:\n    query = 'SELECT ' + word",
        "if (name := word):\n    query = 'SELECT ' + name\nelse:\n    query = 'SELECT 1'",
        "with open('x') as file:\n    query = 'SELECT ' + word",
        "def inner(x):\n    return 'SELECT ' + x\nquery = inner(word)",
        "first, second = word, 'x'\nquery = 'SELECT ' + first",
    ],
)
def test_statements_carry_request_values(code: str) -> None:
    assert in_handler(code).level is Level.USER


@pytest.mark.parametrize(
    "code",
    [
        "query = 'SELECT %d' % word",
        "query = f'SELECT {number:d}'",
        "query = 'SELECT ' + COLUMNS[word]",
        "query = 'SELECT ' + COLUMNS.get(word, 'name')",
        "if word not in ALLOWED:\n    return\nquery = 'SELECT ' + word",
        "assert word in ('a', 'b')\nquery = 'SELECT ' + word",
        "query = 'SELECT ' + (word if word in ALLOWED else 'name')",
        "query = SQL('SELECT %s', word)",
        "query = sql.SQL('SELECT {}').format(sql.Identifier(word))",
        "query = sql.SQL('SELECT ') + Identifier(word)",
        "query = 'SELECT id WHERE id IN (%s)' % ','.join(['%s'] * len(kw))",
        "query = 'SELECT 1 ' + self._fixed(word)",
        "query = 'SELECT %s' % bool(consteq(word, 'x'))",
    ],
)
def test_sanitizers_make_the_query_clean(code: str) -> None:
    value = in_handler(code)
    assert value.composed or value.level <= Level.NUMBER


@pytest.mark.parametrize("code", ["int(word)", "number", "float(word)", "len(word)", "order.id"])
def test_numbers_are_no_text(code: str) -> None:
    assert in_handler(f"query = 'SELECT %s' % {code}").level <= Level.NUMBER


@pytest.mark.parametrize(
    ("argument", "level"),
    [
        ('"SELECT " + text', Level.ARGUMENT),
        ('"SELECT %s" % int(count)', Level.NUMBER),
        ('"SELECT " + self.note', Level.STORED),
        ('"SELECT %s" % self.number', Level.NUMBER),
        ('"SELECT " + self.state', Level.CLEAN),
        ('"SELECT " + self.label', Level.UNKNOWN),
        ('"SELECT " + self._table', Level.CLEAN),
    ],
)
def test_models(argument: str, level: Level) -> None:
    assert query(MODEL % argument, "Order", "public").level is level


def test_the_value_of_a_search_comes_from_outside() -> None:
    assert query(MODEL % '"SELECT 1"', "Order", "_search_label").level is Level.ARGUMENT
