"""What a look at the ``ast`` of a body may leave out before it is parsed exactly, and what never."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import odoo_debt_lint
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.trees import nodes_of
from odoo_debt_lint.registry import all_rules

_LEFT_OUT = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop, ast.alias)


def test_flat_walk_has_the_nodes_of_ast_walk_in_their_order() -> None:
    for path in sorted(Path(odoo_debt_lint.__file__).parent.glob("python/*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert nodes_of(tree) == [node for node in ast.walk(tree) if not isinstance(node, _LEFT_OUT)]


def test_flat_walk_skips_what_is_not_there() -> None:
    tree = ast.parse("def f(a, *, b, c=1):\n    return {**a, b: None}")
    assert None not in nodes_of(tree)


def _worth(rule: str, body: str, head: str = "") -> bool:
    text = f"{head}\nclass Order(models.Model):\n    _name = 'shop.order'\n\n    def _run(self, name):\n"
    file = PythonFile(
        "order.py",
        "from odoo import models\n" + text + "".join(f"        {line}\n" for line in body.split("\n")),
    )
    glance = all_rules()[rule].glance
    assert glance is not None
    return glance(next(unit for unit in file.units if unit.name == "_run"), file)


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("sql-injection", "self.env.cr.execute('SELECT 1')"),
        (
            "sql-injection",
            "query = 'SELECT 1'\nquery += ' WHERE id = %s'\nself.env.cr.execute(query, (name,))",
        ),
        ("raw-sql-write", "self.env.cr.execute('SELECT id FROM shop_order')"),
        ("eval-used", "re.compile(name)"),
        ("unsafe-safe-eval", "safe_eval('1 + 1')"),
        ("manual-transaction", "self.env.repository.commit()"),
        ("request-without-timeout", "requests.get(name, timeout=10)"),
        ("request-without-timeout", "raise requests.HTTPError"),
        ("unsafe-deserialization", "json.loads(name)"),
        ("weak-hash", "hashlib.sha256(name)"),
        ("command-injection", "subprocess.run([name])"),
        ("path-traversal", "return ', '.join(name)"),
        ("path-traversal", "self.env['shop.order'].browse(name).unlink()"),
        ("path-traversal", "open('/etc/shop.conf')"),
        ("server-side-request-forgery", "return self.mapped(name)"),
        ("path-traversal", "path = '/srv/' + self.code\nopen(path)"),
        (
            "server-side-request-forgery",
            "url = 'https://x/' + self.code\nrequests.get(url, params=self.code)",
        ),
    ],
)
def test_bodies_that_nobody_has_to_parse(rule: str, body: str) -> None:
    assert not _worth(rule, body, "import hashlib, json, re, requests, subprocess")


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("sql-injection", "self.env.cr.execute('SELECT %s' % name)"),
        ("sql-injection", "query = 'SELECT '\nquery += name\nself.env.cr.execute(query)"),
        ("sql-injection", "for query in ('SELECT 1', name):\n    self.env.cr.execute(query)"),
        ("sql-injection", "run = self.env.cr.execute\nrun(name)"),
        ("sql-injection", "self.env.cr.execute(query='SELECT %s' % name)"),
        ("sql-injection", "execute_values(self.env.cr, name, [])"),
        ("raw-sql-write", "self.env.cr.execute('update shop_order set name = 1')"),
        ("eval-used", "eval(name)"),
        ("unsafe-safe-eval", "evaluate(name)"),
        ("manual-transaction", "self.env.cr.commit()"),
        ("manual-transaction", "cursor = self.env.cr\ncursor.rollback()"),
        ("manual-transaction", "self.connection = self.env.cr\nself.connection.commit()"),
        ("request-without-timeout", "requests.post(name)"),
        ("request-without-timeout", "requests.post(name, timeout=None)"),
        ("request-without-timeout", "send = requests.post\nsend(name)"),
        ("request-without-timeout", "web = requests\nweb.get(name, timeout=5)"),
        ("unsafe-deserialization", "pickle.loads(name)"),
        ("weak-hash", "hashlib.md5(name)"),
        ("command-injection", "subprocess.run(name, shell=True)"),
        ("path-traversal", "open(name)"),
        ("path-traversal", "file = name\nos.remove(file)"),
        ("path-traversal", "remove = os.remove\nremove(name)"),
        ("path-traversal", "delete = os.remove\ndelete(name)"),
        ("path-traversal", "folder = os.path\nreturn folder.join('/srv', name)"),
        ("path-traversal", "return (Path('/srv') / name).read_text()"),
        ("path-traversal", "return (Path('/srv') / name).open()"),
        ("path-traversal", "archive = zipfile.ZipFile(name)\narchive.extractall('/srv')"),
        ("server-side-request-forgery", "requests.get(name)"),
        ("server-side-request-forgery", "fetch = requests.get\nfetch(name)"),
        ("server-side-request-forgery", "with requests.Session() as web:\n    web.get(name)"),
        ("server-side-request-forgery", "urlopen(name)"),
        ("server-side-request-forgery", "Request(name)"),
        ("path-traversal", "parts = []\nparts.append(name)\nopen(parts[0])"),
        ("path-traversal", "values = {}\nvalues['path'] = name\nopen(values['path'])"),
        ("path-traversal", "self.path = name\nopen(self.path)"),
        ("path-traversal", "opener = open\nopener(name)"),
        ("path-traversal", "open(self.env['shop.other']._path())"),
        ("path-traversal", "def inner():\n    return name\nopen(inner())"),
        ("server-side-request-forgery", "urls = []\nurls.append(name)\nrequests.get(urls[0])"),
    ],
)
def test_bodies_that_are_parsed(rule: str, body: str) -> None:
    head = (
        "import hashlib, os, pickle, requests, subprocess, zipfile\nfrom pathlib import Path\n"
        "from urllib.request import Request, urlopen\nfrom psycopg2.extras import execute_values\n"
        "from odoo.tools.safe_eval import safe_eval as evaluate"
    )
    assert _worth(rule, body, head)


def test_statements_on_one_line_are_judged_together() -> None:
    file = PythonFile("script.py", "first = 1; second = eval(first)\n")
    assert [unit.shared for unit in file.units] == [True]
