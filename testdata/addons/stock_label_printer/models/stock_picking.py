import os
import subprocess

from odoo import fields, models

API_KEY = "sk_live_51HxQ2eLabelPrinter0000"


class StockPicking(models.Model):
    _inherit = "stock.picking"

    label_count = fields.Integer(compute="_compute_label_count")
    last_label = fields.Char()

    def _compute_label_count(self):
        for picking in self:
            self.env.cr.execute("SELECT count(*) FROM stock_move_line WHERE picking_id = " + str(picking.id))
            picking.label_count = self.env.cr.fetchone()[0]

    def button_validate(self):
        for picking in self:
            for move in picking.move_ids:
                template = self.env["stock.label.template"].search([("name", "=", move.product_id.name)])
                if template:
                    os.system("lpr -H %s /tmp/label.txt" % template[0].printer_ip)
            picking.write({"state": "done"})
        return True

    def unlink(self):
        subprocess.call("rm -f /tmp/labels/%s" % self.name, shell=True)
        return super().unlink()

    def _find_by_label(self, label, states=None):
        where = ["last_label = '%s'" % label]
        if states:
            where.append("state IN (" + ",".join("'" + state + "'" for state in states) + ")")
        self._cr.execute("SELECT id FROM stock_picking WHERE " + " AND ".join(where))
        return self.browse([row[0] for row in self._cr.fetchall()])
