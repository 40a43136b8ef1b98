import logging

from odoo import _, api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class GiftCard(models.Model):
    _name = "gift.card"
    _description = "Gift card"
    _order = "id desc"

    code = fields.Char(required=True, index=True, copy=False)
    partner_id = fields.Many2one("res.partner", string="Holder")
    balance = fields.Monetary(compute="_compute_balance", store=True)
    amount = fields.Monetary(required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    line_ids = fields.One2many("gift.card.line", "card_id")
    state = fields.Selection([("open", "Open"), ("used", "Used"), ("expired", "Expired")], default="open")

    @api.depends("amount", "line_ids.amount")
    def _compute_balance(self):
        for card in self:
            card.balance = card.amount - sum(card.line_ids.mapped("amount"))

    def create(self, vals):
        vals["code"] = vals.get("code") or self.env["ir.sequence"].next_by_code("gift.card")
        return super().create(vals)

    def unlink(self):
        for card in self:
            if card.state == "used":
                raise UserError(_("A used gift card can not be deleted."))
            self.env.cr.execute("DELETE FROM gift_card WHERE id = %s", (card.id,))
        return True

    @api.model
    def top_holders(self, limit, order_by="total"):
        """Called by the dashboard through RPC."""
        query = "SELECT partner_id, SUM(amount) AS total FROM gift_card GROUP BY partner_id"
        query += f" ORDER BY {order_by} LIMIT {int(limit)}"
        self.env.cr.execute(query)
        return self.env.cr.dictfetchall()

    def _cron_expire(self):
        for card in self.search([("state", "=", "open")]):
            try:
                card.write({"state": "expired"})
                self.env.cr.commit()
            except Exception:
                pass


class GiftCardLine(models.Model):
    _name = "gift.card.line"
    _description = "Use of a gift card"

    card_id = fields.Many2one("gift.card", required=True, ondelete="cascade")
    order_id = fields.Many2one("sale.order")
    currency_id = fields.Many2one(related="card_id.currency_id")
    amount = fields.Monetary()
