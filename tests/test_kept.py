"""What rules have said is kept as long as nothing has changed that they look at, and no longer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest
from fixtures import Case, all_cases
from test_cli import lint, make_addon

from odoo_debt_lint.cache import FOLDER
from odoo_debt_lint.facts import FileResult
from odoo_debt_lint.facts.interface import interface, stamp
from odoo_debt_lint.finding import Finding
from odoo_debt_lint.index import AddonFacts, Index, Scope
from odoo_debt_lint.judging import court, stage
from odoo_debt_lint.judging.court import Court, Judged
from odoo_debt_lint.judging.kept import WHOLE
from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.registry import all_rules
from odoo_debt_lint.rule import OnAddon, Rule

SHOP = """from odoo import api, fields, models


class Order(models.Model):
    _name = "shop.order"

    name = fields.Char()
    total = fields.Float(compute="_compute_total")

    @api.depends("name")
    def _compute_total(self):
        for order in self:
            order.total = len(order.name)

    def action_done(self, force=False):
        return self.env.ref("base.no_such_record")
"""
MORE = """from odoo import models


class Order(models.Model):
    _inherit = "shop.order"

    def action_done(self, force=False):
        return True
"""
VIEW = """<odoo>
    <record id="form" model="ir.ui.view">
        <field name="model">shop.order</field>
        <field name="arch" type="xml">
            <form><field name="name"/><field name="size"/></form>
        </field>
    </record>
</odoo>
"""
OTHER = """from odoo import models


class Box(models.Model):
    _name = "other.box"

    def action_open(self):
        return self.env.ref("base.main_company")
