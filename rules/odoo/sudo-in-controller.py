from odoo import SUPERUSER_ID, http
from odoo.http import request


class Main(http.Controller):
    @http.route("/list", auth="public")
    def list(self):
        # ruleid: odoo-sudo-in-controller
        orders = request.env["sale.order"].sudo().search([])
        # ruleid: odoo-sudo-in-controller
        orders |= request.env["sale.order"].with_user(SUPERUSER_ID).search([])
        # ok: odoo-sudo-in-controller
        orders |= request.env["sale.order"].sudo(False).search([])
        return str(orders)


class Order:
    def total(self):
        # ok: odoo-sudo-in-controller
        return self.sudo().amount
