"""The first reader: the lines it counts, and how much it tells of tests."""

from __future__ import annotations

import ast
import textwrap

from odoo_debt_lint.python.module import PythonFile
from odoo_debt_lint.python.skeleton import Outline, Skeleton
from odoo_debt_lint.source import Text

CODE = textwrap.dedent('''\
    """Orders of the shop."""

    from odoo import api, fields, models
    from odoo.tests import tagged


    class SaleOrder(models.Model):
        _inherit = "sale.order"

        state = fields.Selection(
            selection_add=[
                ("waiting", "Waiting"),
                *{
                    "a": 1,
                }.items(),
            ],
            # no code
            default=lambda self, *,
                   none=None: (
                self.env["ir.default"]
            ).get(none),
        )

        @api.depends(
            "order_line",
        )
        def _compute_total(self, *lines, extra=(
            1,
        )):
            """Nothing else.

            In several lines.
            """
            for order in self:
                order.total = sum(
                    line.price
                    for line in order.order_line
                    if line.product_id
                    and not line.display_type
                )
                text = """
                of several lines
                """
                values = {
                    **order.read()[
                        0
                    ],
                    "x": (
                        order
                    ).name,
                }
            with self.env.cr.savepoint(), tagged(
                "x"
            ) as one:
                return one or values
    ''')


def counted(source: str) -> set[int]:
    """The lines that Odoo's own counter takes for code: those on which a node of the tree begins."""
    places = (getattr(node, "lineno", None) for node in ast.walk(ast.parse(source)))
    return {line for line in places if line is not None}


def test_lines_are_those_of_nodes() -> None:
    for reader in (Skeleton, Outline):
        assert reader(Text(CODE), ast.parse(CODE)).lines == counted(CODE)


def test_outline_has_what_is_asked_of_tests() -> None:
    code = PythonFile("shop/models/sale.py", CODE, role="code").facts
    test = PythonFile("shop/tests/sale.py", CODE, role="test").facts
    assert test.imports == code.imports
    assert [(item.model, item.fields) for item in test.classes] == [
        (item.model, item.fields) for item in code.classes
    ]
    assert [method.name for method in test.classes[0].methods] == ["_compute_total"]
    assert [call.literal for call in code.calls] == ["ir.default"]
    assert test.calls == ()
