from odoo import api, fields, models


class PartnerTier(models.Model):
    _name = "partner.tier"
    _description = "Partner Tier"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    partner_ids = fields.One2many("res.partner", "tier_id")
    partner_count = fields.Integer(compute="_compute_partner_count")

    @api.depends("partner_ids")
    def _compute_partner_count(self):
        for tier in self:
            tier.partner_count = len(tier.partner_ids)

    def write(self, vals):
        result = super().write(vals)
        if "sequence" in vals:
            self.partner_ids.invalidate_recordset(["tier_sequence"])
        return result
