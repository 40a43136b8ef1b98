"""Values that other files of the addon set pass: which functions a call may lead to, and hard input."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from odoo_debt_lint.finding import Confidence, Finding
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

MANIFEST = "{'name': 'x', 'version': '16.0.1.0.0', 'license': 'LGPL-3', 'author': 'Us', 'depends': [%s]}"
SINK = """
from odoo import models


class Shop(models.Model):
    _name = "shop.order"
    _description = "Order"

    def _find(self, where, limit=10, *more, **options):
        self.env.cr.execute("SELECT id FROM shop_order WHERE " + where)
"""
CONTROLLER = """
from odoo import http
from odoo.http import request


class Shop(http.Controller):
    @http.route("/shop", auth="public")
    def shop(self, **kw):
        %s
"""


def lint(folder: Path, files: dict[str, str], *rules: str) -> tuple[Finding, ...]:
    """Findings of the rules over addons written to a folder."""
    (folder / ".git").mkdir()
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    for addon in {path.partition("/")[0] for path in files}:
        (folder / addon / "__manifest__.py").write_text(MANIFEST % "")
    settings = Settings(select=rules, min_confidence=Confidence.LOW, cache=False, jobs=1)
    return run([str(folder)], settings).findings


@pytest.mark.parametrize(
    ("call", "severity"),
    [
        ('request.env["shop.order"]._find(kw["where"])', "critical"),
        ('request.env["shop.order"].sudo()._find(where=kw.get("where"))', "critical"),
        ('request.env["shop.order"].search([])._find("x", kw["limit"])', "high"),
        ('request.env["shop.order"]._find(*kw.values())', "critical"),
        ('request.env["shop.order"]._find(**kw)', "critical"),
        ('orders = request.env["shop.order"]\n        orders._find(f"name = {kw}")', "critical"),
        ("parts = []\n        parts.append(kw['a'])\n        ORDERS._find(' '.join(parts))", "critical"),
        ("ORDERS._find(request.httprequest.args['x'])", "critical"),
        ("ORDERS._find('id = %d' % kw['id'])", "high"),
        ("ORDERS._find(str(int(kw['id'])))", "high"),
        ("name = kw['a']\n        if name in ('x', 'y'):\n            ORDERS._find(name)", "high"),
        ('request.env["other.model"]._find(kw["where"])', "high"),
    ],
)
def test_arguments_reach_the_sink(tmp_path: Path, call: str, severity: str) -> None:
    code = CONTROLLER % call.replace("ORDERS", 'request.env["shop.order"]')
    files = {"shop/models/order.py": SINK, "shop/controllers/main.py": code}
    (finding,) = lint(tmp_path, files, "sql-injection")
    assert finding.severity.label == severity


def test_steps_lead_from_the_request_to_the_sink(tmp_path: Path) -> None:
    call = CONTROLLER % 'request.env["shop.order"]._find(kw["where"])'
    (finding,) = lint(tmp_path, {"a/models/order.py": SINK, "b/controllers/main.py": call}, "sql-injection")
    assert [(item.path, item.label) for item in finding.flow] == [
        ("b/controllers/main.py", "kw comes with the request"),
        ("b/controllers/main.py", "passed to _find()"),
        ("a/models/order.py", "joined to the text by +"),
    ]


def test_a_call_of_super_reaches_the_parent_only(tmp_path: Path) -> None:
    extension = """
from odoo import models


class Shop(models.Model):
    _inherit = "shop.order"

    def _find(self, where, limit=10):
        return super()._find(where, limit)

    def find(self, where):
        return self._find(where)
"""
    files = {"a/models/order.py": SINK, "b/models/order.py": extension}
    (finding,) = lint(tmp_path, files, "sql-injection")
    assert finding.severity.label == "critical"
    assert finding.location.path == "a/models/order.py"


def test_calls_in_a_circle_over_many_files_end(tmp_path: Path) -> None:
    count = 120
    files = {}
    for number in range(count):
        following = (number + 1) % count
        files[f"shop/models/m{number}.py"] = f"""
from odoo import models


class M{number}(models.Model):
    _name = "m{number}"
    _description = "M"

    def _go(self, text):
        self.env.cr.execute("SELECT " + text)
        return self.env["m{following}"]._go(text) + self.env["m{(number * 7) % count}"]._go(text)

    def start(self, text):
        return self._go(text)
"""
    start = time.process_time()
    findings = lint(tmp_path, files, "sql-injection")
    assert {finding.severity.label for finding in findings} == {"critical"}
    assert time.process_time() - start < 4


def test_methods_that_all_call_each_other_take_linear_time() -> None:
    def spent(count: int) -> float:
        methods = "\n".join(
            f"    def _m{i}(self, x):\n        self._m{(i + 1) % count}(x)\n"
            f"        return self._m{(i + 7) % count}(x) + self._m{(i * 13 + 5) % count}('a' + x)\n"
            for i in range(count)
        )
        text = f"from odoo import models\n\n\nclass M(models.Model):\n    _name = 'm'\n\n{methods}"
        start = time.process_time()
        file = PythonFile("a/models/m.py", text)
        for unit in file.units:
            body = file.body(unit)
            assert body is not None
            assert len(body.flow.calls()) == (3 if unit.method else 0)
        return time.process_time() - start

    assert spent(160) < 8 * max(spent(40), 0.1)
