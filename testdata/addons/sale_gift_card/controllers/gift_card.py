import json

import requests

from odoo import http
from odoo.http import request
from odoo.addons.website_sale.controllers.main import WebsiteSale


class GiftCardController(http.Controller):
    @http.route("/gift_card/balance", type="http", auth="public", website=True)
    def balance(self, code=None, **kw):
        request.env.cr.execute(
            "SELECT id, balance FROM gift_card WHERE code = '%s'" % code
        )
        row = request.env.cr.fetchone()
        return json.dumps({"balance": row and row[1] or 0})

    @http.route("/gift_card/redeem", type="http", auth="public", methods=["POST"], csrf=False)
    def redeem(self, card_id, order_id, **post):
        card = request.env["gift.card"].sudo().browse(int(card_id))
        order = request.env["sale.order"].sudo().browse(int(order_id))
        order.write({"gift_card_id": card.id})
        card.write({"state": "used"})
        return request.redirect("/shop/cart")

    @http.route("/gift_card/notify", type="json", auth="user")
    def notify(self, url):
        return requests.post(url, json={"event": "gift_card"}, verify=False).status_code


class Shop(WebsiteSale):
    @http.route()
    def cart(self, **post):
        response = super().cart(**post)
        response.qcontext["gift_cards"] = request.env["gift.card"].search([("state", "=", "open")])
        return response
