"""Porting: which addon comes when, what keeps it, and how the work is split."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from odoo_debt_lint.cli.program import cli
from odoo_debt_lint.migration.porting import Porting
from odoo_debt_lint.report.json import document
from odoo_debt_lint.run import run
from odoo_debt_lint.settings import Settings

MODEL = """from odoo import models


class Partner(models.Model):
    _inherit = "res.partner"
"""


def addon(root: Path, name: str, depends: list[str], body: str = "", version: str = "16.0.1.0.0") -> None:
    place = root / name
    place.mkdir()
    (place / "__manifest__.py").write_text(
        repr({"name": name, "version": version, "license": "LGPL-3", "author": "Us", "depends": depends})
    )
    (place / "__init__.py").write_text("from . import model\n")
    (place / "model.py").write_text(MODEL + body)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def porting(root: Path, to: str, start: str = "") -> Porting:
    report = run([str(root)], Settings(to=to, from_series=start, cache=False, jobs=1, select=("migration",)))
    assert report.porting is not None
    assert report.readiness is not None
    return report.porting


def test_what_others_need_comes_first(root: Path) -> None:
    addon(root, "a_shop", ["z_base", "sale"])
    addon(root, "m_desk", ["a_shop"])
    addon(root, "z_base", ["base"])
    found = porting(root, "18.0")
    assert [(item.name, item.level, item.after) for item in found.addons] == [
        ("z_base", 0, ()),
        ("a_shop", 1, ("z_base",)),
        ("m_desk", 2, ("a_shop",)),
    ]
    assert {item.state for item in found.addons} == {"ready"}


def test_a_cycle_has_an_order_too(root: Path) -> None:
    addon(root, "one", ["two"])
    addon(root, "two", ["one"])
    assert {item.level for item in porting(root, "18.0").addons} == {0, 1}


def test_work_is_split_by_series_and_by_how_it_is_done(root: Path) -> None:
    body = (
        "\n    def names(self):\n        self.clear_caches()\n        return self._cr\n"
        "\n    def name_get(self):\n        return super().name_get()\n"
    )
    addon(root, "shop", ["base"], body)
    (item,) = porting(root, "19.0").addons
    assert item.state == "needs-work"
    assert set(item.steps) >= {"17.0", "18.0", "19.0"}
    assert item.steps["17.0"].automatic > 0
    assert item.steps["18.0"].manual > 0
    assert item.steps["19.0"].automatic > 0
    assert item.work.total == sum(step.total for step in item.steps.values())


def test_an_addon_that_went_blocks_what_builds_on_it(root: Path) -> None:
    addon(root, "shop", ["sale"])
    addon(root, "old", ["note"])
    addon(root, "desk", ["old"])
    found = {item.name: item for item in porting(root, "17.0").addons}
    assert found["shop"].state == "ready"
    replaced = [item.name for item in found["old"].replaced]
    assert replaced == ["note"] or found["old"].state == "blocked"
    assert found["old"].state != "ready"


def test_what_is_nowhere_is_named_and_blocks_nothing(root: Path) -> None:
    addon(root, "shop", ["somebody_elses_addon"])
    (item,) = porting(root, "17.0").addons
    assert item.unknown == ("somebody_elses_addon",)
    assert item.state == "ready"


def test_addons_of_the_target_are_done(root: Path) -> None:
    addon(root, "shop", ["base"], version="18.0.1.0.0")
    assert porting(root, "18.0").addons == ()


def test_without_a_target_there_is_none(root: Path) -> None:
    addon(root, "shop", ["base"])
    report = run([str(root)], Settings(cache=False, jobs=1))
    assert report.porting is None
    assert document(report)["migration"] is None


def test_text_and_json_tell_the_same(root: Path) -> None:
    addon(root, "shop", ["base"], "\n    def name_get(self):\n        return super().name_get()\n")
    args = [str(root), "--to", "18.0", "--no-cache", "-q", "--isolated", "--exit-zero"]
    data = json.loads(CliRunner().invoke(cli, [*args, "-f", "json"]).stdout)["migration"]
    assert (data["to"], data["ready"], data["needsWork"], data["blocked"]) == ("18.0", 0, 1, 0)
    text = CliRunner().invoke(cli, args).stdout
    assert "Migration to 18.0" in text
    assert "migration to 18.0: 0 ready, 1 needs-work, 0 blocked" in " ".join(text.split())
