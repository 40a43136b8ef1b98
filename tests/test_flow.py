"""The data flow: levels of values along real-looking code, and bounds on hard input."""

from __future__ import annotations

import itertools
import time

import pytest

from odoo_debt_lint.python.flow.values import Level, Value
from odoo_debt_lint.python.module import PythonFile

MODEL = """
from odoo import fields, models
from odoo.http import request

ORDERS = {"name": "name ASC", "date": "date DESC"}
TABLES = ("sale_order", "stock_move")


class Report(models.Model):
    _name = "shop.report"
    _description = "Report"
    _source = "sale_order"

    amount = fields.Float()
    state = fields.Selection([("a", "A")])
    label = fields.Char()

    def _judge(self, given, rows, *args, **kwargs):
%s
        sink(result)

    def _constant(self):
        return "SELECT " + self._source

    def _echo(self, text):
        return text

    def _loop(self, text):
        return self._loop(text + "x")
"""


def value_of(code: str) -> Value:
    """The value of ``result`` after the statements."""
    indented = "\n".join(" " * 8 + line for line in code.strip().splitlines())
    file = PythonFile("a/models/report.py", MODEL % indented, series="16.0")
    body = file.function("Report", "_judge")
    assert body is not None
    called = next(call for call in body.flow.calls() if call.name == "sink")
    return called.args[0]


@pytest.mark.parametrize(
    ("code", "level", "built"),
    [
        ("result = 'a' + 'b'", Level.CONST, False),
        ("result = 'a %s' % self._table", Level.CLEAN, False),
        ("result = 'a %s' % given", Level.UNKNOWN, True),
        ("result = 'a %d' % given", Level.CLEAN, False),
        ("result = 'a %(x)s %(y)d' % {'x': 'b', 'y': given}", Level.CLEAN, False),
        ("result = 'a %(x)s' % {'x': given}", Level.UNKNOWN, True),
        ("result = 'a %s %s' % ('b', 'c')", Level.CONST, False),
        ("result = 'a {}'.format('b')", Level.CONST, False),
        ("result = 'a {x}'.format_map({'x': given})", Level.UNKNOWN, True),
        ("result = f'a {given}'", Level.UNKNOWN, True),
        ("result = f'a {given:d}'", Level.CLEAN, False),
        ("result = f'a {int(given)}'", Level.NUMBER, True),
        ("result = f'a {self.amount}'", Level.NUMBER, True),
        ("result = f'a {self.state}'", Level.CLEAN, False),
        ("result = f'a {self.label}'", Level.STORED, True),
        ("result = ', '.join(['a', 'b'])", Level.CONST, False),
        ("result = ', '.join(['%s'] * len(rows))", Level.CONST, False),
        ("result = ', '.join('%s' for _ in rows)", Level.CONST, False),
        ("result = 'a ' + ', '.join(str(x) for x in rows)", Level.UNKNOWN, True),
        ("parts = []\nparts.append('a')\nresult = ' '.join(parts)", Level.CONST, False),
        (
            "parts = ['a']\nfor row in rows:\n    parts.append(row)\nresult = ' '.join(parts)",
            Level.UNKNOWN,
            True,
        ),
        ("parts = []\nparts += ['a %s' % given]\nresult = ' '.join(parts)", Level.UNKNOWN, True),
        ("result = 'a'\nif rows:\n    result += given", Level.UNKNOWN, True),
        ("if rows:\n    result = 'a'\nelse:\n    result = 'b'", Level.CONST, False),
        ("result = 'a' + ORDERS[given]", Level.CONST, False),
        ("result = 'a' + ORDERS.get(given, 'name')", Level.CONST, False),
        ("if given not in TABLES:\n    raise ValueError\nresult = 'a' + given", Level.CLEAN, False),
        ("assert given in ('a', 'b')\nresult = 'a' + given", Level.CLEAN, False),
        ("result = 'a' + (given if given in TABLES else 'b')", Level.CLEAN, False),
        ("if given in TABLES:\n    pass\nresult = 'a' + given", Level.UNKNOWN, True),
        ("result = self._constant()", Level.CONST, False),
        ("result = 'a' + self._echo('b')", Level.CONST, False),
        ("result = 'a' + self._echo(given)", Level.UNKNOWN, True),
        ("result = 'a' + self._elsewhere()", Level.VAGUE, True),
        ("result = self._loop('a')", Level.VAGUE, False),
        ("result = 'a' + request.params['x']", Level.USER, True),
        ("post = dict(request.params)\nresult = 'a' + post.get('x', '').strip()", Level.USER, True),
        ("data = request.get_json_data()\nresult = 'a %s' % data['x']", Level.USER, True),
        ("def inner(x):\n    return 'a' + x\nresult = inner(given)", Level.UNKNOWN, True),
        ("inner = lambda x: 'a' + x\nresult = inner('b')", Level.CONST, False),
        ("inner = lambda x: 'a' + x\nresult = inner(given)", Level.UNKNOWN, True),
        ("table = {'a': given}\nresult = ', '.join(table)", Level.CONST, False),
        ("table = {'a': given}\nresult = ', '.join(table.values())", Level.UNKNOWN, True),
        ("table = {given: 'a'}\nresult = ''.join(key for key in table)", Level.UNKNOWN, True),
        ("table = {}\ntable[given] = 1\nresult = 'a' + ', '.join(table)", Level.UNKNOWN, True),
        ("table = {'a': 1}\ntable.update(b=given)\nresult = ', '.join(sorted(table))", Level.CONST, False),
        ("for key, value in {'a': given}.items():\n    result = 'x' + key", Level.CONST, False),
        ("for key, value in {'a': given}.items():\n    result = 'x' + value", Level.UNKNOWN, True),
        ("table = dict(zip(['a'], given))\nresult = 'x' + list(table)[0]", Level.CONST, False),
        ("try:\n    result = 'a'\nexcept Exception:\n    result = 'b' + given", Level.UNKNOWN, True),
        ("for row in rows:\n    result = 'a'\n    break\nelse:\n    result = 'b'", Level.CONST, False),
        ("with open('x') as given:\n    result = 'a'", Level.CONST, False),
        ("result = 'a %s' % tuple(self.ids)", Level.NUMBER, True),
        ("(first, second) = ('a', given)\nresult = first", Level.CONST, False),
        ("table = {'a': 'x', 'b': given}\nresult = table['a']", Level.CONST, False),
    ],
)
def test_level(code: str, level: Level, built: bool) -> None:
    value = value_of(code)
    assert (value.level, value.built) == (level, built)


