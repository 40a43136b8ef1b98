"""Messages that name the addon which has what a model lacks: one of the set, or one of Odoo's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from odoo_debt_lint import run as pipeline
from odoo_debt_lint.settings import Settings

RULES = ("view-unknown-field", "view-unknown-method", "depends-unknown-field")
BATCH = "; it belongs to stock_picking_batch, not among the dependencies"
VIEW = """<odoo>
    <record id="picking_form" model="ir.ui.view">
        <field name="model">stock.picking</field>
        <field name="arch" type="xml">
            <form>{content}</form>
        </field>
    </record>
</odoo>
"""


def write(folder: Path, name: str, depends: str, files: dict[str, str]) -> None:
    data = [path for path in files if path.endswith(".xml")]
    manifest = {
        "name": name,
        "version": "17.0.1.0.0",
        "license": "LGPL-3",
        "depends": [depends],
        "data": data,
    }
    for path, text in {"__manifest__.py": repr(manifest), "__init__.py": "", **files}.items():
        (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / name / path).write_text(text)


def messages(folder: Path) -> list[str]:
    report = pipeline.run([str(folder)], Settings(cache=False, jobs=1, select=RULES))
    return [finding.message for finding in report.findings]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            '<field name="batch_id"/>',
            f"stock.picking has no field batch_id{BATCH}",
        ),
        (
            '<button type="object" name="action_add_operations"/>',
            f"stock.picking has no method action_add_operations(){BATCH}",
        ),
        ('<field name="nobody_has_this"/>', "stock.picking has no field nobody_has_this"),
        (
            '<field name="quay_id"/>',
            "stock.picking has no field quay_id; it belongs to berth, pier, quay and 1 more, not among the "
            "dependencies",
        ),
    ],
)
def test_addon_is_named(tmp_path: Path, content: str, message: str) -> None:
    field = (
        "from odoo import fields, models\n\n\nclass Picking(models.Model):\n"
        '    _inherit = "stock.picking"\n\n    quay_id = fields.Char()\n'
    )
    for name in ("quay", "pier", "berth", "wharf"):
        write(tmp_path, name, "stock", {"models.py": field, "__init__.py": "from . import models\n"})
    write(tmp_path, "shop", "stock", {"views/picking.xml": VIEW.format(content=content)})
    assert messages(tmp_path) == [message]


def test_addon_of_a_field_on_which_a_method_depends(tmp_path: Path) -> None:
    code = (
        "from odoo import api, fields, models\n\n\nclass Picking(models.Model):\n"
        '    _inherit = "stock.picking"\n\n    late = fields.Boolean(compute="_compute_late")\n\n'
        '    @api.depends("batch_id.state")\n    def _compute_late(self):\n        self.late = False\n'
    )
    write(tmp_path, "shop", "stock", {"models.py": code, "__init__.py": "from . import models\n"})
    assert messages(tmp_path) == [
        f"_compute_late() depends on what does not exist: batch_id of stock.picking{BATCH}"
    ]
