from odoo import http


class Main(http.Controller):
    # ruleid: odoo-route-csrf-disabled
    @http.route("/save", auth="user", csrf=False)
    def save(self, **post):
        return "saved"

    # ok: odoo-route-csrf-disabled
    @http.route("/json", type="json", auth="user", csrf=False)
    def json(self, **post):
        return {}

    # ok: odoo-route-csrf-disabled
    @http.route("/safe", auth="user")
    def safe(self, **post):
        return "safe"
