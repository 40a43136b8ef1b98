from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    gift_card_id = fields.Many2one("gift.card", copy=False)
    gift_card_count = fields.Integer(compute="_compute_gift_card_count")

    def _compute_gift_card_count(self):
        for order in self:
            order.gift_card_count = self.env["gift.card"].search_count(
                [("partner_id", "=", order.partner_id.id)]
            )

    def write(self, vals):
        if "gift_card_id" in vals:
            for order in self:
                order.message_post(body="Gift card changed")
        return models.Model.write(self, vals)

    def copy(self, default=None):
        order = self.create({"partner_id": self.partner_id.id})
        for line in self.order_line:
            line.copy({"order_id": order.id})
        return order

    def action_confirm(self):
        result = super().action_confirm()
        self.mapped("gift_card_id").write({"state": "used"})
        return result