def test_conversion_keeps_the_source() -> None:
    value = value_of("result = self.env['x'].browse(int(request.params['id']))")
    assert value.source is Level.USER
    assert value.model == "x"


def test_elevation_is_followed_and_dropped() -> None:
    assert value_of("result = self.env['x'].sudo().search([])").elevated
    assert value_of("records = self.sudo()\nresult = records.mapped('y')").elevated
    assert not value_of("result = self.sudo().with_user(self.env.user)").elevated
    assert not value_of("result = self.sudo().sudo(False)").elevated


def test_alias_of_a_cursor_is_resolved() -> None:
    assert value_of("cr = self.env.cr\nrun = cr.execute\nresult = run").symbol == "self.env.cr.execute"


@pytest.mark.parametrize(
    "code",
    [
        "\n".join(f"x{i} = 'a' + given" for i in range(3000)) + "\nresult = given",
        "result = ''\n" + "\n".join(f"if rows[{i}]:\n    result += given" for i in range(400)),
        "\n".join(" " * i + f"if rows[{i}]:" for i in range(60))
        + "\n"
        + " " * 60
        + "result = given\nresult = given",
        "result = " + " + ".join(["given"] * 500),
        "result = " + "[" * 80 + "given" + "]" * 80,
        "\n".join(
            f"for r{i} in rows:\n    result = self._echo(result if rows else given)" for i in range(200)
        ),
    ],
    ids=[
        "3000 lines",
        "400 branches",
        "60 nested",
        "500 operands",
        "80 brackets",
        "200 helper calls in loops",
    ],
)
def test_hard_input_ends_soon(code: str) -> None:
    start = time.process_time()
    value_of(code)
    assert time.process_time() - start < 2


def test_mutual_recursion_ends() -> None:
    methods = "\n".join(
        f"    def _m{i}(self, x):\n        return self._m{(i + 1) % 40}(x) + self._m{(i + 7) % 40}(x)\n"
        for i in range(40)
    )
    file = PythonFile(
        "a/models/m.py", f"from odoo import models\n\n\nclass M(models.Model):\n    _name = 'm'\n\n{methods}"
    )
    start = time.process_time()
    for unit in file.units:
        body = file.body(unit)
        assert body is not None
        assert body.flow.values is not None
    assert time.process_time() - start < 2


IN_TURN = """from odoo import models


class Mailing(models.Model):
    _name = "mailing"

    def _send(self, body):
        return self._convert(self._image(body), body)

    def _convert(self, body, extra):
        found = []
        for node in body:
            image = self._image(node)
            if image:
                found.append((image, node, extra))
        urls = self._urls(found)
        self.env.cr.execute("SELECT %s" % urls)
        return self._send(urls)

    def _image(self, node):
        return node.get("src")

    def _urls(self, images):
        return ",".join(self._image(image) for image in images)
"""


def test_helpers_and_callers_in_any_order() -> None:
    """Whatever is asked first, what helpers and callers tell of it comes to the same."""
    results = set()
    for names in itertools.permutations(("append", "execute", "_urls", "_image", "_send")):
        file = PythonFile("a/models/m.py", IN_TURN)
        body = file.function("Mailing", "_convert")
        assert body is not None
        for name in names:
            for called in [item for item in body.flow.met.values() if item.name == name]:
                body.flow.symbol(called.node.func)
                body.flow.value(called.node)
                body.flow.call(called.node)
        last = next(called for called in body.flow.calls() if called.name == "execute")
        results.add((last.args[0].level, last.args[0].built, last.symbol))
    assert results == {(Level.UNKNOWN, True, "self.env.cr.execute")}
