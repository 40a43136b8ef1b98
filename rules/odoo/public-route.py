from odoo import http


class Main(http.Controller):
    # ruleid: odoo-public-route
    @http.route("/shop", auth="public")
    def shop(self):
        return "shop"

    # ruleid: odoo-public-route
    @http.route(["/ping"], type="json", auth="none")
    def ping(self):
        return "pong"

    # ok: odoo-public-route
    @http.route("/account", auth="user")
    def account(self):
        return "account"