"""


def addon(root: Path, name: str, files: dict[str, str | bytes], depends: str = "base") -> None:
    """An addon which imports its one module and loads its views."""
    views = [path for path in files if path.endswith(".xml")]
    manifest = f"{{'name': 'A', 'version': '16.0.1.0.0', 'depends': ['{depends}'], 'data': {views}}}"
    modules = [Path(path).stem for path in files if path.endswith(".py")]
    packages = {"__init__.py": "from . import models", "models/__init__.py": f"from . import {modules[0]}"}
    make_addon(root, name, {"__manifest__.py": manifest, **packages, **files})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    addon(tmp_path, "shop", {"models/order.py": SHOP, "views/order.xml": VIEW})
    addon(tmp_path, "shop_more", {"models/order.py": MORE}, "shop")
    addon(tmp_path, "other", {"models/box.py": OTHER})
    return tmp_path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """(rule, addon) of all that was judged anew."""
    seen: set[tuple[str, str]] = set()
    real = Court._run

    def spying(self: Court, number: int, scope: Scope, judged: Judged) -> None:
        if number:
            seen.add((self.listeners[number - 1][0].name, scope.addon.name))
        real(self, number, scope, judged)

    monkeypatch.setattr(Court, "_run", spying)
    return seen


def again(root: Path, asked: set[tuple[str, str]]) -> list[str]:
    """What a run says that may use what was kept, which is what one says that keeps nothing."""
    asked.clear()
    found = lint(root, "-f", "json", "--select", "all")
    judged = set(asked)
    assert (
        found.data["findings"] == lint(root, "-f", "json", "--select", "all", "--no-cache").data["findings"]
    )
    asked.clear()
    asked.update(judged)
    return found.found


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_changed_body(root: Path, asked: set[tuple[str, str]]) -> None:
    """What depends on the addon is judged again by rules that look into bodies, and views by nobody."""
    again(root, asked)
    assert {addon for _, addon in asked} == {"shop", "shop_more", "other"}
    replace(root / "shop/models/order.py", "return self.env", "# not yet\n        return self.env")
    found = again(root, asked)
    assert {"shop/models/order.py:17 env-ref-unknown", "shop/views/order.xml:5 view-unknown-field"} <= set(
        found
    )
    addons = {
        name: {addon for rule, addon in asked if rule == name}
        for name in ("view-unknown-field", "override-missing-super", "duplicated-code")
    }
    assert addons == {
        "view-unknown-field": set(),
        "override-missing-super": {"shop", "shop_more"},
        "duplicated-code": {"shop", "shop_more", "other"},
    }


def test_a_changed_view(root: Path, asked: set[tuple[str, str]]) -> None:
    """What depends on the addon is judged again by rules on views, by rules on Python nothing is."""
    again(root, asked)
    replace(root / "shop/views/order.xml", "<form>", "<form string='Order'>")
    again(root, asked)
    addons = {
        name: {addon for rule, addon in asked if rule == name}
        for name in ("view-unknown-field", "view-node-replaced", "duplicated-code")
    }
    assert addons == {
        "view-unknown-field": {"shop", "shop_more"},
        "view-node-replaced": {"shop", "shop_more", "other"},
        "duplicated-code": set(),
    }


@pytest.mark.parametrize(
    ("path", "old", "new", "found"),
    [
        (
            "shop/models/order.py",
            "    name = ",
            "    size = fields.Char()\n    name = ",
            "-view-unknown-field",
        ),
        ("shop/models/order.py", "def action_done", "def action_over", "-override-missing-super"),
        ("shop/models/order.py", "force=False", "force, when", "+override-signature-mismatch"),
        ("shop/models/order.py", '"shop.order"', '"shop.sale"', "+unknown-inherit"),
        ("shop_more/__manifest__.py", "'shop'", "'other'", "+reference-to-undeclared-dependency"),
        ("shop/views/order.xml", "size", "total", "-view-unknown-field"),
    ],
)
def test_a_changed_interface(
    root: Path, asked: set[tuple[str, str]], path: str, old: str, new: str, found: str
) -> None:
    names = {line.rpartition(" ")[2] for line in again(root, asked)}
    assert (found[1:] in names) is found.startswith("-")
    replace(root / path, old, new)
    names = {line.rpartition(" ")[2] for line in again(root, asked)}
    assert (found[1:] in names) is found.startswith("+")
    name = "view-unknown-field" if path.endswith(".py") else "view-node-replaced"
    assert (name, "other") in asked, "an interface counts everywhere, and so does a manifest"


def test_a_rule_that_crashes_is_asked_again(
    root: Path, asked: set[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = court._found

    def broken(rule: Rule, check: object, scope: Scope) -> Iterable[Finding]:
        if rule.name == "view-unknown-field":
            raise ZeroDivisionError
        return real(rule, check, scope)

    monkeypatch.setattr(court, "_found", broken)
    lint(root, "--select", "all")
    monkeypatch.undo()
    found = lint(root, "-f", "json", "--select", "all").found
    assert "shop/views/order.xml:5 view-unknown-field" in found


def test_other_rules_and_settings(root: Path) -> None:
    """What was kept is for the same rules and limits."""
    lint(root)
    replace(root / "other/models/box.py", "return", "# soon\n        return")
    assert lint(root, "-f", "json", "--select", "view-unknown-field").found == [
        "shop/views/order.xml:5 view-unknown-field"
    ]
    replace(root / "other/models/box.py", "# soon\n", "# later\n")
    limited = lint(root, "-f", "json", "--select", "all", "--series", "17.0")
    assert (
        limited.found == lint(root, "-f", "json", "--select", "all", "--series", "17.0", "--no-cache").found
    )


def test_a_run_over_a_part_between_two_over_the_whole(root: Path, asked: set[tuple[str, str]]) -> None:
    again(root, asked)
    lint(root / "other", "--select", "all")
    replace(root / "shop/models/order.py", "return self.env", "# not yet\n        return self.env")
    again(root, asked)
    assert ("override-missing-super", "other") not in asked


def test_broken_and_foreign_packs(root: Path) -> None:
    first = lint(root, "-f", "json").data["findings"]
    for pack in (root / FOLDER).glob("*.pack"):
        pack.write_bytes(pack.read_bytes()[:-1] + b"\0")
    replace(root / "other/models/box.py", "return", "return  ")
    assert lint(root, "-f", "json").data["findings"] == first


def facts_stamp(text: str) -> str:
    return stamp(PythonFile("a/models/a.py", text).facts)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("from odoo", "# made by us\n\nfrom odoo"),
        ("len(order.name)", "order.search_count([])"),
        ("        for order", '        """The length."""\n        for order'),
        ("return self.env", "return self.env.cr.execute('x') or self.env"),
    ],
)
def test_what_is_no_interface(old: str, new: str) -> None:
    assert old in SHOP
    assert facts_stamp(SHOP.replace(old, new)) == facts_stamp(SHOP)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("from odoo", "import os\nfrom odoo"),
        ("Char()", "Text()"),
        ("Char()", "Char(index=True)"),
        ("total =", "amount ="),
        ("force=False", "force"),
        ("force=False", "force=False, **kwargs"),
        ('depends("name")', 'depends("name.x")'),
        ("models.Model", "models.AbstractModel"),
        ('_name = "shop.order"', '_name = "shop.order"\n    _inherit = ["mail.thread"]'),
        ('_name = "shop.order"', '_name = "shop.order"\n    _rec_name = "total"'),
        ("def action_done", "def _done"),
    ],
)
def test_what_is_interface(old: str, new: str) -> None:
    assert old in SHOP
    assert facts_stamp(SHOP.replace(old, new, 1)) != facts_stamp(SHOP)


def without(addon: AddonFacts, bodies: bool, data: bool) -> AddonFacts:
    """An addon of whose Python files nothing is known but their interface, or nothing of its data files."""
    files = [_without(result, bodies, data) for result in addon.files]
    known = AddonFacts(addon.name, addon.path, addon.series, addon.manifest, files, names=addon.names)
    known.fill()
    return known


def _without(result: FileResult, bodies: bool, data: bool) -> FileResult:
    if result.path.endswith(".py"):
        python = interface(result.python) if result.python is not None else None
        bare = msgspec.structs.replace(result, python=python, flows=None, marks=(), lines=0, loc=0)
        return bare if bodies else result
    bare = msgspec.structs.replace(result, data=None, marks=())
    return bare if data and result.role != "static" else result


MODEST = [
    rule
    for rule in all_rules().values()
    if rule.sight != WHOLE and any(isinstance(item, OnAddon) for item in rule.listeners)
]
CASES: dict[str, list[Case]] = {}
for _case in all_cases():
    CASES.setdefault(_case.rule, []).append(_case)


@pytest.mark.parametrize("rule", MODEST, ids=lambda rule: rule.name)
def test_rules_look_at_what_they_say(rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule says the same of an addon where nothing is there at which it says that it does not look."""
    compared = 0

    def judged(whole: Court, processes: int) -> Judged:
        nonlocal compared
        rules = [item for item, _ in whole.listeners]
        for number, addon in enumerate(whole.addons):
            there = Court(Index(seen(whole, rule, addon), whole.index.cores, whole.index.settings), rules)
            for task in whole.tasks():
                if task.addon == number:
                    said, expected = there.part(task), whole.part(task)
                    assert said.problems == []
                    assert _of(rule, said) == _of(rule, expected), addon.name
                    compared += len(_of(rule, expected))
        return Judged([], [])

    monkeypatch.setattr(stage, "judged_by", judged)
    for number, case in enumerate(CASES[rule.name]):
        folder = tmp_path / str(number)
        folder.mkdir()
        if not (case.crash or case.is_newer):
            case.write(folder)
            case.run(folder)
    assert compared


def seen(whole: Court, rule: Rule, addon: AddonFacts) -> list[AddonFacts]:
    """All addons, with what a rule says that it looks at when it judges one of them."""
    near = {*whole.index.closure_of(addon)[0]}
    found = []
    for other in whole.addons:
        is_near = other.name in near or other is addon
        unseen = [reach == "none" or (reach == "closure" and not is_near) for reach in rule.sight]
        found.append(without(other, *unseen))
    return found


def _of(rule: Rule, judged: Judged) -> list[Finding]:
    return [finding for finding in judged.findings if finding.rule == rule.name]
